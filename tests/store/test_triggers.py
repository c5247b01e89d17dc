"""By direct SQL, as somebody would who sits at the database."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Table, text

from tests.store.making import a_case, fill, insert_case, take_in
from whistle.store import tables
from whistle.store.database import AppendOnly, Duplicate, Store
from whistle.store.triggers import GUARDS, Guard, names, present, statements

CHANGEABLE = {"case": {"state", "next_day", "legal_hold"}, "grant": {"form", "sealed"}}
CHANGEABLE["summary"] = {"chain", "epoch", "sealed"}
GUARDED = [guard.table for guard in GUARDS]
FROZEN = [
    (guard.table, column.name)
    for guard in GUARDS
    for column in tables.metadata.tables[guard.table].columns
    if column.name not in CHANGEABLE.get(guard.table, set())
]


@pytest.fixture
def raw(file: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """A connection without any of our settings, to a database with a row in every guarded table."""
    with store.write() as tx:
        fill(tx)
    with closing(sqlite3.connect(file)) as connection:
        yield connection


def everything(connection: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    tables_ = sorted(tables.metadata.tables)
    return [sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in tables_]  # noqa: S608


@pytest.mark.parametrize(("table", "column"), FROZEN)
def test_no_column_that_is_fixed_can_be_changed(raw: sqlite3.Connection, table: str, column: str) -> None:
    before = everything(raw)
    for value in ("NULL", "zeroblob(32)", "7"):
        with pytest.raises(sqlite3.IntegrityError, match=f"append only: {table}|datatype mismatch"):
            raw.execute(f'UPDATE "{table}" SET "{column}" = {value}')  # noqa: S608
        with pytest.raises(sqlite3.IntegrityError, match=f"append only: {table}|datatype mismatch"):
            raw.execute(f'UPDATE OR REPLACE "{table}" SET "{column}" = {value}')  # noqa: S608
    assert everything(raw) == before


@pytest.mark.parametrize("table", ["reporter", "entry", "grant", "summary", "identity"])
def test_no_slot_can_be_changed_under_sqlites_own_name_for_it(raw: sqlite3.Connection, table: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"append only: {table}"):
        raw.execute(f'UPDATE "{table}" SET rowid = 7 WHERE slot = (SELECT min(slot) FROM "{table}")')  # noqa: S608


@pytest.mark.parametrize("table", GUARDED)
def test_no_row_can_be_removed(raw: sqlite3.Connection, table: str) -> None:
    before = everything(raw)
    with pytest.raises(sqlite3.IntegrityError, match=f"append only: {table}"):
        raw.execute(f'DELETE FROM "{table}"')  # noqa: S608
    assert everything(raw) == before


@pytest.mark.parametrize("table", [table for table in GUARDED if table != "summary"])
def test_no_row_can_be_replaced_by_an_insert(raw: sqlite3.Connection, table: str) -> None:
    # Given a copy of a row with another value in its last column
    columns = [column.name for column in tables.metadata.tables[table].columns]
    row = list(raw.execute(f'SELECT * FROM "{table}" LIMIT 1').fetchone())  # noqa: S608
    row[-1] = os.urandom(32)
    marks = ", ".join("?" * len(columns))
    before = everything(raw)
    # When it is put in its place, then that is refused, with recursive triggers off and on
    for recursive in ("OFF", "ON"):
        raw.execute(f"PRAGMA recursive_triggers = {recursive}")
        for way in ("INSERT OR REPLACE", "REPLACE"):
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute(f'{way} INTO "{table}" VALUES ({marks})', row)  # noqa: S608
    assert everything(raw) == before


@pytest.mark.parametrize("key", ["lookup_hash", "place", "reader", "leaf"])
def test_no_row_can_be_replaced_by_way_of_a_second_key(raw: sqlite3.Connection, key: str) -> None:
    """A row under a new primary key that takes another's unique key would remove that other."""
    table, fresh = {
        "lookup_hash": ("case", {"id": os.urandom(16), "slot": 7}),
        "place": ("entry", {"slot": 7, "id": os.urandom(16)}),
        "reader": ("grant", {"slot": 7}),
        "leaf": ("leaf", {"id": os.urandom(16)}),
    }[key]
    columns = [column.name for column in tables.metadata.tables[table].columns]
    row = dict(zip(columns, raw.execute(f'SELECT * FROM "{table}" LIMIT 1').fetchone(), strict=True))  # noqa: S608
    marks = ", ".join("?" * len(columns))
    before = everything(raw)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute(f'INSERT OR REPLACE INTO "{table}" VALUES ({marks})', list({**row, **fresh}.values()))  # noqa: S608
    assert everything(raw) == before


def test_what_may_change_changes(raw: sqlite3.Connection) -> None:
    for table, columns in CHANGEABLE.items():
        for column in columns:
            raw.execute(f'UPDATE "{table}" SET "{column}" = "{column}"')  # noqa: S608


def test_the_store_calls_a_refusal_by_its_name(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
    with pytest.raises(AppendOnly), store.write() as tx:
        tx.execute(text('UPDATE entry SET sealed = sealed WHERE "case" = :case'), {"case": case.id})
    with pytest.raises(Duplicate) as taken, store.write() as tx:
        insert_case(tx, case)
    assert (taken.value.table, taken.value.columns) == ("case", ("id",))


def test_every_guard_has_its_triggers(store: Store) -> None:
    with store.read() as tx:
        assert present(tx) == {name for guard in GUARDS for name in names(tx.dialect.name, guard)}


def test_guards_name_columns_and_keys_that_exist() -> None:
    for guard in GUARDS:
        table = tables.metadata.tables[guard.table]
        named = {*(guard.frozen or ()), *(column for key in guard.keys for column in key)}
        assert named <= set(table.columns.keys())
        if guard.keys:
            assert {frozenset(key) for key in guard.keys} == unique_keys(table)


def unique_keys(table: Table) -> set[frozenset[str]]:
    from sqlalchemy import UniqueConstraint

    keys = {frozenset(table.primary_key.columns.keys())}
    return keys | {frozenset(c.columns.keys()) for c in table.constraints if isinstance(c, UniqueConstraint)}


def test_postgresql_is_told_the_same() -> None:
    made = statements("postgresql", [Guard("entry", (("slot",),)), Guard("grant", (("slot",),), ("slot", "reader"))])
    assert "ERRCODE = 'PL001'" in made[0]
    assert 'BEFORE UPDATE ON "entry"' in made[1]
    assert 'BEFORE DELETE ON "entry"' in made[2]
    assert 'BEFORE TRUNCATE ON "entry"' in made[3]
    assert 'BEFORE UPDATE OF "slot", "reader" ON "grant"' in made[4]
