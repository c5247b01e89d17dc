"""Sealed files in a folder, with no time on them, and with some of the disk left to reports."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from whistle.crypto.pool import Pool
from whistle.store.blobs import BlobMissing, Blobs, BlobWriter, broke_off
from whistle.store.errors import Conflict, FilesUnavailable

_PART: Final = ".part"
_PIECE: Final = 1 << 20
_AT_ONCE: Final = 16 << 20  # bytes that are brought to the disk at once
KEPT_NAMES: Final = 1000  # files that the disk must still be able to begin: a database makes some to take a report
_NO_TIME: Final = (0, 0)  # what a listing shows; the file system's own notes (ctime) stay (docs/threat-model.md)

_THREADS: Final = Pool("blobs", 2)  # the disk is waited for beside the worker's other requests


class BlobFolder(Blobs):
    """The files below ``folder``, which is made when the first one comes."""

    def __init__(self, folder: Path, keep_free: int = 0) -> None:
        """``keep_free``: bytes of the disk that files never take, since reports need them; nor then its last inodes."""
        self.folder, self.keep_free = folder, keep_free

    def _listed(self, prefix: str) -> Iterator[tuple[str, int]]:
        for path in self._files(prefix):
            if path.suffix == _PART:
                continue
            with _unavailable():
                try:
                    size = path.stat().st_size
                except FileNotFoundError:  # it was removed since
                    continue
            yield path.relative_to(self.folder).as_posix(), size

    def _files(self, prefix: str) -> Iterator[Path]:
        """Files whose names begin with ``prefix``, whole or not."""
        above, slash, begin = prefix.rpartition("/")
        with _unavailable():
            for folder, _, names in os.walk(self.folder / above, onerror=_unless_missing):
                yield from (Path(folder, name) for name in names if name.startswith(begin))

    def _begin(self, name: str) -> BlobWriter:
        with _unavailable():
            return FolderWriter(self.folder / name, self.folder.parent, self.keep_free)

    def _range(self, name: str, start: int, stop: int) -> bytes | None:
        with _unavailable():
            try:
                file = open(self.folder / name, "rb", buffering=0, opener=_unnoticed)
            except FileNotFoundError:
                return None
            with file:
                return os.pread(file.fileno(), stop - start, start)

    def _pieces(self, name: str) -> Iterator[bytes]:
        with _unavailable():
            try:
                file = open(self.folder / name, "rb", buffering=0, opener=_unnoticed)
            except FileNotFoundError as error:
                raise BlobMissing from error
            with file:
                while piece := file.read(_PIECE):
                    yield piece

    def _delete(self, name: str) -> None:
        path = self.folder / name
        with _unavailable():
            try:
                path.unlink()
            except FileNotFoundError:
                return
            _THREADS.run(_sync, path.parent)

    def _sweep(self, before: date) -> int:
        swept = 0
        with _unavailable():
            for folder, _, _ in os.walk(self.folder, onerror=_unless_missing):
                os.utime(folder, _NO_TIME)  # an upload that broke off has left its moment there
        for path in self._files(""):
            name = path.relative_to(self.folder).as_posix()
            if path.suffix == _PART and broke_off(name.removesuffix(_PART).rpartition(".")[0], before):
                self._delete(name)
                swept += 1
        return swept


class FolderWriter(BlobWriter):
    """It has a name of its own until all of it is on the disk: what a killed writer left is in nobody's way."""

    def __init__(self, path: Path, above: Path, keep_free: int) -> None:
        """``path`` is below ``above``, which is there or can be made. Raises OSError."""
        _make(path.parent, above)
        self._path, self._keep_free = path, keep_free
        self._part = path.with_name(f"{path.name}.{secrets.token_hex(8)}{_PART}")
        self._check_room(0)
        self._check_names()
        self._file = open(self._part, "xb", buffering=0, opener=_private)
        self._unsynced = 0
        self._committed = False

    def write(self, data: bytes) -> None:
        with _unavailable():
            self._check_room(len(data))
            _write_all(self._file.fileno(), data)
            self.size += len(data)
            self._unsynced += len(data)
            if self._unsynced >= _AT_ONCE:  # not all of a large file at its end, while others wait for the disk
                _THREADS.run(os.fdatasync, self._file.fileno())
                self._unsynced = 0

    def commit(self) -> None:
        with _unavailable():
            os.utime(self._file.fileno(), _NO_TIME)
            _THREADS.run(os.fsync, self._file.fileno())
            self._file.close()
            try:
                os.link(self._part, self._path)  # fails where a rename would replace
            except FileExistsError as error:
                raise Conflict("there is a file of that id") from error
            self._committed = True
            self._part.unlink()
            _THREADS.run(_sync, self._path.parent)

    def abandon(self) -> None:
        if not self._committed:
            with contextlib.suppress(OSError):
                self._file.close()
                self._part.unlink(missing_ok=True)

    def _check_room(self, more: int) -> None:
        disk = os.statvfs(self._path.parent)
        if disk.f_bavail * disk.f_frsize - more < self._keep_free:
            raise OSError(errno.ENOSPC, "what is left of the disk is kept for reports")

    def _check_names(self) -> None:
        """Many small files use up the inodes of a disk long before its bytes. Some file systems count none."""
        disk = os.statvfs(self._path.parent)
        if self._keep_free and disk.f_files and disk.f_favail <= KEPT_NAMES:
            raise OSError(errno.ENOSPC, "what is left of the disk's inodes is kept for reports")


@contextlib.contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FilesUnavailable(f"a file cannot be stored or read: {error.strerror}") from error


def _unless_missing(error: OSError) -> None:
    """`os.walk` passes over what it cannot read; of ours only what is not made yet may be passed over."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _unnoticed(path: str, flags: int) -> int:
    """Without the file system's note of when it was read, which would tie a file to a row of the audit log."""
    try:
        return os.open(path, flags | os.O_CLOEXEC | os.O_NOATIME)
    except PermissionError:  # another user's file, or no such thing here
        return os.open(path, flags | os.O_CLOEXEC)


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
    """Bring a folder to the disk, and take away when it was changed last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.utime(descriptor, _NO_TIME)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
