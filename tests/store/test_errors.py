import sqlite3
from types import SimpleNamespace

import pytest
from sqlalchemy import exc

from whistle.store.errors import AppendOnly, Conflict, Duplicate, StoreUnavailable, translate


class OperationalError(Exception):
    """As psycopg raises it: with an SQLSTATE, or with none when there is no server."""

    def __init__(self, sqlstate: str | None, **diag: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate
        self.diag = SimpleNamespace(**diag)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (None, StoreUnavailable),  # no connection
        ("08006", StoreUnavailable),  # connection failure
        ("53100", StoreUnavailable),  # disk full
        ("53300", StoreUnavailable),  # too many connections
        ("57P01", StoreUnavailable),  # the server is shutting down
        ("57014", StoreUnavailable),  # statement timeout
        ("55P03", StoreUnavailable),  # lock timeout
        ("25P03", StoreUnavailable),  # idle in transaction for too long
        ("25006", StoreUnavailable),  # a server that takes no writes
        ("28P01", StoreUnavailable),  # another password
        ("XX001", StoreUnavailable),  # damage
        ("23503", Conflict),  # foreign key
        ("23514", Conflict),  # check
        ("40001", StoreUnavailable),  # serialization
        ("40P01", StoreUnavailable),  # deadlock
    ],
)
def test_postgresqls_states_have_our_names(state: str | None, kind: type) -> None:
    assert type(translate(OperationalError(state))) is kind


def test_postgresql_names_the_key_that_is_taken() -> None:
    taken = translate(OperationalError("23505", table_name="entry", constraint_name="uq_entry_case_chain_place"))
    assert isinstance(taken, Duplicate)
    assert (taken.table, taken.columns) == ("entry", ("case", "chain", "place"))
    taken = translate(OperationalError("23505", table_name="case", constraint_name="pk_case"))
    assert isinstance(taken, Duplicate)
    assert taken.columns == ("id",)


def test_postgresqls_trigger_is_a_refusal() -> None:
    assert isinstance(translate(OperationalError("PL001", message_primary="append only: entry")), AppendOnly)


def test_a_mistake_in_the_program_keeps_its_name() -> None:
    assert translate(OperationalError("42601")) is None  # syntax error
    assert translate(sqlite3.OperationalError("no such table: nothing")) is None
    assert translate(ValueError()) is None


def test_an_error_of_ours_stays_itself() -> None:
    ours = StoreUnavailable("so it is")
    assert translate(ours) is ours
    assert isinstance(translate(exc.TimeoutError()), StoreUnavailable)
