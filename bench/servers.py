"""The real server as `make run` starts it, over a fresh inspectorate on each database, with real vaults."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from bench import load, phones
from config import Settings
from tests import databases, inspectorate
from tests.server import Server
from whistle.domain.clock import SystemClock
from whistle.services import demo, setup
from whistle.services.context import Context, Trust
from whistle.store.database import Store, make_engine, migrate

WARMING = 4  # clients


@dataclass(frozen=True)
class Served:
    """A running server, what it serves, and the words for its database."""

    name: str
    server: Server
    ctx: Context
    credentials: Mapping[str, setup.Credentials]  # by login

    @property
    def cpu(self) -> float:
        """Seconds of CPU that the workers have used; of PostgreSQL's own processes nothing is counted."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(_ticks(pid) for pid in self.server.workers()) / ticks

    def memory(self) -> tuple[float, float]:
        """MiB of the workers and of what starts them: resident together, and with what they share counted once."""
        first = [self.server.process.pid] if self.server.process else []
        sizes = [_memory(pid) for pid in (*first, *self.server.workers())]
        return sum(rss for rss, _ in sizes) / 1024, sum(pss for _, pss in sizes) / 1024


@contextlib.contextmanager
def on_sqlite(folder: Path, **env: str) -> Iterator[Served]:
    """A server over a SQLite file in ``folder``, with more settings."""
    with _served("SQLite", folder / "sqlite", None, **env) as served:
        yield served


@contextlib.contextmanager
def on_both(folder: Path) -> Iterator[tuple[Served, Served]]:
    """Two servers, on SQLite and on a PostgreSQL that writes to disk (fsync on, synchronous_commit on)."""
    with on_sqlite(folder) as first, databases.cluster() as cluster:
        with _served("PostgreSQL", folder / "postgresql", databases.make(cluster, "bench")) as second:
            yield first, second


@contextlib.contextmanager
def _served(name: str, folder: Path, url: str | None, **more: str) -> Iterator[Served]:
    folder.mkdir()
    config = replace(
        inspectorate.settings(folder, url),
        argon2_memory_kib=Settings.argon2_memory_kib,
        argon2_iterations=Settings.argon2_iterations,
        argon2_lanes=Settings.argon2_lanes,
    )
    engine = make_engine(config.database_url)
    migrate(engine)
    ctx = Context(Store(engine), Trust(config.keys_dir), SystemClock(ZoneInfo(config.timezone)), config)
    prepared = setup.prepare(ctx, demo.officers(fixed=True), demo.ROOT_KEEPER)
    env = more | {
        "PELUIT_ARGON2_MEMORY_KIB": str(config.argon2_memory_kib),
        "PELUIT_ARGON2_ITERATIONS": str(config.argon2_iterations),
    }
    server = Server(folder, folder.with_suffix(".log"), database_url=url, **env)
    try:
        server.start()
        # Each worker's first pages take longer: templates are compiled, the manifest is verified.
        load.run(phones.reporter, WARMING, 2.0, server.port)
        yield Served(name, server, ctx, {who.login: who for who in prepared.credentials})
    finally:
        server.stop()
        engine.dispose()


def _ticks(pid: int) -> int:
    """User and system time of a process (man 5 proc, stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _memory(pid: int) -> tuple[int, int]:
    """Kilobytes: resident, and proportional (man 5 proc, smaps_rollup)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return sizes["Rss"], sizes["Pss"]
