"""Somebody with every right on the database, and with the public keys, which everybody has."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, CursorResult, create_engine, inspect, make_url, pool, text

from tests.databases import SUPERUSER
from tests.inspectorate import Inspectorate
from whistle.casefile import birth, canon


class Administrator:
    """A connection past every trigger, check and foreign key, on either database. Each statement is durable at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name

    def execute(self, sql: str, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run SQL whose values stand as ``:name``."""
        return self._connection.execute(text(sql), values or {})

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, in their order."""
        return [column["name"] for column in inspect(self._connection).get_columns(table)]


@contextmanager
def database(office: Inspectorate) -> Iterator[Administrator]:
    """The database in an administrator's hands: no trigger and no check stands in the way, and all are there after."""
    with administered(office.ctx.settings.database_url) as admin:
        yield admin


@contextmanager
def administered(url: str) -> Iterator[Administrator]:
    """As `database`, of an address."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(username=SUPERUSER)
    engine = create_engine(address, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            admin = Administrator(connection)
            disarm = _disarm_sqlite if admin.dialect == "sqlite" else _disarm_postgresql
            put_back = disarm(admin)
            yield admin
            for statement in put_back:
                admin.execute(statement)
    finally:
        engine.dispose()


def _disarm_sqlite(admin: Administrator) -> list[str]:
    admin.execute("PRAGMA busy_timeout = 10000")
    admin.execute("PRAGMA ignore_check_constraints = ON")
    triggers = admin.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in triggers:
        admin.execute(f'DROP TRIGGER "{name}"')
    return [statement for _, statement in triggers]


def _disarm_postgresql(admin: Administrator) -> list[str]:
    admin.execute("SET session_replication_role = replica")  # no trigger and no foreign key
    checks = admin.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'c' AND conrelid > 0 AND connamespace = 'public'::regnamespace"
    ).all()
    for table, name, _ in checks:
        admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {what} NOT VALID" for table, name, what in checks]


def forged_report(office: Inspectorate, monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], object]) -> bytes:
    """A case made with public keys alone, whose first entry is as ``change`` leaves (or returns) its body."""
    real = birth.encode_body

    def encode(*args: Any) -> bytes:
        body = canon.loads(real(*args))
        changed = change(body)
        return changed if isinstance(changed, bytes) else canon.dumps(body)

    with monkeypatch.context() as patch:
        patch.setattr(birth, "encode_body", encode)
        return office.report()[2]
