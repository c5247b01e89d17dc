"""The database as one thing: how it is opened, read as of one moment, and written one transaction at a time."""

import contextlib
import os
import weakref
from collections.abc import Iterator
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import URL, Connection, Engine, RootTransaction, create_engine, event, exc, make_url, pool

from whistle.store import sqlite
from whistle.store.batch import Batch
from whistle.store.errors import StoreUnavailable, replace, translate
from whistle.store.tables import metadata
from whistle.store.turns import Turn
from whistle.store.writers import Writers

Tx = Connection  # a connection inside a transaction of Store.read() or Store.write()

POOL_SIZE = 16
PATIENCE = 10.0  # seconds that a writer waits for its turn before it is told that the store is unavailable


def make_engine(url: str | URL, pool_size: int = POOL_SIZE) -> Engine:
    """An engine for a ``sqlite:///file`` or ``postgresql+psycopg://`` address, with its settings on every connection.

    Raises ValueError for an address of any other kind.
    """
    url = make_url(url)
    options: dict[str, Any] = {"poolclass": pool.QueuePool, "pool_size": pool_size, "max_overflow": 0}
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ValueError("a database in memory keeps nothing: give a file, sqlite:////path/peluit.sqlite3")
        engine = create_engine(url, pool_use_lifo=True, pool_timeout=PATIENCE, **options)
        sqlite.prepare(engine)
        path = sqlite.file_of(engine)
        _engines[engine] = _writers.setdefault(path, Writers(path))
    elif url.get_backend_name() == "postgresql":
        from whistle.store import postgresql  # now, when gevent has patched what the driver waits with

        engine = create_engine(url, pool_timeout=PATIENCE, **options)
        postgresql.prepare(engine, PATIENCE)
        _engines[engine] = None
    else:
        raise ValueError(f"{url.get_backend_name()} is not supported: use sqlite or postgresql")
    event.listen(engine, "handle_error", replace)
    return engine


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, with engines made as the store needs them."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
        return make_engine(options["url"])


db = Database(metadata=metadata)


class Store:
    """Transactions. ``patience`` is how many seconds a writer waits for its turn.

    ``unhurried``: PostgreSQL lets each statement take its time, as the work of the night needs.
    """

    def __init__(self, engine: Engine, patience: float = PATIENCE, unhurried: bool = False) -> None:
        self.engine = engine
        self.patience = patience
        self.unhurried = unhurried

    @contextlib.contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees the database as it was at its first query, and cannot write.

        Raises StoreUnavailable.
        """
        connection, transaction = self._begun(False)
        with connection, contextlib.closing(transaction):
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction that is durable after the block, and never happened when the block raises.

        On SQLite several writers may share a commit: leaving the block may wait for the writers behind.

        After any error inside, the block must be left. Raises StoreUnavailable, Duplicate, Conflict, AppendOnly.
        """
        writers = _engines[self.engine]
        if writers is None:
            with self._alone() as connection:
                yield connection
        else:
            with writers.together(self.patience, self._begin) as connection:
                yield connection

    @contextlib.contextmanager
    def _alone(self) -> Iterator[Tx]:
        """PostgreSQL makes several commits durable at once by itself."""
        connection, transaction = self._begun(True)
        with connection, transaction:
            yield connection

    def _begun(self, write: bool) -> tuple[Connection, RootTransaction]:
        """An open transaction. Whether a connection lived on in the pool is seen when it begins one: where it did not,
        all that lay there are given up, and a new one is opened."""
        for last in (False, True):
            connection = _open(self.engine, write, None, self.patience, self.unhurried)
            try:
                return connection, connection.begin()
            except BaseException as error:
                connection.invalidate()
                connection.close()
                if last or self.engine.dialect.name == "sqlite" or not isinstance(error, StoreUnavailable):
                    raise
            self.engine.dispose()
        raise RuntimeError("the last try returns or raises")

    def _begin(self, turn: Turn) -> Batch:
        connection = _open(self.engine, True, turn)
        try:
            return Batch(connection, connection.begin())
        except BaseException:
            connection.invalidate()
            connection.close()
            raise


def is_write(tx: Tx) -> bool:
    """Whether ``tx`` comes from Store.write()."""
    return bool(tx.get_execution_options().get("peluit_write"))


def _open(
    engine: Engine, write: bool, turn: Turn | None = None, patience: float = PATIENCE, unhurried: bool = False
) -> Connection:
    try:
        connection = engine.connect()
    except exc.SQLAlchemyError as error:
        raise translate(error) or error from error
    options: dict[str, Any] = {"peluit_write": write, "peluit_turn": turn}
    if engine.dialect.name == "postgresql":
        options |= {"peluit_patience": patience, "peluit_unhurried": unhurried}
    return connection.execution_options(**options)


_engines: "weakref.WeakKeyDictionary[Engine, Writers | None]" = weakref.WeakKeyDictionary()
_writers: "weakref.WeakValueDictionary[str, Writers]" = weakref.WeakValueDictionary()
_of_the_parent: list[pool.Pool] = []


def turn(engine: Engine, patience: float) -> contextlib.AbstractContextManager[Turn]:
    """Hold this process's turn to write to a SQLite file. Raises StoreUnavailable after ``patience`` seconds."""
    writers = _engines[engine]
    if writers is None:
        raise TypeError("only SQLite's writers take turns")
    return writers.turn(patience)


@contextlib.contextmanager
def write_alone(store: Store) -> Iterator[Tx]:
    """As `Store.write`, in a commit that is shared with nobody: for tens of thousands of rows at once.

    A share in a commit is a savepoint, and inside one SQLite walks through all pages changed so far at the end of every
    row that is inserted.
    """
    if _engines[store.engine] is None:
        with store.write() as connection:
            yield connection
    else:
        with turn(store.engine, store.patience) as mine:
            with _open(store.engine, True, mine) as connection, connection.begin():
                yield connection


def _before_fork() -> None:
    """Close what lies idle: a SQLite connection that crosses a fork breaks its file's locks."""
    for engine in list(_engines):
        engine.dispose()


def _after_fork_in_child() -> None:
    """Start anew. Connections that were busy at the fork are the parent's: kept, so that nothing here closes them."""
    for engine in list(_engines):
        _of_the_parent.append(engine.pool)
        engine.dispose(close=False)
    for writers in list(_writers.values()):
        writers.start_anew()


os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)
