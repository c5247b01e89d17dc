"""Sealed files in a folder: durable before anybody is told, under random names, with no time on them.

A file is stored before the report that names it, so it first waits under the day on which it came (``new/DAY/``).
`settle`, once a day, moves what a report names into ``kept/`` and removes what none does: an upload that broke off. It
writes what it moves anew, in random order, so that neither names nor places on the disk tell what came together. The
store sees ciphertext only, and says nothing of what is in a file (docs/envelope.md, Files).
"""

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from whistle.crypto.pool import Pool
from whistle.store.errors import Conflict, StoreUnavailable

ID: Final = 16
_NEW, _KEPT, _PART = "new", "kept", ".part"
_PIECE: Final = 1 << 20
_AT_ONCE: Final = 16 << 20  # bytes that are brought to the disk at once
_NO_TIME: Final = (0, 0)  # what a listing shows; the file system's own notes (ctime) stay (docs/threat-model.md)

_THREADS: Final = Pool("blobs", 2)  # the disk is waited for beside the worker's other requests


class BlobMissing(Exception):
    """No file of that id is stored, or it is shorter than was asked for."""


class BlobFolder:
    """The files of one installation below ``folder``, which is made when the first one comes."""

    def __init__(self, folder: Path, keep_free: int = 0) -> None:
        self.folder = folder
        self.keep_free = keep_free  # bytes of the disk that files never take: reports need them

    def create(self, id_: bytes, day: date) -> "BlobWriter":
        """Begin a file that comes on ``day``: it is stored once its writer is committed, and not at all otherwise.

        Raises StoreUnavailable, also when the disk has to keep what is left for reports, and Conflict for an id that
        is taken.
        """
        with _unavailable():
            if self._find(id_) is not None:
                raise Conflict("there is a file of that id")
            return BlobWriter(self._new(day) / id_.hex(), self.folder.parent, self.keep_free)

    def put(self, id_: bytes, day: date, parts: Iterable[bytes]) -> None:
        """Store a file that came on ``day``; it is on the disk when this returns, or not there at all.

        Raises as `create` does. What ``parts`` raises goes through.
        """
        with self.create(id_, day) as writer, _unavailable():
            for data in parts:
                writer.write(data)
            writer.commit()

    def read(self, id_: bytes, start: int, stop: int) -> bytes:
        """The stored bytes from ``start`` up to, not including, ``stop``. Raises BlobMissing, StoreUnavailable."""
        with _unavailable():
            path = self._find(id_)
            if path is None:
                raise BlobMissing
            try:
                file = open(path, "rb", buffering=0)
            except FileNotFoundError:  # it was settled since it was found
                file = open(self._kept(id_), "rb", buffering=0)
            with file:
                data = os.pread(file.fileno(), stop - start, start)
        if len(data) != stop - start:
            raise BlobMissing
        return data

    def remove(self, id_: bytes) -> None:
        """Remove a file, if it is there. Raises StoreUnavailable."""
        with _unavailable():
            path = self._find(id_)
            if path is not None:
                path.unlink()
                _sync(path.parent)

    def ids(self) -> Iterator[bytes]:
        """The ids of all files that are stored as a whole. Raises StoreUnavailable."""
        with _unavailable():
            for path in (*self.folder.glob(f"{_NEW}/*/*"), *self.folder.glob(f"{_KEPT}/*/*")):
                if not path.name.endswith(_PART):
                    yield bytes.fromhex(path.name)

    def settle(self, before: date, named: Callable[[Collection[bytes]], Collection[bytes]]) -> tuple[int, int]:
        """Of the files that came before a day keep those that ``named`` returns, and remove the others.

        A report may follow its files after midnight, so ``before`` is a day that has been over for one more. How many
        were kept and removed; interrupted, it goes on the next time. Raises StoreUnavailable.
        """
        with _unavailable():
            waiting = [path for day in self._days(before) for path in day.iterdir()]
            whole = {path: bytes.fromhex(path.name) for path in waiting if not path.name.endswith(_PART)}
            wanted = set(named(list(whole.values())))
            kept = [path for path, id_ in whole.items() if id_ in wanted]
            secrets.SystemRandom().shuffle(kept)
            for path in kept:
                target = self._kept(whole[path])
                if not target.exists():
                    self._copy(path, target)
            for path in waiting:
                path.unlink()
            for day in self._days(before):
                day.rmdir()
                _sync(day.parent)
        return len(kept), len(waiting) - len(kept)

    def _days(self, before: date) -> list[Path]:
        return [path for path in self.folder.glob(f"{_NEW}/*") if path.name < before.isoformat()]

    def _new(self, day: date) -> Path:
        return self.folder / _NEW / day.isoformat()

    def _kept(self, id_: bytes) -> Path:
        return self.folder / _KEPT / id_.hex()[:2] / id_.hex()

    def _find(self, id_: bytes) -> Path | None:
        if len(id_) != ID:
            raise ValueError(f"an id has {ID} bytes")
        places = (self._kept(id_), *self.folder.glob(f"{_NEW}/*/{id_.hex()}"))
        return next((path for path in places if path.exists()), None)

    def _copy(self, source: Path, target: Path) -> None:
        with BlobWriter(target, self.folder.parent) as writer:
            for data in _pieces(source):
                writer.write(data)
            writer.commit()


class BlobWriter:
    """A file on its way: whole or not at all, since it has another name until all of it is on the disk.

    ``with`` it: what was not committed at the end is gone.
    """

    def __init__(self, path: Path, above: Path, keep_free: int = 0) -> None:
        _make(path.parent, above)
        self._path, self._part, self._keep_free = path, path.with_name(path.name + _PART), keep_free
        self._check_room()
        self._file = open(self._part, "wb", buffering=0, opener=_private)
        self._unsynced = 0
        self.size = 0

    def __enter__(self) -> "BlobWriter":
        return self

    def __exit__(self, *_error: object) -> None:
        self.abandon()

    def write(self, data: bytes) -> None:
        """Add to the end. Raises StoreUnavailable."""
        with _unavailable():
            _write_all(self._file.fileno(), data)
            self.size += len(data)
            self._unsynced += len(data)
            if self._unsynced >= _AT_ONCE:  # not all of a large file at its end, while others wait for the disk
                self._check_room()
                self._sync()

    def commit(self) -> None:
        """The file is on the disk, whole and under its name, when this returns. Raises StoreUnavailable."""
        with _unavailable():
            os.utime(self._file.fileno(), _NO_TIME)
            _THREADS.run(os.fsync, self._file.fileno())
            self._file.close()
            self._part.rename(self._path)
            _THREADS.run(_sync, self._path.parent)

    def abandon(self) -> None:
        """Take away what was written, unless it was committed."""
        if not self._file.closed:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def _sync(self) -> None:
        _THREADS.run(os.fdatasync, self._file.fileno())
        self._unsynced = 0

    def _check_room(self) -> None:
        disk = os.statvfs(self._path.parent)
        if disk.f_bavail * disk.f_frsize < self._keep_free:
            raise OSError(errno.ENOSPC, "what is left of the disk is kept for reports")


@contextlib.contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"a file cannot be stored or read: {error.strerror}") from error


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _pieces(path: Path) -> Iterator[bytes]:
    with open(path, "rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            yield piece


def _make(folder: Path, above: Path) -> None:
    """Make a folder and those over it up to ``above``, durably and for their owner alone."""
    if folder.is_dir():
        return
    if folder != above:
        _make(folder.parent, above)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
