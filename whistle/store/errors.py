"""What can go wrong in the store, in four words, whatever the database and its driver call it."""

import re
import sqlite3
from typing import Any

from sqlalchemy import UniqueConstraint, exc
from sqlalchemy.engine import ExceptionContext

from whistle.store.tables import metadata

APPEND_ONLY = "append only"  # how the triggers' message begins
APPEND_ONLY_STATE = "PL001"  # the SQLSTATE that the triggers raise on PostgreSQL


class StoreError(Exception):
    """The base of what the store raises. The transaction it came from is over and changed nothing."""


class StoreUnavailable(StoreError):
    """The database is locked, full, broken or out of reach: nothing was stored, try again later."""


class FilesUnavailable(StoreUnavailable):
    """The store of files is: the database may well answer."""


class Conflict(StoreError):
    """A row does not fit what is stored: somebody else was first, or it refers to nothing."""


class Duplicate(Conflict):
    """A unique key is taken. ``columns`` are those of the key, for example ("lookup_hash",)."""

    def __init__(self, table: str, columns: tuple[str, ...]) -> None:
        super().__init__(f"{table}: {', '.join(columns)} is taken")
        self.table = table
        self.columns = columns


class AppendOnly(Conflict):
    """A trigger refused to change or remove what is only ever added to."""


_UNAVAILABLE = ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "NOTADB", "CORRUPT", "PROTOCOL", "NOMEM")
_UNUSABLE = ("IOERR", "CANTOPEN", "READONLY", "NOTADB", "CORRUPT", "PROTOCOL")  # nothing more to be had of it
# PostgreSQL, appendix A: no connection, a role or database that is not there, read only, no right, idle for too long,
# undone to end a deadlock, no disk or memory, no lock, cancelled, shut down, input and output, damage.
_UNAVAILABLE_STATES = (
    "08", "28", "3D", "25006", "42501", "25P03", "25P04", "40", "53", "55P03", "57014", "57P", "58", "XX",
)  # fmt: skip


def replace(context: ExceptionContext) -> None:
    """Listener for SQLAlchemy's ``handle_error``: raise the store's own error in place of the driver's."""
    connection = context.connection
    reading = connection is not None and connection.get_execution_options().get("peluit_write") is False
    error = translate(context.original_exception, reading)
    if isinstance(error, StoreUnavailable) and _unusable(context.original_exception):
        context.is_disconnect = True  # it is opened anew: what is mended then works without a restart
    if error is not None:
        raise error from context.original_exception


def translate(error: BaseException, reading: bool = False) -> StoreError | None:
    """The store's error for a driver's, or None for a mistake in the program (which stays as it is)."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, exc.TimeoutError):
        return StoreUnavailable("no database connection became free in time")
    if isinstance(error, sqlite3.Error):
        return _from_sqlite(error, reading)
    if hasattr(error, "sqlstate"):
        return _from_postgresql(error, reading)
    return None


def _unusable(error: BaseException) -> bool:
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.removeprefix("SQLITE_").startswith(_UNUSABLE)


def _from_sqlite(error: sqlite3.Error, reading: bool) -> StoreError | None:
    name, text = getattr(error, "sqlite_errorname", "") or "", str(error)
    unique = re.match(r"UNIQUE constraint failed: (.+)", text)
    if unique:
        places = [part.strip().rsplit(".", 1) for part in unique[1].split(",")]
        return Duplicate(places[0][0], tuple(column for _, column in places))
    if name.startswith("SQLITE_CONSTRAINT"):
        return AppendOnly(text) if text.startswith(APPEND_ONLY) else Conflict(text)
    if reading and name.startswith("SQLITE_READONLY"):
        return None
    if name.removeprefix("SQLITE_").startswith(_UNAVAILABLE):
        return StoreUnavailable(f"{text} ({name})")
    return None


def _from_postgresql(error: Any, reading: bool) -> StoreError | None:
    state = error.sqlstate or ""
    if state == "23505":
        diag = error.diag
        return Duplicate(diag.table_name, _columns(diag.table_name, diag.constraint_name))
    if state == APPEND_ONLY_STATE:
        return AppendOnly(error.diag.message_primary)
    if reading and state == "25006":
        return None
    if state.startswith("23"):
        return Conflict(str(error))
    if state.startswith(_UNAVAILABLE_STATES) or (not state and _is_lost(error)):
        return StoreUnavailable(str(error).strip())
    return None


def _is_lost(error: Any) -> bool:
    """Whether the driver says by itself, without a word of the server, that the connection is of no use."""
    return any(kind.__name__ in ("OperationalError", "InterfaceError") for kind in type(error).__mro__)


def _columns(table: str, constraint: str) -> tuple[str, ...]:
    for candidate in metadata.tables[table].constraints:
        if isinstance(candidate, UniqueConstraint) and candidate.name == constraint:
            return tuple(column.name for column in candidate.columns)
    return tuple(column.name for column in metadata.tables[table].primary_key)
