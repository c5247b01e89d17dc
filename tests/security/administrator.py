"""Somebody with every right on the database, and with the public keys, which everybody has."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tests.inspectorate import Inspectorate
from whistle.casefile import birth, canon


@contextmanager
def database(office: Inspectorate) -> Iterator[sqlite3.Connection]:
    """The file in an administrator's hands: no trigger and no check stands in the way."""
    office.ctx.store.engine.dispose()
    path = office.ctx.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        yield connection


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
