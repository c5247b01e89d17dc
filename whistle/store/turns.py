"""Whose turn it is to write to SQLite: first come, first served, among threads and among processes.

SQLite lets one connection write and has the others poll, so that under load some wait for a second while others pass
them. Here the writers of a process queue, and of each process one at a time stands at a turnstile.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from whistle.store.errors import StoreUnavailable

POLL = 0.001  # seconds between two looks at what another process holds


class FairLock:
    """A lock that is handed over in the order of asking.

    Its parts are made from ``threading`` when they are needed, so that it also works where gevent replaced them
    after this module was loaded.
    """

    def __init__(self, pass_on: Callable[[], None] | None = None) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()
        self._pass_on = pass_on or self.release

    def acquire(self, seconds: float) -> None:
        """Wait up to ``seconds`` for the turn. Raises StoreUnavailable when it does not come.

        Whoever is stopped while waiting, and has the turn by then, gives it away by ``pass_on``.
        """
        with self._guard:
            if not self._held:
                self._held = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        try:
            came = ticket.acquire(timeout=seconds)
        except BaseException:
            if not self._give_up(ticket):
                self._pass_on()
            raise
        if not came and self._give_up(ticket):
            raise StoreUnavailable("too many wait to write")

    def release(self) -> None:
        """Hand the turn to who has waited longest, or to who comes next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False

    def hand_over(self) -> bool:
        """Hand the turn to who has waited longest; False, and nothing done, when nobody waits."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
                return True
            return False

    def _give_up(self, ticket: threading.Lock) -> bool:
        """Leave the queue; False when the turn came in that very instant."""
        with self._guard:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                return True
            return False


class Turnstile:
    """Lets one process at a time ask SQLite for its write lock, so that a busy process cannot starve another.

    ``flock`` on a file of its own: the kernel frees it when a process dies, and it leaves no time on the file.
    Raises StoreUnavailable when the file cannot be opened.
    """

    def __init__(self, path: str) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnavailable(f"{path} cannot be opened: {error.strerror}") from error

    @contextlib.contextmanager
    def passing(self, deadline: float) -> Iterator[None]:
        """Stand in the turnstile, up to ``deadline`` (of ``time.monotonic``). Raises StoreUnavailable."""
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreUnavailable("another process does not stop writing") from None
                time.sleep(POLL)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)


@dataclass(frozen=True)
class Turn:
    """A writer's turn inside its process: what it passes to reach SQLite, and until when it tries."""

    turnstile: Turnstile
    deadline: float  # of time.monotonic
