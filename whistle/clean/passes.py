"""Output that goes back to fill in what is known later, handed out in order.

Who writes a container of sound and pictures fills in lengths and places once they are known: at the beginning of the
file, and in the index at its end. What was handed out cannot be changed, and what is longer than the memory cannot be
held until then. So it is made twice: the first time it is only counted, and what is filled in is remembered; the second
time it is handed out as it comes, with that already in place. Both times must come to the same.
"""

import os
import zlib
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from whistle.clean.kinds import Out
from whistle.clean.result import NotCleaned

FILLED_IN: Final = 64 * 1024  # bytes that may be filled in later

T = TypeVar("T")


class Sink:
    """A file to write, that goes ``onward`` as it grows, with the bytes that are known to be ``filled_in`` later."""

    def __init__(self, onward: Out, filled_in: Mapping[int, int]) -> None:
        self._onward, self._known, self._places = onward, filled_in, sorted(filled_in)
        self.size = self._at = self._checksum = 0
        self.later: dict[int, int] = {}  # by place, each byte that was written over one that was there

    @property
    def made(self) -> tuple[int, int, Mapping[int, int]]:
        """What there is: its size, a checksum of what came first, and what was filled in later."""
        return self.size, self._checksum, self.later

    def write(self, data: bytes) -> int:
        """Write at the place where it is. Raises NotCleaned ("limits") for a hole, or too much that is filled in."""
        if self._at > self.size:
            raise NotCleaned("limits")
        over = data[: self.size - self._at]
        if len(self.later) + len(over) > FILLED_IN:
            raise NotCleaned("limits")
        self.later.update(enumerate(over, self._at))
        self._grow(data[len(over) :])
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        return self._at

    def tell(self) -> int:
        """The place where it is."""
        return self._at

    def _grow(self, data: bytes) -> None:
        if not data:
            return
        self._checksum = zlib.crc32(data, self._checksum)
        end = self.size + len(data)
        places = self._places[bisect_left(self._places, self.size) : bisect_left(self._places, end)]
        self._onward(self._filled_in(data, places) if places else data)
        self.size = end

    def _filled_in(self, data: bytes, places: list[int]) -> bytes:
        piece = bytearray(data)
        for place in places:
            piece[place - self.size] = self._known[place]
        return bytes(piece)


def in_two_passes(make: Callable[[Sink], T], write: Out) -> T:
    """Hand to ``write`` what ``make`` writes to a sink. It is called twice; the first result is returned.

    Raises NotCleaned: "damaged" for nothing, "limits" for what a sink does not take, "sandbox" when the passes differ.
    """
    first = Sink(lambda _piece: None, {})
    told = make(first)
    if not first.size:
        raise NotCleaned("damaged")
    second = Sink(write, first.later)
    make(second)
    if second.made != first.made:
        raise NotCleaned("sandbox")
    return told
