"""Small helpers for the modules that hold the queries."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Dialect, Insert, LargeBinary, Table, bindparam, false
from sqlalchemy.dialects import postgresql, sqlite

from whistle.store.engine import Tx, is_write
from whistle.store.errors import translate
from whistle.store.sqlite import driver_of

TOGETHER = 64  # rows of one statement: a report has some twelve

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
    """Insert rows that all name the same columns."""
    if batch:
        prepared = _prepared(tx.dialect, ((table, tuple(batch[0]), 1),))
        _run(tx, prepared.statement, [prepared.parameters([[row]]) for row in batch])


def _run(tx: Tx, statement: str, rows: list[Any]) -> None:
    """Run an INSERT once or for several rows, past SQLAlchemy: it takes longer over a row than SQLite itself does."""
    if tx.dialect.name == "postgresql":
        from whistle.store import postgresql  # with it the driver, which SQLite does not need

        postgresql.run(tx, statement, rows)
        return
    driver = driver_of(tx)
    try:
        (driver.executemany(statement, rows) if len(rows) > 1 else driver.execute(statement, rows[0])).close()
    except sqlite3.Error as error:
        raise translate(error, reading=not is_write(tx)) or error from error


def insert_together(tx: Tx, parts: Sequence[tuple[Table, Sequence[dict[str, Any]]]]) -> None:
    """Insert rows of several tables, none of which refers to another of these but by a foreign key.

    A server is sent few rows as one statement, since each answer is waited for; SQLite has nobody to wait for.
    """
    parts = [(table, batch) for table, batch in parts if batch]
    if tx.dialect.name != "postgresql" or sum(len(batch) for _, batch in parts) > TOGETHER:
        for table, batch in parts:
            insert_values(tx, table, batch)
    else:
        prepared = _prepared(tx.dialect, tuple((table, tuple(batch[0]), len(batch)) for table, batch in parts))
        _run(tx, prepared.statement, [prepared.parameters([batch for _, batch in parts])])


_Shape = tuple[tuple[Table, tuple[str, ...], int], ...]
"""Of each table that a statement fills: its columns, and how many rows."""
_Write = Callable[[Any], Any] | None


class _Prepared:
    """An INSERT as a driver takes it, and how each value is written down for it."""

    def __init__(self, dialect: Dialect, shape: _Shape) -> None:
        places = [
            (at, row, name, table.c[name])
            for at, (table, names, rows) in enumerate(shape)
            for row in range(rows)
            for name in names
        ]
        keys = {place[:3]: f"v{number}" for number, place in enumerate(places)}
        if dialect.name == "postgresql":  # the server's own parameters: the driver need not look for them
            dialect = cast(Any, type(dialect))(paramstyle="numeric_dollar")
        *before, last = (_inserting(at, *part, keys) for at, part in enumerate(shape))
        compiled = last.add_cte(*(one.cte(f"part_{at}") for at, one in enumerate(before))).compile(dialect=dialect)
        self.statement = str(compiled)
        found = {keys[place[:3]]: (*place[:3], _writer(place[3], dialect)) for place in places}
        self._values = [found[key] for key in compiled.positiontup or ()]

    def parameters(self, batches: Sequence[Sequence[dict[str, Any]]]) -> Sequence[Any]:
        """The values of all rows, in the order of the statement."""
        return [
            batches[at][row][name] if write is None else write(batches[at][row][name])
            for at, row, name, write in self._values
        ]


def _inserting(
    at: int, table: Table, names: tuple[str, ...], rows: int, keys: dict[tuple[int, int, str], str]
) -> Insert:
    """Row by row, each value under a name of its own."""
    values = [{name: bindparam(keys[at, row, name], type_=table.c[name].type) for name in names} for row in range(rows)]
    return table.insert().values(values if rows > 1 else values[0])


def _writer(column: Column[Any], dialect: Dialect) -> _Write:
    """How a value is written for the driver; None as it is, which both drivers know of bytes."""
    if isinstance(column.type, LargeBinary):
        return None
    return column.type.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=256)  # a few shapes of one dialect; a test has a dialect of its own
def _prepared(dialect: Dialect, shape: _Shape) -> _Prepared:
    return _Prepared(dialect, shape)


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
