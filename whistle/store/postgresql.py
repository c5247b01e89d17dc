"""PostgreSQL's settings, on every connection and every writing transaction, and how its driver waits.

What a server, a database or a role sets by default may make commits vanish in a crash, or have a request wait for
ever, so nothing is left to the defaults. See docs/decisions/0010.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.types.datetime import DateBinaryLoader, DateLoader
from sqlalchemy import Connection, Engine, event

from whistle.store.errors import StoreUnavailable, translate

CONNECT = {  # libpq's, for addresses that do not say otherwise
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
    "client_encoding": "utf8",
}
STATEMENT = 30.0  # seconds that one statement may take, but in the nightly work
ANSWER = 5.0  # seconds for what needs no work: to set up a connection, and to begin a transaction
GRACE = 5.0  # seconds more until a server that does not answer at all is given up
IDLE = 20.0  # seconds that a writer may rest between two statements: one that hangs would hold its locks
DURABLE = ("on", "remote_apply")  # the commit is on the disk, and on those of the standbys that the server waits for

_SESSION = """
SELECT current_setting('server_encoding'),
       set_config('timezone', 'UTC', false),
       set_config('search_path', 'public', false),
       set_config('lock_timeout', %(lock)s, false),
       set_config('statement_timeout', %(statement)s, false)
"""
# Writers lock the rows they decide by (case, counter, head of the audit log); readers take a snapshot. Beginning and
# setting are one message to the server: a report is few statements, and each would be waited for.
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_WRITE = """
BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE;
SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                  WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),
       set_config('idle_in_transaction_session_timeout', '{idle}', true),
       set_config('lock_timeout', '{lock}', true),
       set_config('statement_timeout', '{statement}', true)
"""


class _Connection(psycopg.Connection[Any]):
    """Gives up on a server that does not answer: psycopg itself would wait for ever.

    psycopg waits in a way that lets the others go on when gevent has patched the standard library before psycopg is
    imported, so this module is imported when the first engine for PostgreSQL is made.
    """

    longest: float | None = ANSWER  # seconds

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's. Raises OperationalError, and closes the connection, when the server does not answer."""
        try:
            return super().wait(gen, interval, self.longest if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from error


class _Lenient:
    """A day that Python has no date for (infinity, or before the year 1) comes out as the first of all days.

    As whistle.store.damaged does for SQLite: whoever opens the case refuses it, and no list breaks.
    """

    def load(self, data: Any) -> date:
        try:
            return super().load(data)  # type: ignore[misc,no-any-return]
        except psycopg.DataError:
            return date.min


class _Day(_Lenient, DateLoader):
    pass


class _BinaryDay(_Lenient, DateBinaryLoader):
    pass


_DAYS: tuple[type[Loader], ...] = (_Day, _BinaryDay)


def prepare(engine: Engine, patience: float) -> None:
    """Set everything on each connection that ``engine`` opens. ``patience``: seconds to wait for a lock."""

    @event.listens_for(engine, "do_connect")
    def ours(dialect: Any, record: Any, arguments: list[Any], parameters: dict[str, Any]) -> psycopg.Connection[Any]:
        connection = _Connection.connect(*arguments, **{**CONNECT, **parameters})
        for loader in _DAYS:
            connection.adapters.register_loader("date", loader)
        return connection

    @event.listens_for(engine, "connect")
    def settings(connection: _Connection, record: Any) -> None:
        try:
            _settings(connection, patience)
        except psycopg.Error as error:
            raise translate(error) or error from error

    event.listen(engine, "begin", _begin)


@contextmanager
def noticing(tx: Connection) -> Iterator[list[str]]:
    """The details of all notices that the server sends inside the block."""
    driver, details = _driver_of(tx), list[str]()

    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.message_detail:
            details.append(diagnostic.message_detail)

    driver.add_notice_handler(note)
    try:
        yield details
    finally:
        driver.remove_notice_handler(note)


def run(tx: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement once for each of ``rows``; its parameters are the server's own, $1 and so on.

    psycopg's are looked for in the statement every time when there are many. Raises the store's errors.
    """
    try:
        with psycopg.RawCursor(_driver_of(tx)) as cursor:
            if len(rows) > 1:
                cursor.executemany(statement.encode(), rows)
            else:
                cursor.execute(statement.encode(), rows[0])
    except psycopg.Error as error:
        raise translate(error, reading=tx.get_execution_options().get("peluit_write") is False) or error from error


def _settings(connection: _Connection, patience: float) -> None:
    connection.autocommit = True  # the driver begins nothing by itself
    wanted = {"lock": _ms(patience), "statement": _ms(STATEMENT)}
    (encoding, *_) = connection.execute(_SESSION, wanted).fetchone() or ("none",)
    if encoding != "UTF8":
        raise StoreUnavailable(f"the database is in {encoding}: make one with ENCODING 'UTF8'")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    write, unhurried = options.get("peluit_write"), options.get("peluit_unhurried", False)
    driver = _driver_of(connection)
    driver.longest = ANSWER
    try:
        if write:
            _begin_writing(driver, options["peluit_patience"], unhurried)
        else:
            driver.execute("BEGIN" if write is None else _READ)
    except psycopg.Error as error:
        raise translate(error) or error from error
    driver.longest = None if unhurried else STATEMENT + GRACE


def _begin_writing(driver: _Connection, patience: float, unhurried: bool) -> None:
    idle, statement = ("0", "0") if unhurried else (_ms(IDLE), _ms(STATEMENT))
    wanted = _WRITE.format(idle=idle, statement=statement, lock=_ms(patience))
    begun = driver.execute(wanted.encode(), prepare=False)  # two statements at once cannot be prepared
    begun.nextset()
    (durable, *_) = begun.fetchone() or ("unknown",)
    if durable not in DURABLE:
        raise StoreUnavailable(f"synchronous_commit is {durable}, and would not let itself be set to on")


def _driver_of(connection: Connection) -> _Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, _Connection):
        raise TypeError("this is no connection to PostgreSQL")
    return driver


def _ms(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
