"""Small helpers for the modules that hold the queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Dialect, Insert, LargeBinary, Table, false
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
    insert_values(tx, table, [values(row) if slot is None else {"slot": slot(row), **values(row)} for row in rows])


def insert_values(tx: Tx, table: Table, batch: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns.

    In the driver's own words: a report is some eight of these, and SQLAlchemy takes longer over one than SQLite does.
    """
    if batch:
        prepared = _prepared(tx.dialect, table, tuple(batch[0]))
        rows = [prepared.parameters(row) for row in batch]
        tx.exec_driver_sql(prepared.statement, rows if len(rows) > 1 else rows[0])


class _Prepared:
    """An INSERT as a driver takes it, and how each column's value is written down for it."""

    def __init__(self, dialect: Dialect, table: Table, names: tuple[str, ...]) -> None:
        compiled = table.insert().compile(dialect=dialect, column_keys=list(names))
        self.statement = str(compiled)
        self._by_name = not compiled.positional
        self._columns = [(name, _writer(table.c[name], dialect)) for name in compiled.positiontup or names]

    def parameters(self, row: dict[str, Any]) -> Any:
        """The values of ``row``: by name, or in the order of the statement."""
        written = {name: row[name] if write is None else write(row[name]) for name, write in self._columns}
        return written if self._by_name else tuple(written.values())


def _writer(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value is written for the driver; None as it is, which both drivers know of bytes."""
    if isinstance(column.type, LargeBinary):
        return None
    return column.type.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=256)  # a few tables of one dialect; a test has a dialect of its own
def _prepared(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Prepared:
    return _Prepared(dialect, table, names)


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
