"""Sealed files in a folder: durable before anybody is told, under random names, with no time on them.

A file is stored before the report that names it, so it first waits under the day on which it came (``new/DAY/``).
`settle`, once a day, moves what a report names into ``kept/`` and removes what none does: an upload that broke off. It
writes what it moves anew, in random order, so that neither names nor places on the disk tell what came together. The
store sees ciphertext only, and says nothing of what is in a file (docs/envelope.md, Files).
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from whistle.store.errors import Conflict, StoreUnavailable

ID: Final = 16
_NEW, _KEPT, _PART = "new", "kept", ".part"
_PIECE: Final = 1 << 20
_NO_TIME: Final = (0, 0)  # what a listing shows; the file system's own notes (ctime) stay (docs/threat-model.md)


class BlobMissing(Exception):
    """No file of that id is stored, or it is shorter than was asked for."""


class BlobFolder:
    """The files of one installation below ``folder``, which is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, id_: bytes, day: date, parts: Iterable[bytes]) -> None:
        """Store a file that came on ``day``; it is on the disk when this returns, or not there at all.

        Raises StoreUnavailable, and Conflict for an id that is taken. What ``parts`` raises goes through.
        """
        with _unavailable():
            if self._find(id_) is not None:
                raise Conflict("there is a file of that id")
            self._write(self._new(day) / id_.hex(), parts)

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
                    self._write(target, _pieces(path))
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

    def _write(self, path: Path, parts: Iterable[bytes]) -> None:
        """Whole or not at all: under another name until all of it is on the disk."""
        _make(path.parent, self.folder.parent)
        part = path.with_name(path.name + _PART)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb", buffering=0) as file:
                for data in parts:
                    _write_all(file.fileno(), data)
                os.utime(file.fileno(), _NO_TIME)
                os.fsync(file.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync(path.parent)


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
