"""Clean a hostile file, or look at one, where it can do no harm: in a process without network, files, time and memory.

Whoever sends a file may have made it to break the program that reads it. So that program is another process
(`isolation`). It asks for ranges of the file and hands out what it makes, piece by piece (`wire`), so that this
process never holds more than a piece of either, and neither is ever on a disk. It is not believed: what it says is
bounded in every length and number, and checked.

The larger a file, the more time it gets (`cpu_seconds`, `patience`). Only `AT_ONCE` processes are at work at once.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from whistle.clean import wire
from whistle.clean.isolation import strict
from whistle.clean.kinds import Kind, Source, kind_of_source
from whistle.clean.process import Process
from whistle.clean.result import PAGES, REASONS, REMOVED, Cleaned, Look, NotCleaned

__all__ = ["AT_ONCE", "MOST_OUT", "Source", "clean", "hear", "look", "strict"]

MIB: Final = 1024 * 1024
HELD: Final = 64 * MIB  # bytes of a file that is cleaned as a whole, and of what comes of it
MOST_OUT: Final = 4096 * MIB  # bytes that come of any file
LONGEST: Final = 1_000_000  # pixels of one side of what a picture shows
AT_ONCE: Final = 2  # processes that this one runs
TURN: Final = 20.0  # seconds to wait for one of them to end
_READ_AGAIN: Final = 8  # times over: recordings are gone through twice, and sound may lie far from its picture
_EFFORT: Final = {"hear": 32}  # times as much work for a byte: it is encoded anew
_LOUDER: Final = 8  # times as many bytes as the least that a phone records, which are few while nobody speaks
_SLOTS: Final = threading.BoundedSemaphore(AT_ONCE)

Write = Callable[[bytes], object]


def cpu_seconds(size: int) -> int:
    """Of computing: 30, and one more for every 8 MiB of the file, rounded up to 30, 60, 120 and so on.

    It stands in the process's arguments, where anybody on the machine would read the size off it.
    """
    seconds = 30
    while seconds < 30 + size // (8 * MIB):
        seconds *= 2
    return seconds


def patience(size: int) -> float:
    """Seconds on the clock: 60, and one more for every 2 MiB, since the file may come from a store far away."""
    return 60.0 + size / (2 * MIB)


def clean(source: Source, write: Write) -> Cleaned:
    """Clean a file; what comes of it goes to ``write`` in order, and counts for nothing unless this returns.

    Raises NotCleaned; what ``source`` and ``write`` raise goes through.
    """
    with _kind_known(source) as kind:
        most = HELD if kind.held else min(MOST_OUT, 2 * source.size + 16 * MIB)
        with _conversation(source, most, "clean", kind) as talk:
            for piece in talk.pieces():
                write(piece)
            return _cleaned(kind, talk.told, talk.came)


def look(source: Source, first: int, most: int) -> Look:
    """What a clean file looks like: a small picture, ``most`` pages of a document from ``first`` on, or its text.

    A recording looks like nothing. That the file is clean is not believed. Raises as `clean` does.
    """
    with _kind_known(source) as kind:
        if not kind.seen:
            return Look()
        room = wire.TEXT_MOST if kind.text else most * wire.PIECE_MOST
        with _conversation(source, room, "look", kind, first, most) as talk:
            return _look(kind, list(talk.pieces()), talk, most)


def hear(source: Source, write: Write) -> None:
    """A copy of a recording for listening, of the type `HEARD_AS`, goes to ``write`` as what `clean` makes does."""
    with _kind_known(source) as kind, _conversation(source, _LOUDER * source.size + 16 * MIB, "hear", kind) as talk:
        for place, piece in enumerate(talk.pieces()):
            if place == 0 and not piece.startswith(b"OggS"):
                raise NotCleaned("sandbox")
            write(piece)
        if not talk.came:
            raise NotCleaned("sandbox")


class _Conversation:
    """Ranges of a file are asked for and given, pieces come, until all is ``told``. ``came``: bytes of all pieces."""

    def __init__(self, process: Process, source: Source, most: int) -> None:
        self._process, self._source, self._most = process, source, most
        self.told: dict[str, Any] = {}
        self.came = 0

    def pieces(self) -> Iterator[bytes]:
        """The pieces as they come. Raises NotCleaned."""
        for _ in range(128 + (_READ_AGAIN * self._source.size + self._most) // wire.RANGE_MOST):
            what, start, length = wire.HEADER.unpack(self._process.read(wire.HEADER.size))
            if what == wire.RANGE and 0 < length <= wire.RANGE_MOST and start + length <= self._source.size:
                self._give(start, length)
            elif what == wire.PIECE and 0 < length <= wire.PIECE_MOST:
                yield self._take(length)
            elif what == wire.END and 0 < length <= wire.END_MOST:
                self.told = _object(self._process.read(length))
                return
            else:
                raise NotCleaned("sandbox")
        raise NotCleaned("limits")

    def _give(self, start: int, length: int) -> None:
        data = self._source.read(start, start + length)
        if len(data) != length:
            raise ValueError("a file is shorter than it says")
        self._process.write(data)

    def _take(self, length: int) -> bytes:
        self.came += length
        if self.came > self._most:
            raise NotCleaned("limits")
        return self._process.read(length)


@contextmanager
def _kind_known(source: Source) -> Iterator[Kind]:
    """What kind it is; every refusal then says so."""
    kind = kind_of_source(source)
    if kind is None:
        raise NotCleaned("kind")
    try:
        if kind.held and source.size > HELD:
            raise NotCleaned("large")
        yield kind
    except NotCleaned as error:
        raise NotCleaned(error.code, kind.media) from error


@contextmanager
def _conversation(source: Source, most: int, task: str, kind: Kind, *numbers: int) -> Iterator[_Conversation]:
    """A process that does its task, once it is its turn, and hands out at most ``most`` bytes."""
    if not _SLOTS.acquire(timeout=TURN):
        raise NotCleaned("busy")
    try:
        first = json.dumps([task, kind.code, source.size, *numbers]).encode()
        work = _EFFORT.get(task, 1) * source.size
        with Process(cpu_seconds(work), patience(work)) as process:
            process.write(wire.FIRST.pack(len(first)) + first)
            yield _Conversation(process, source, most)
    finally:
        _SLOTS.release()


def _object(line: bytes) -> dict[str, Any]:
    """The last words of a process. Raises NotCleaned, for a reason of its own where it gives one."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise NotCleaned("sandbox") from None
    if not isinstance(told, dict):
        raise NotCleaned("sandbox")
    if "refused" in told:
        known = isinstance(told["refused"], str) and told["refused"] in REASONS
        raise NotCleaned(told["refused"] if known else "sandbox")
    return told


def _cleaned(kind: Kind, told: dict[str, Any], size: int) -> Cleaned:
    media, removed = told.get("media"), told.get("removed")
    if not isinstance(removed, list) or not all(one in REMOVED for one in removed):
        raise NotCleaned("sandbox")
    if not isinstance(media, str) or media not in kind.gives or not size:
        raise NotCleaned("sandbox")
    return Cleaned(media, tuple(removed))


def _look(kind: Kind, pieces: list[bytes], talk: _Conversation, most: int) -> Look:
    pages = talk.told.get("pages")
    if type(pages) is not int or not 0 <= pages <= PAGES or len(pieces) > most:
        raise NotCleaned("sandbox")
    if kind.text:
        try:
            return Look(pages, (), b"".join(pieces).decode())
        except UnicodeDecodeError:
            raise NotCleaned("sandbox") from None
    if not all(piece.startswith(b"\xff\xd8\xff") for piece in pieces):
        raise NotCleaned("sandbox")
    return Look(pages, tuple(pieces), sizes=_sizes(talk.told.get("sizes"), len(pieces)))


def _sizes(told: object, number: int) -> tuple[tuple[int, int], ...]:
    """How large what ``number`` pictures show is. Raises NotCleaned."""
    if not isinstance(told, list) or len(told) != number:
        raise NotCleaned("sandbox")
    for size in told:
        if not isinstance(size, list) or len(size) != 2 or not all(_is_length(one) for one in size):
            raise NotCleaned("sandbox")
    return tuple((wide, high) for wide, high in told)


def _is_length(told: object) -> bool:
    return type(told) is int and 0 < told <= LONGEST
