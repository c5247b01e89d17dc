"""Sealed files, in a folder or in an object store: durable before anybody is told, under random names.

A file is stored before the report that names it, so it first waits under the day on which it came. `Blobs.settle`,
once a day, writes anew what a report names, in random order, so that neither names nor times nor places on a disk tell
what came together; what nothing names it removes: an upload that was never sent. A store sees ciphertext only, and says
nothing of what is in a file (docs/envelope.md, Files; docs/decisions/0022-blobs.md).
"""

import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from whistle.store.errors import Conflict

ID: Final = 16

# A file's name below the folder or the prefix: new/3f/3f…a0.2026-10-05, then kept/3f/3f…a0. The folder in between
# keeps directories small, so that a name is found as fast among a million.
_NEW, _KEPT = "new/", "kept/"
_NAME: Final = re.compile(r"(?:new/../([0-9a-f]{32})\.(\d{4}-\d\d-\d\d)|kept/../([0-9a-f]{32}))")


class BlobMissing(Exception):
    """No file of that id is stored, or it is shorter than was asked for."""


@dataclass(frozen=True)
class Lying:
    """A file as the store holds it, whole: its ``name`` and its stored bytes.

    ``id`` is None under a name that is no file's, where nothing looks for it; ``day``: as long as it waits.
    """

    name: str
    size: int
    id: bytes | None
    day: date | None


class BlobWriter(ABC):
    """A file on its way: stored as a whole by `commit`, or not at all.

    ``with`` it: what was not committed at the end is given up.
    """

    size = 0
    """Bytes that were written."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.abandon()

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Add to the end. Raises FilesUnavailable."""

    @abstractmethod
    def commit(self) -> None:
        """The file is stored durably, whole and under its name, when this returns. Raises as `Blobs.put`."""

    @abstractmethod
    def abandon(self) -> None:
        """Take away what was written, unless it was committed. Raises nothing: what stays goes when files settle."""


class Blobs(ABC):
    """The files of one installation. Every method raises FilesUnavailable, and ValueError for an id of another size."""

    def create(self, id_: bytes, day: date) -> BlobWriter:
        """Begin a file that comes on ``day``: it is stored once its writer is committed, and not at all otherwise.

        Raises Conflict for an id that is taken, here or when it is committed.
        """
        if any(self._is_there(name) for name in self._places(id_)):
            raise Conflict("there is a file of that id")
        return self._begin(_new(id_) + day.isoformat())

    def put(self, id_: bytes, day: date, parts: Iterable[bytes]) -> None:
        """Store a file that came on ``day``; it is durable when this returns, or not there at all.

        Raises as `create` does. What ``parts`` raises goes through.
        """
        with self.create(id_, day) as writer:
            for data in parts:
                writer.write(data)
            writer.commit()

    def read(self, id_: bytes, start: int, stop: int) -> bytes:
        """The stored bytes from ``start`` up to, not including, ``stop``: one at least. Raises BlobMissing."""
        if not 0 <= start < stop:
            raise ValueError("at least one byte is read")
        for name in self._places(id_):
            data = self._range(name, start, stop)
            if data is not None and len(data) == stop - start:
                return data
        raise BlobMissing

    def size(self, id_: bytes) -> int:
        """How many bytes are stored of a file. Raises BlobMissing."""
        for prefix in (_kept(id_), _new(id_), _kept(id_)):  # as `_places` looks
            for name, size in self._listed(prefix):
                if _lying(name, size).id == id_:
                    return size
        raise BlobMissing

    def remove(self, id_: bytes) -> None:
        """Remove a file, if it is there."""
        for name in self._places(id_):
            self._delete(name)

    def ids(self) -> Iterator[bytes]:
        """The ids of all files that are stored as a whole."""
        for lying in self.inventory():
            if lying.id is not None:
                yield lying.id

    def inventory(self) -> Iterator[Lying]:
        """All that is stored as a whole; what is renamed by hand is in it as well, if not out of both folders."""
        for name, size in chain(self._listed(_NEW), self._listed(_KEPT)):  # in the order in which `settle` moves them
            yield _lying(name, size)

    def settle(
        self,
        before: date,
        named: Callable[[Collection[bytes]], Collection[bytes]],
        patience: timedelta = timedelta(),
    ) -> tuple[int, int]:
        """Of the files that came before a day keep those that ``named`` returns, and remove the others.

        What is not named may be yet, since a report may follow its files after midnight: it has ``patience`` more. How
        many were kept and removed; interrupted, it goes on the next time.
        """
        long_ago = before - patience
        removed = self._sweep(long_ago)
        waiting = dict(self._waiting(before))
        wanted = set(named(set(waiting.values())))
        for name, id_ in self._waiting(long_ago):  # first, to have the room
            if id_ not in wanted:
                self._delete(name)
                removed += 1
        names = [name for name, id_ in waiting.items() if id_ in wanted]
        secrets.SystemRandom().shuffle(names)
        for name in names:
            self._keep(name, _kept(waiting[name]))
        return len(names), removed

    def _waiting(self, before: date) -> Iterator[tuple[str, bytes]]:
        for name in self._names(_NEW):
            found = _NAME.fullmatch(name)
            if found and found[2] < before.isoformat():
                yield name, bytes.fromhex(found[1])

    def _keep(self, name: str, kept: str) -> None:
        with suppress(BlobMissing):  # it was removed meanwhile
            if not self._is_there(kept):  # else the last time ended between the two
                with self._begin(kept) as writer:
                    for data in self._pieces(name):
                        writer.write(data)
                    writer.commit()
        self._delete(name)

    def _places(self, id_: bytes) -> Iterator[str]:
        """Where a file is, if it is there; looked up one after the other, as they are asked for."""
        yield _kept(id_)
        yield from self._names(_new(id_))
        yield _kept(id_)  # it was settled since

    def _is_there(self, name: str) -> bool:
        return self._range(name, 0, 1) is not None

    def _names(self, prefix: str) -> Iterator[str]:
        """The names of stored files that begin with ``prefix``."""
        return (name for name, _ in self._listed(prefix))

    @abstractmethod
    def _listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The names of stored files that begin with ``prefix``, each with its bytes."""

    @abstractmethod
    def _begin(self, name: str) -> BlobWriter:
        """A writer for a file of that name."""

    @abstractmethod
    def _range(self, name: str, start: int, stop: int) -> bytes | None:
        """The bytes from ``start`` to ``stop``, fewer at the end of the file; None without a file of that name."""

    @abstractmethod
    def _pieces(self, name: str) -> Iterator[bytes]:
        """A file from its beginning to its end. Raises BlobMissing."""

    @abstractmethod
    def _delete(self, name: str) -> None:
        """Remove a file, if it is there."""

    @abstractmethod
    def _sweep(self, before: date) -> int:
        """Remove what broke off, where `broke_off` says so of the name that it was for; how many there were."""


def blob_store(url: str, keep_free: int) -> Blobs:
    """Where ``url`` says: ``file:///folder`` (see `BlobFolder` for ``keep_free``), or ``s3://bucket/prefix``.

    Takes what `config.Settings` has looked at. What one of the two needs is loaded for it alone.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        from whistle.store.blobs_s3 import BlobBucket

        return BlobBucket(parts.netloc, parts.path.strip("/"))
    from whistle.store.blobs_folder import BlobFolder

    return BlobFolder(Path(unquote(parts.path)), keep_free)


def broke_off(name: str, before: date) -> bool:
    """Whether nobody goes on writing the file that is to get that name.

    A reporter may, on the day of the upload and the next. Under ``kept/`` only `settle` writes, one at a time.
    """
    found = _NAME.fullmatch(name)
    return found is not None and (found[2] is None or found[2] < before.isoformat())


def _lying(name: str, size: int) -> Lying:
    found = _NAME.fullmatch(name)
    if found is None:
        return Lying(name, size, None, None)
    id_, day = bytes.fromhex(found[1] or found[3]), None
    with suppress(ValueError):
        day = date.fromisoformat(found[2]) if found[2] else None
    place = f"{_new(id_)}{day}" if found[2] else _kept(id_)
    return Lying(name, size, id_ if name == place else None, day)


def _new(id_: bytes) -> str:
    """What the name of a waiting file begins with; its day follows."""
    return f"{_NEW}{_hex(id_)[:2]}/{_hex(id_)}."


def _kept(id_: bytes) -> str:
    return f"{_KEPT}{_hex(id_)[:2]}/{_hex(id_)}"


def _hex(id_: bytes) -> str:
    if len(id_) != ID:
        raise ValueError(f"an id has {ID} bytes")
    return id_.hex()
