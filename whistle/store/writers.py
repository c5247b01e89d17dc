"""All who write to one SQLite file in this process: they take turns, and share commits."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from whistle.store.batch import Batch, beside
from whistle.store.turns import FairLock, Turn, Turnstile


class Writers:
    """Those who write to one database file in this process, however many engines and stores lead to it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._batch: Batch | None = None
        self.start_anew()

    def start_anew(self) -> None:
        """Forget turns and waiters: after a fork they are the parent's."""
        if self._batch is not None:
            _of_the_parent.append(self._batch)  # kept, so that nothing here closes its connection
        self._guard = threading.Lock()
        self._parts: tuple[FairLock, Turnstile] | None = None
        self._batch = None

    @contextlib.contextmanager
    def turn(self, patience: float) -> Iterator[Turn]:
        """Hold the turn alone. Raises StoreUnavailable when it does not come in ``patience`` seconds."""
        with self._holding(patience) as mine:
            self._finish()
            yield mine

    @contextlib.contextmanager
    def together(self, patience: float, begin: Callable[[Turn], Batch]) -> Iterator[Connection]:
        """Write in one commit with those who wait behind, in a transaction that ``begin`` opens if none is open.

        Returns when the commit is durable. Raises StoreUnavailable, or the block's error; that too only after the
        commit, for it may speak of what others have written in it ("this report exists"), which nobody can read before.
        """
        refused: Exception | None = None
        with self._holding(patience) as mine:
            if self._batch is None:
                self._batch = begin(mine)
            batch = self._batch
            try:
                with batch.member() as connection:
                    yield connection
            except Exception as error:
                refused = error
        try:
            batch.wait(patience)
            if refused is not None:
                raise refused
        finally:
            del refused  # its traceback leads back here

    @contextlib.contextmanager
    def _holding(self, patience: float) -> Iterator[Turn]:
        deadline = time.monotonic() + patience
        with self._guard:
            if self._parts is None:
                self._parts = FairLock(self._pass_on), Turnstile(f"{self._path}-turn")
            lock, turnstile = self._parts
        lock.acquire(patience)
        try:
            yield Turn(turnstile, deadline)
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """End one's turn: leave the transaction to the next, or finish it.

        Under gevent it is finished beside: where the disk does not answer, who was last waits no longer than the rest.
        """
        if self._parts is None:
            raise RuntimeError("nobody has a turn")
        lock, _ = self._parts
        if self._batch is not None and self._batch.may_grow() and lock.hand_over():
            return
        batch, self._batch = self._batch, None
        if batch is None:
            lock.release()
        else:
            beside(lambda: _end(batch, lock))

    def _finish(self) -> None:
        if self._batch is not None:
            batch, self._batch = self._batch, None
            batch.finish()


def _end(batch: Batch, lock: FairLock) -> None:
    try:
        batch.finish()
    finally:
        lock.release()


_of_the_parent: list[Batch] = []
