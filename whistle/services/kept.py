"""What a worker has decrypted for a running session: columns of its list, in this process's memory and nowhere else.

They belong to one session. They go when it signs out or ends here, when somebody looks after half a minute and finds it
ended elsewhere, its officer suspended, or the session idle; when its officer's list is of another day; and when newer
sessions need the room. A worker that has none reads them. Nothing here holds a key after the reading has ended.
"""

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from whistle.services.columns import Columns

SESSIONS = 16  # of one worker; some 600 bytes a row
ROWS = 500_000  # of all of them together; one officer who holds more than that keeps theirs alone
AFTER = 0.3  # seconds that a page takes which is shown meanwhile, and which reading the list would make wait
EVERY = 30.0  # seconds between two looks at which sessions are over

T = TypeVar("T")
Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True)
class StillReading:
    """There are no columns yet: so much of the reading is done."""

    percent: int


class _Dropped(Exception):
    """The session ended while its list was read."""


@dataclass
class _List:
    lock: threading.Lock = field(default_factory=threading.Lock)
    columns: Columns | None = None
    running: threading.Event | None = None
    failed: Exception | None = None
    done: int = 0
    total: int = 0
    dropped: bool = False

    def progress(self, done: int, total: int) -> None:
        if self.dropped:
            raise _Dropped
        self.done, self.total = done, total

    def answer(self, question: Callable[[Columns], T]) -> T | StillReading:
        if self.columns is not None:
            return question(self.columns)
        return StillReading(min(99, 100 * self.done // self.total) if self.total else 0)


class KeptLists:
    """The columns of this worker's sessions, by session id; the one used last at the end."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[bytes, _List] = OrderedDict()
        self._watch: threading.Timer | None = None

    def ask(
        self,
        session: bytes,
        today: date,
        read: Callable[[Progress], Columns],
        follow: Callable[[Columns], None],
        question: Callable[[Columns], T],
        alive: Callable[[bytes], bool],
        patience: float | None,
    ) -> T | StillReading:
        """What ``question`` finds in the session's columns, brought up to date by ``follow``.

        Where there are none of ``today`` they are made by ``read``: at once when ``patience`` is None, otherwise in the
        background, waiting up to so many seconds; if no second can be spared, they are begun when the answer that is
        given without them has been written. Without a session ("") they are made for this one question. Raises
        what ``read`` and ``follow`` raise. ``alive`` says whether a session still runs.
        """
        if not session:
            return question(read(lambda done, total: None))
        kept = self._of(session, alive)
        with kept.lock:
            columns = kept.columns
            if columns is not None and columns.today == today:
                follow(columns)
                return question(columns)
            kept.columns = None
            if patience is None:
                kept.columns = columns = read(lambda done, total: None)
                return question(columns)
        running = self._start(kept, read, 0 if patience else AFTER)
        if patience:
            running.wait(patience)
        with kept.lock:
            return kept.answer(question)

    def drop(self, session: bytes) -> None:
        """Forget what was decrypted for a session; a reading that goes on stops at its next step."""
        with self._guard:
            kept = self._kept.pop(session, None)
        if kept is not None:
            kept.dropped, kept.columns = True, None

    def sessions(self) -> dict[bytes, int]:
        """The sessions that are kept, with how many rows each."""
        with self._guard:
            return {session: len(kept.columns) if kept.columns else 0 for session, kept in self._kept.items()}

    def sweep(self, alive: Callable[[bytes], bool]) -> None:
        """Drop the sessions that are over; all of them when it cannot be told which."""
        for session in self.sessions():
            ended = True
            with contextlib.suppress(Exception):
                ended = not alive(session)
            if ended:
                self.drop(session)

    def _of(self, session: bytes, alive: Callable[[bytes], bool]) -> _List:
        with self._guard:
            kept = self._kept.setdefault(session, _List())
            self._kept.move_to_end(session)
            if self._watch is None:
                self._look_later(alive)
        self._make_room()
        return kept

    def _make_room(self) -> None:
        """The ones used longest ago go first; the last one stays."""
        sizes = self.sessions()
        for session in list(sizes)[:-1]:
            if len(sizes) <= SESSIONS and sum(sizes.values()) <= ROWS:
                return
            self.drop(session)
            del sizes[session]

    def _start(self, kept: _List, read: Callable[[Progress], Columns], after: float) -> threading.Event:
        """Read in the background, ``after`` seconds from now, unless somebody does; set when it ended.

        Raises what made the last one fail.
        """
        with kept.lock:
            if kept.failed is not None:
                failed, kept.failed = kept.failed, None
                raise failed
            running = kept.running
            if running is None:
                running = kept.running = threading.Event()
                threading.Thread(target=self._read, args=(kept, running, read, after), daemon=True).start()
        return running

    def _read(self, kept: _List, running: threading.Event, read: Callable[[Progress], Columns], after: float) -> None:
        time.sleep(after)
        try:
            columns = read(kept.progress)
            with kept.lock:
                kept.columns = None if kept.dropped else columns
        except _Dropped:
            pass
        except Exception as error:
            kept.failed = error.with_traceback(None)
        finally:
            kept.running, kept.done = None, 0
            running.set()

    def _look_later(self, alive: Callable[[bytes], bool]) -> None:
        self._watch = threading.Timer(EVERY, self._look, (alive,))
        self._watch.daemon = True
        self._watch.start()

    def _look(self, alive: Callable[[bytes], bool]) -> None:
        self.sweep(alive)
        with self._guard:
            self._watch = None
            if self._kept:
                self._look_later(alive)
