"""The key that carries a reporter from one page to the next, and lives one hour in memory and nowhere else.

Follow-up pages need the receipt's root again, and there is no cookie and no session. So the page's forms carry it,
sealed under a random key of this server. A key seals for half an hour and opens for the half hour after that; then it
is overwritten. All workers share it through memory that was mapped before they were forked; a restart forgets it.
Without it the reporter types the eight words again.
"""

import fcntl
import hashlib
import mmap
import secrets
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token

TURN = 1800  # seconds; a key lives for two turns
KEY = 32
_NUMBER = 8
_CHECK = 16
_SLOT = _NUMBER + KEY + _CHECK
PURPOSE = "follow"


@dataclass(frozen=True)
class _Slot:
    turn: int
    key: bytes


class HourKeys:
    """Two slots in shared memory: this turn's key and the last one's. Make it before the workers are forked.

    ``now`` is the time in seconds since 1970, handed in by the caller.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 2 * _SLOT)
        self._turnstile = tempfile.TemporaryFile()  # empty and without a name: only to be locked
        weakref.finalize(self, self._turnstile.close)
        self._within = threading.Lock()

    def seal(self, root: bytes, now: float) -> str:
        """``root`` for the hidden field of a form."""
        turn = int(now) // TURN
        return seal_token(self._current(turn), PURPOSE, root, turn.to_bytes(_NUMBER, "big"))

    def open(self, token: str, now: float) -> bytes:
        """The root. Raises Refused when the token is changed, from before a restart, or an hour old."""
        turn = int(now) // TURN
        for slot in self._slots():
            if slot.turn not in (turn, turn - 1):
                continue
            try:
                return open_token(slot.key, PURPOSE, token, slot.turn.to_bytes(_NUMBER, "big"))
            except Refused:
                continue
        raise Refused("no key of this hour opens the token")

    def forget_old(self, now: float) -> None:
        """Overwrite keys whose hour is over."""
        turn = int(now) // TURN
        if any(not _alive(slot.turn, turn) for slot in self._slots()):
            with self._alone():
                self._wipe_over(turn)

    def _current(self, turn: int) -> bytes:
        found = self._read(turn % 2)
        if found and found.turn == turn:
            return found.key
        with self._alone():
            found = self._read(turn % 2)
            if found and found.turn == turn:
                return found.key
            self._wipe_over(turn)
            key = secrets.token_bytes(KEY)
            self._write(turn % 2, _Slot(turn, key))
            return key

    def _slots(self) -> Iterator[_Slot]:
        return (slot for slot in (self._read(0), self._read(1)) if slot)

    def _read(self, place: int) -> _Slot | None:
        """A slot, or None when it is empty or a writer was stopped in the middle of it."""
        raw = self._memory[place * _SLOT : (place + 1) * _SLOT]
        body, check = raw[: _NUMBER + KEY], raw[_NUMBER + KEY :]
        if check != _checksum(body):
            return None
        return _Slot(int.from_bytes(body[:_NUMBER], "big"), body[_NUMBER:])

    def _write(self, place: int, slot: _Slot) -> None:
        body = slot.turn.to_bytes(_NUMBER, "big") + slot.key
        self._memory[place * _SLOT : (place + 1) * _SLOT] = body + _checksum(body)

    def _wipe_over(self, turn: int) -> None:
        for place in (0, 1):
            slot = self._read(place)
            if slot is None or not _alive(slot.turn, turn):
                self._memory[place * _SLOT : (place + 1) * _SLOT] = bytes(_SLOT)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer among threads and, by a lock that the system lifts when a process dies, among processes."""
        with self._within:
            fcntl.lockf(self._turnstile, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._turnstile, fcntl.LOCK_UN)


def _alive(key: int, turn: int) -> bool:
    """Whether the key of turn ``key`` is kept in ``turn``. One from further ahead is of a clock that was set back."""
    return turn - 1 <= key <= turn + 1


def _checksum(body: bytes) -> bytes:
    # Not of zeros alone: an empty slot must not look like a written one.
    return hashlib.sha256(b"peluit/hour/" + body).digest()[:_CHECK]
