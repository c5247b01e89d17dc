"""A plausible change of any column of any row is a fault, but for the few columns that nothing can check."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.conftest import LONG
from tests.inspectorate import Inspectorate
from tests.security.administrator import administered
from tests.services.verify.checking import faults
from tests.services.verify.tables import everything, live, put_back, same
from whistle.store.tables import metadata

__all__ = ["live"]  # for the fixture `lived`

FREE = {
    "case.lookup_hash": "only the receipt knows it",
    "leaf.id": "random",
    "leaf.leaf": "only the receipt knows its blinding",
    "grant.sealed": "opens for its own reader only",
    "identity.commitment": "opens for its custodian only",
    "counter.value": "one more was given and its act undone",
    "officer.vault": "opens with the officer's password only",
    "officer.private": "opens with the officer's password only",
    "officer.totp": "opens with the officer's password only",
    "officer.root": "opens with the officer's password only",
    "officer.totp_step": "counts sign-ins",
    "officer.status": "set by hand, and signed in the audit log",
    "session.id": "only the cookie knows it",
    "session.locked": "opens with the cookie only",
    "session.created": "any time",
    "session.seen": "any time",
    "session.expires": "any time within the limit",
    "throttle.name_hash": "only who types the name knows it",
    "throttle.failures": "counts tries",
    "throttle.until": "counts seconds",
    "setting.name": "marks of programs",
    "setting.value": "marks of programs",
}
"""What no check can tell from another right value, and why."""

FILLED = ("audit", "case", "counter", "entry", "epoch", "grant", "identity", "leaf", "manifest", "officer", "reporter")
BESIDE = ("manifest_names", "session", "summary")


@pytest.mark.parametrize("table", [*FILLED, *BESIDE])
def test_a_plausible_change_of_any_column_is_a_fault(table: str, lived: Inspectorate) -> None:
    rows = administered_rows(lived, table)
    for column in metadata.tables[table].columns:
        if f"{table}.{column.name}" in FREE:
            continue
        for row in rows[: 2 if LONG else 1]:
            seen = changed_and_seen(lived, table, row, column.name)
            assert seen, f"nobody sees that {table}.{column.name} was changed"


def administered_rows(office: Inspectorate, table: str) -> list[dict[str, Any]]:
    with administered(office.ctx.settings.database_url) as admin:
        return everything(admin, table)


def changed_and_seen(office: Inspectorate, table: str, row: dict[str, Any], column: str) -> bool:
    """Whether the change is a fault for somebody; a change that the database's own keys refuse cannot be made."""
    with administered(office.ctx.settings.database_url) as admin, put_back(admin, table):
        values = {**row, "_new": changed(row[column], column)}
        try:
            admin.execute(f'UPDATE "{table}" SET "{column}" = :_new WHERE {same(table)}', values)
        except DBAPIError:
            return True
        # While triggers and checks are out of the way, their absence is a fault too, and not the one that is meant.
        return any(
            not fault.code.startswith("trigger") and fault.code != "table-changed"
            for login in (None, "rahma", "prov1")
            for fault in faults(office, login)
        )


def changed(value: Any, column: str) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, bytes | memoryview):
        return bytes(value)[:-1] + bytes([value[-1] ^ 1]) if len(value) else b"x"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=1)
    if column == "log":
        return "inner" if value == "outer" else "outer"
    others = {"form": "vault", "state": "waiting", "status": "suspended"}
    return others.get(column, "2026-11-30" if column.endswith("day") else f"{value or ''}x")
