"""Small helpers for the modules that hold the queries."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Table
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
        tx.execute(table.insert(), batch)


def upsert(tx: Tx, table: Table, row: dict[str, Any], changing: Iterable[str]) -> None:
    """Insert, or set the columns ``changing`` of the row that has the same primary key."""
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    keys = [column.name for column in table.primary_key]
    statement = dialect.insert(table).values(row)
    rest = {name: statement.excluded[name] for name in changing}
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))
