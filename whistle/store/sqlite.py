"""SQLite's settings, on every connection, and its transactions, which are ours and not the driver's."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, event

from whistle.store import sqlite_file
from whistle.store.errors import translate
from whistle.store.turns import POLL, Turn

BUSY_MILLISECONDS = 5000
PRAGMAS = {  # name: (what is set, what is read back)
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),  # the WAL reaches the disk before a receipt is shown
    "foreign_keys": ("ON", 1),
    "secure_delete": ("ON", 1),  # what is replaced is overwritten with zeros
    "recursive_triggers": ("ON", 1),  # INSERT OR REPLACE fires the delete triggers
    "temp_store": ("MEMORY", 2),
    "cache_size": (-8000, -8000),  # kB
}


def file_of(engine: Engine) -> str:
    """The absolute path of the engine's database file."""
    return sqlite_file.path_of(engine.url)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection below SQLAlchemy's."""
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("this is no connection to SQLite")
    return driver


def prepare(engine: Engine) -> None:
    """Set the pragmas on every connection that ``engine`` opens and take over its transactions."""

    path = file_of(engine)

    @event.listens_for(engine, "do_connect")
    def usable(dialect: Any, record: Any, arguments: list[Any], parameters: dict[str, Any]) -> None:
        sqlite_file.check_usable(path)
        parameters["factory"] = sqlite_file.Keepable

    @event.listens_for(engine, "connect")
    def settings(connection: sqlite3.Connection, record: Any) -> None:
        try:
            _settings(connection)
        except sqlite3.Error as error:
            raise translate(error) or error from error
        sqlite_file.remember(record, path)

    @event.listens_for(engine, "checkout")
    def the_same_file(connection: sqlite3.Connection, record: Any, proxy: Any) -> None:
        sqlite_file.check_out(connection, record, path)

    event.listen(engine, "begin", _begin)


def _settings(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # the driver begins and commits nothing by itself
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    for name, (value, _) in PRAGMAS.items():
        while True:
            try:
                connection.execute(f"PRAGMA {name} = {value}").close()
                break
            except sqlite3.OperationalError as error:
                # Two processes that open a new file at once: turning on WAL does not wait for the other by itself.
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(POLL)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    driver = driver_of(connection)
    write, turn = options.get("peluit_write"), options.get("peluit_turn")
    try:
        driver.execute(f"PRAGMA query_only = {int(write is False)}").close()
        if write and turn is not None:
            _begin_immediate(driver, turn)
        else:
            driver.execute("BEGIN").close()
    except sqlite3.Error as error:
        raise translate(error) or error from error


def _begin_immediate(driver: sqlite3.Connection, turn: Turn) -> None:
    """Take SQLite's write lock, asking again in short sleeps of Python's own: SQLite's would stop all of gevent."""
    driver.execute("PRAGMA busy_timeout = 0").close()
    try:
        with turn.turnstile.passing(turn.deadline):
            while True:
                try:
                    driver.execute("BEGIN IMMEDIATE").close()
                    return
                except sqlite3.OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > turn.deadline:
                        raise
                time.sleep(POLL)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}").close()


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
