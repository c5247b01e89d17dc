"""A small real inspectorate for tests: cheap vaults, a clock that stands still until moved."""

import os
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from config import Settings
from tests import compiled
from whistle.crypto import shares, totp
from whistle.crypto.receipt import Receipt, ReceiptKeys, keys_of
from whistle.domain.clock import SetClock
from whistle.domain.complaint import Complaint
from whistle.domain.roles import ROLES
from whistle.services import casework, demo, intake, setup, unlock
from whistle.services.context import Context, Trust
from whistle.services.officer import Officer
from whistle.store import cases
from whistle.store.database import Store, make_engine, migrate

MORNING = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # Monday, ten o'clock in Banjarmasin
STORY = "Saya mengurus KTP dan petugas loket meminta uang lima puluh ribu supaya cepat selesai."


def act() -> bytes:
    """A fresh action id."""
    return os.urandom(16)


def complaint(**answers: object) -> Complaint:
    values = {"happened": "uang", "service": "kependudukan", "office": "DISDUKCAPIL", "story": STORY, "amount": 50_000}
    return Complaint(**{**values, **answers})  # type: ignore[arg-type]


def settings(folder: Path, database_url: str | None = None) -> Settings:
    """``database_url``: a SQLite file in ``folder`` when it is not given."""
    return Settings(
        data_dir=folder,
        keys_dir=folder / "keys",
        secret_key=b"a secret for tests, of 32 bytes and more",
        database_url=database_url or f"sqlite:///{folder / 'peluit.db'}",
        demo=True,
        argon2_memory_kib=8,
        argon2_iterations=1,
        keep_free_mib=0,
    )


@dataclass
class Inspectorate:
    """Officers by login, signed in when asked for."""

    ctx: Context
    clock: SetClock
    credentials: dict[str, setup.Credentials]
    recovery: dict[str, list[shares.Share]]
    _signed_in: dict[str, Officer] = field(default_factory=dict)

    def secret(self, log: str) -> bytes:
        """The recovery secret of a log."""
        return shares.combine(self.recovery[log])

    def officer(self, login: str) -> Officer:
        if login not in self._signed_in:
            who = self.credentials[login]
            code = totp.code(who.totp_secret, int(self.clock.now().timestamp()))
            self._signed_in[login] = unlock.authenticate(self.ctx, login, who.password, code)
        return self._signed_in[login]

    def report(self, **answers: object) -> tuple[Receipt, ReceiptKeys, bytes]:
        """Send a report; its receipt, the reporter's keys and the case id."""
        receipt = intake.fresh_receipt()
        intake.submit(self.ctx, complaint(**answers), receipt)
        keys = self.keys(receipt)
        with self.ctx.store.read() as tx:
            row = cases.case_by_lookup(tx, keys.lookup_hash)
        assert row is not None
        return receipt, keys, row.id

    def keys(self, receipt: Receipt) -> ReceiptKeys:
        with self.ctx.store.read() as tx:
            return keys_of(receipt, self.ctx.directory(tx).installation)

    def triaged(self, login: str = "rahma", **answers: object) -> tuple[Receipt, ReceiptKeys, bytes]:
        """A report that ``login`` declared for and triaged."""
        receipt, keys, case = self.report(**answers)
        casework.declare(self.ctx, self.officer(login), case)
        values = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan", amount_asked=50_000)
        casework.triage(self.ctx, self.officer(login), case, act(), values)
        return receipt, keys, case


def staff() -> list[setup.NewOfficer]:
    """The demonstration's officers, and one more for each role that none of them has: a new role is tried by all."""
    people = demo.officers(fixed=True)
    missing = [role for role in ROLES if role not in {person.role for person in people}]
    return people + [setup.NewOfficer(f"contoh-{role}", f"Contoh {role}", role, "") for role in missing]


@dataclass(frozen=True)
class Prepared:
    """An inspectorate that nobody works in, to be copied. ``database``: its file (SQLite) or its name (PostgreSQL)."""

    folder: Path
    database: str
    office: Inspectorate

    def over(self, database_url: str, folder: Path) -> Inspectorate:
        """The same over a copy of its database, with a data folder of one's own."""
        config = settings(folder, database_url)
        shutil.copytree(self.folder / "keys", config.keys_dir)
        clock = SetClock(self.office.clock.instant)
        ctx = Context(Store(compiled.share(make_engine(database_url))), Trust(config.keys_dir), clock, config)
        old = self.office
        return Inspectorate(ctx, clock, dict(old.credentials), dict(old.recovery), dict(old._signed_in))

    def copy(self, folder: Path) -> Inspectorate:
        """The same in a folder of one's own (SQLite)."""
        folder.mkdir(exist_ok=True)
        shutil.copy(self.database, folder / "peluit.db")
        return self.over(f"sqlite:///{folder / 'peluit.db'}", folder)


def prepare(office: Inspectorate) -> Prepared:
    """An office that is finished with, to be copied."""
    office.ctx.store.engine.dispose()
    config = office.ctx.settings
    database = make_url(config.database_url).database
    assert database is not None
    return Prepared(config.data_dir, database, office)


def build(folder: Path, database_url: str | None = None) -> Inspectorate:
    """Migrate the database when it is new, and prepare the demonstration's officers."""
    config = settings(folder, database_url)
    engine = make_engine(config.database_url)
    migrate(engine)
    clock = SetClock(MORNING)
    ctx = Context(Store(engine), Trust(config.keys_dir), clock, config)
    prepared = setup.prepare(ctx, staff(), demo.ROOT_KEEPER)
    return Inspectorate(ctx, clock, {c.login: c for c in prepared.credentials}, prepared.recovery)
