"""Output that goes back to its beginning, handed out in order.

Who writes a container of sound and pictures fills in at its beginning what is known at its end: lengths, and places of
parts. What was handed out cannot be changed, and what is longer than the memory cannot be held until then. So it is
made twice: the first time only the beginning is held, until all is filled in, and the rest is counted; the second time
the finished beginning is handed out first, and then the rest as it comes. Both times must come to the same.
"""

import hashlib
import os
from collections.abc import Callable
from typing import Final, TypeVar

from whistle.clean.kinds import Out
from whistle.clean.result import NotCleaned

HEAD: Final = 1024 * 1024  # bytes at the beginning that can be changed until the end

T = TypeVar("T")


class Sink:
    """A file to write. Whatever comes after its head goes to ``beyond``, and cannot be gone back to."""

    def __init__(self, beyond: Out) -> None:
        self._beyond, self._digest = beyond, hashlib.blake2b()
        self._head = bytearray()
        self._at = self._size = 0

    @property
    def head(self) -> bytes:
        """The first bytes, as they are now."""
        return bytes(self._head)

    @property
    def made(self) -> tuple[bytes, int, bytes]:
        """What there is, by its head, its size and a hash of the rest."""
        return self.head, self._size, self._digest.digest()

    def write(self, data: bytes) -> int:
        """Write at the place where it is. Raises NotCleaned ("limits") where that cannot be done any more."""
        room = max(0, HEAD - self._at)
        within, rest = data[:room], data[room:]
        if self._at > self._size or (rest and max(self._at, HEAD) != max(self._size, HEAD)):
            raise NotCleaned("limits")
        self._head[self._at : self._at + len(within)] = within
        if rest:
            self._digest.update(rest)
            self._beyond(rest)
        self._at += len(data)
        self._size = max(self._size, self._at)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        """The place where it is."""
        return self._at


def in_two_passes(make: Callable[[Sink], T], write: Out) -> T:
    """Hand to ``write`` what ``make`` writes to a sink. It is called twice; the first result is returned.

    Raises NotCleaned: "damaged" for nothing, "limits" when more than the head is gone back to, "sandbox" when the
    passes differ.
    """
    first = Sink(lambda _rest: None)
    told = make(first)
    if not first.head:
        raise NotCleaned("damaged")
    write(first.head)
    second = Sink(write)
    make(second)
    if second.made != first.made:
        raise NotCleaned("sandbox")
    return told
