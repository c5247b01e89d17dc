"""The sandbox's end of the wire: a file that is read in ranges, and a way out for what is made of it."""

import io
import json
import os
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from whistle.clean import wire

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_BLOCKS: Final = 32  # ranges that are kept, since sound and picture are read from two places in turns


class Wire:
    """Both pipes. From now on whatever a library prints goes nowhere: it would be taken for a message."""

    def __init__(self) -> None:
        self._in: BinaryIO = open(0, "rb", closefd=False)
        self._out: BinaryIO = open(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self._held = bytearray()

    def told(self) -> list[Any]:
        """What is to be done: the task, the file's kind and size, and for a look from which page on and how many."""
        (length,) = wire.FIRST.unpack(self._in.read(wire.FIRST.size))
        first: list[Any] = json.loads(self._in.read(length))
        return first

    def ask(self, start: int, length: int) -> bytes:
        """That many bytes of the file; there are as many."""
        self._send(wire.RANGE, start, length)
        data = self._in.read(length)
        if len(data) != length:
            raise EOFError
        return data

    def write(self, data: "ReadableBuffer") -> None:
        """Add to what is made; it goes out in full pieces."""
        self._held += data
        while len(self._held) >= wire.RANGE_MOST:
            self.hand_out(bytes(self._held[: wire.RANGE_MOST]))
            del self._held[: wire.RANGE_MOST]

    def hand_out(self, piece: bytes) -> None:
        """One piece by itself, at most PIECE_MOST bytes."""
        self._send(wire.PIECE, 0, len(piece), piece)

    def end(self, told: Mapping[str, object]) -> None:
        """What is held goes out, and that all is said."""
        if self._held:
            self.hand_out(bytes(self._held))
        last = json.dumps(told).encode()
        self._send(wire.END, 0, len(last), last)

    def _send(self, what: bytes, start: int, length: int, data: bytes = b"") -> None:
        for part in (wire.HEADER.pack(what, start, length), data):
            left = memoryview(part)
            while left:
                left = left[self._out.write(left) :]


class Ranges(io.RawIOBase):
    """The file, ``size`` bytes, of which a few ranges are held."""

    def __init__(self, outside: Wire, size: int) -> None:
        self._outside, self._size, self._at = outside, size, 0
        self._blocks = OrderedDict[int, bytes]()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """As many bytes as there is room for; fewer only at the end of the file."""
        room = memoryview(buffer).cast("B")
        wanted = min(len(room), max(0, self._size - self._at))
        done = 0
        while done < wanted:
            index, skipped = divmod(self._at, wire.RANGE_MOST)
            part = self._block(index)[skipped : skipped + wanted - done]
            room[done : done + len(part)] = part
            done += len(part)
            self._at += len(part)
        return done

    def _block(self, index: int) -> bytes:
        if index not in self._blocks:
            start = index * wire.RANGE_MOST
            self._blocks[index] = self._outside.ask(start, min(wire.RANGE_MOST, self._size - start))
            if len(self._blocks) > _BLOCKS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(index)
        return self._blocks[index]
