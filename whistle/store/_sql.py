"""Small helpers for the modules that hold the queries."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Insert, Table, false
from sqlalchemy.dialects import postgresql, sqlite

from whistle.store.engine import Tx

_known: dict[type[Any], tuple[str, ...]] = {}


def _names(row: type[Any]) -> tuple[str, ...]:
    if row not in _known:
        _known[row] = tuple(field.name for field in fields(row))
    return _known[row]


def values(row: Any) -> dict[str, Any]:
    """A row's columns and values."""
    return {name: getattr(row, name) for name in _names(type(row))}


def columns(table: Table, row: type) -> list[ColumnElement[Any]]:
    """The columns of ``table`` in the order of the dataclass ``row``."""
    return [table.c[name] for name in _names(row)]


def insert(tx: Tx, table: Table, rows: Iterable[Any], slot: Callable[[Any], int] | None = None) -> None:
    """Insert rows (dataclasses) into ``table``; ``slot`` gives each its number."""
    batch = [values(row) if slot is None else {"slot": slot(row), **values(row)} for row in rows]
    if batch:
        tx.execute(inserting(table), batch)


# Statements are built once: SQLAlchemy keeps what it compiled with the object.
@cache
def inserting(table: Table) -> Insert:
    """The INSERT of a row into ``table``."""
    return table.insert()


def is_called(column: Column[str], name: str) -> ColumnElement[bool]:
    """Whether a row bears a name that somebody typed. PostgreSQL refuses to be asked for a text with a NUL in it."""
    return false() if "\0" in name else column == name


def upsert(tx: Tx, table: Table, row: dict[str, Any], changing: tuple[str, ...]) -> None:
    """Insert, or set the columns ``changing`` of the row that has the same primary key."""
    tx.execute(_upserting(tx.dialect.name, table, changing), row)


@cache
def _upserting(dialect: str, table: Table, changing: tuple[str, ...]) -> Insert:
    statement = insert_of(dialect, table)
    keys = [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in changing}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def insert_of(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the database."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
