"""One durable commit for several writers.

To make a commit durable the disk has to answer, which takes milliseconds, and only one can be on its way. So a writer
that is done and sees others waiting leaves the transaction open for the next of them; who sees nobody waiting, or a
transaction that is old enough, commits for all. Each has a savepoint of its own, so that what one undoes is only its
own; and none is told that its write is stored before the common commit is.
"""

import contextlib
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, RootTransaction

from whistle.store.errors import StoreError, StoreUnavailable, translate
from whistle.store.sqlite import driver_of, file_of
from whistle.store.sqlite_file import in_place

MOST = 32  # writers in one commit
LONGEST = 0.03  # seconds for which a transaction takes in others


class Batch:
    """An open transaction of SQLite's one writer, and those who wait for its commit."""

    def __init__(self, connection: Connection, transaction: RootTransaction) -> None:
        self._connection = connection
        self._transaction = transaction
        self._driver = driver_of(connection)
        self._began = time.monotonic()
        self._members = 0
        self._failed: StoreError | None = None
        self._over = threading.Event()

    def may_grow(self) -> bool:
        """Whether another writer may join before the commit."""
        young = time.monotonic() - self._began < LONGEST
        return self._failed is None and self._members < MOST and young

    @contextlib.contextmanager
    def member(self) -> Iterator[Connection]:
        """One writer's part: as a whole in the transaction when the block ends, gone when it raises."""
        self._members += 1
        try:
            self._driver.execute("SAVEPOINT member").close()
            yield self._connection
            self._driver.execute("RELEASE member").close()
        except sqlite3.Error as error:
            self._undo()
            raise translate(error) or error from error
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        try:
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK TO member").close()
                self._driver.execute("RELEASE member").close()
            else:  # SQLite undid all of the transaction by itself, for want of disk or memory
                self._failed = StoreUnavailable("the transaction was undone")
        except sqlite3.Error as error:
            self._failed = StoreUnavailable(f"the transaction cannot go on: {error}")

    def finish(self) -> None:
        """Commit for all members, or let all of them know that it failed. Whoever holds the turn calls this, once."""
        try:
            if self._failed is None:
                natively(self._driver.commit)
                if not in_place(self._connection.info, file_of(self._connection.engine)):
                    self._failed = StoreUnavailable("the database's files were taken away")
        except sqlite3.Error as error:
            self._failed = StoreUnavailable(f"the commit failed: {error}")
        finally:
            with contextlib.suppress(Exception):
                self._transaction.rollback()  # ends SQLAlchemy's own account too; after a commit there is nothing in it
            with contextlib.suppress(Exception):
                if self._failed is not None:
                    self._connection.invalidate()  # whatever is wrong with it is not handed to the next
            with contextlib.suppress(Exception):
                self._connection.close()
            self._over.set()

    def wait(self, seconds: float) -> None:
        """Return when the common commit is durable. Raises StoreUnavailable when it failed or is not known in time."""
        if not self._over.wait(seconds):
            raise StoreUnavailable("the commit is not known to be durable")
        if self._failed is not None:
            raise StoreUnavailable(str(self._failed)) from self._failed


def natively(work: Callable[[], object]) -> None:
    """Run ``work`` so that under gevent the others go on meanwhile: on a native thread. Else just run it.

    Returns when it is over, also when the waiting greenlet is killed (which is then said by its exception).
    """
    if not _under_gevent():
        work()
        return
    result = _thread().spawn(work)
    stopped: BaseException | None = None
    while not result.ready():
        try:
            result.wait()
        except BaseException as error:
            stopped = error
    result.get()
    if stopped is not None:
        raise stopped


def beside(work: Callable[[], object]) -> None:
    """Start ``work`` so that under gevent whoever asks goes on. Else just run it."""
    if not _under_gevent():
        work()
        return
    import gevent

    gevent.spawn(work)


_native: Any = None


def _under_gevent() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


def _thread() -> Any:
    global _native
    if _native is None:
        from gevent.threadpool import ThreadPool

        _native = ThreadPool(1)  # one commit at a time is all there can be
    return _native


def _forget() -> None:
    global _native
    _native = None


os.register_at_fork(after_in_child=_forget)
