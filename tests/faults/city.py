"""Where faults happen: the real server over a database of its own, its officers, and a look into the store."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests import officer as officers_there
from tests import server
from tests.databases import Cluster
from tests.faults import sound
from tests.officer import Desk
from tests.server import Server
from whistle.crypto import vault
from whistle.crypto.receipt import Receipt, ReceiptKeys, keys_of
from whistle.domain.clock import Clock
from whistle.services.context import Context
from whistle.services.officer import Officer, unlocked
from whistle.services.setup import Credentials
from whistle.store import cases, officers

STORY = "Petugas loket dua meminta uang lima puluh ribu supaya cepat selesai."


@dataclass
class City:
    """``ctx`` looks into the same database from outside the server."""

    folder: Path
    ctx: Context
    credentials: dict[str, Credentials]
    server: Server

    def sit(self, login: str, unix: float | None = None) -> Desk:
        """Seat an officer at the desk."""
        return officers_there.sign_in(self.server.base, self.credentials[login], unix)

    def officer(self, login: str) -> Officer:
        """An officer's keys beside the server, without a sign-in: to read what is stored."""
        return keys_of_officer(self.ctx, self.credentials[login])

    def check(self, stories: Mapping[str, Receipt], unacknowledged: int = 0) -> None:
        """Every receipt opens its report, and nothing in the store is wrong (`tests.faults.sound`)."""
        sound.check(self.ctx, self.officer("inspektur"), stories, unacknowledged)

    def keys(self, receipt: Receipt) -> ReceiptKeys:
        with self.ctx.store.read() as tx:
            return keys_of(receipt, self.ctx.directory(tx).installation)

    def case_of(self, receipt: Receipt) -> bytes:
        """The id of a receipt's case."""
        keys = self.keys(receipt)
        with self.ctx.store.read() as tx:
            row = cases.case_by_lookup(tx, keys.lookup_hash)
        assert row is not None, "a receipt without a report"
        return row.id

    def cases(self) -> int:
        """How many cases there are."""
        with self.ctx.store.read() as tx:
            return len(cases.all_case_ids(tx))


def kill_database(cluster: Cluster) -> None:
    """kill -9 of a PostgreSQL server and all of its processes, as when the machine stops."""
    assert cluster.process is not None
    children = Path(f"/proc/{cluster.process.pid}/task/{cluster.process.pid}/children").read_text().split()
    cluster.process.kill()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)
    cluster.process.wait()


def keys_of_officer(ctx: Context, who: Credentials) -> Officer:
    """An officer with opened keys, as after a sign-in."""
    with ctx.store.read() as tx:
        row, directory = officers.by_login(tx, who.login), ctx.directory(tx)
    assert row is not None
    key = vault.open_vault(vault.VaultRecord.from_bytes(row.vault), who.password)
    found = unlocked(row, directory, key, datetime.now(UTC) + timedelta(hours=1))
    assert found is not None
    return found


@contextmanager
def city(
    folder: Path, database_url: str | None = None, *before: str, entry: str = "wsgi:app", clock: Clock | None = None,
    data: Path | None = None, **env: str,
) -> Iterator[City]:  # fmt: skip
    """Prepare an inspectorate and serve it for the length of a block. ``data``: its data folder when it has one."""
    data = data or folder / "data"
    data.mkdir(exist_ok=True)
    ctx, credentials = server.prepare(data, clock, database_url)
    ctx.store.engine.dispose()
    try:
        with server.serving(
            data, folder / "log", *before, entry=entry, database_url=database_url, **env
        ) as running:
            yield City(data, ctx, credentials, running)
    finally:
        ctx.store.engine.dispose()
