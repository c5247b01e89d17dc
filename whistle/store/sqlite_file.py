"""SQLite's file, as the file system knows it: made once, by a migration, and never taken for another one.

SQLite goes on writing to a file that somebody has moved away or deleted, and makes an empty one where none is. Both
would acknowledge reports that nobody finds again. So a connection remembers which files it opened, and is not used
when other files, or none, stand in their place.
"""

import os
import sqlite3
from typing import Any

from sqlalchemy import URL, exc, make_url

from whistle.store.errors import StoreUnavailable

Files = tuple[tuple[int, int] | None, ...]  # device and inode of the database, its log and the log's index

ROOM = 1_000_000  # bytes that stay for reports while the file is copied
_BESIDE = ("", "-wal", "-shm")
_KNOWN = "peluit_files"  # in the pool's own notes on a connection


class Keepable(sqlite3.Connection):
    """A connection that does not close any more when it is to be kept."""

    keep = False

    def close(self) -> None:
        """As sqlite3's."""
        if not self.keep:
            super().close()


_kept: dict[Any, Keepable] = {}


def path_of(url: str | URL) -> str:
    """The absolute path of a ``sqlite:///`` address."""
    return os.path.abspath(str(make_url(url).database))


def make(path: str) -> None:
    """Make an empty file where there is none: it, and with it SQLite's log, is readable by its owner only.

    Raises StoreUnavailable.
    """
    try:
        # Never opened when it is there: closing it would drop the locks that SQLite holds on it in this process.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be made: {error.strerror}") from error


def check_usable(path: str) -> None:
    """Raises StoreUnavailable for a file that is not there or cannot be written.

    SQLite would open what it may only read, and go on failing with it when it can be written again.
    """
    if not os.path.exists(path):
        raise StoreUnavailable(f"{path} is not there")
    if not os.access(path, os.R_OK | os.W_OK):
        raise StoreUnavailable(f"{path} cannot be written")


def check_room(path: str) -> None:
    """Raises StoreUnavailable where a second copy of the file would fill the disk, which reports need."""
    try:
        size, disk = os.stat(path).st_size, os.statvfs(os.path.dirname(path))
    except OSError as error:
        raise StoreUnavailable(f"{path}: {error.strerror}") from error
    free, needed = disk.f_bavail * disk.f_frsize, size + size // 10 + ROOM
    if free < needed:
        told = f"{needed / 1e6:.0f} MB must be free on the disk of {path}, and {free / 1e6:.0f} MB are"
        raise StoreUnavailable(f"to rewrite the tables {told}")


def remember(record: Any, path: str) -> None:
    """Note which files a new connection has opened; ``record`` is the pool's."""
    record.info[_KNOWN] = _files(path)


def check_out(connection: sqlite3.Connection, record: Any, path: str) -> None:
    """For the pool, before a connection is used: have it opened anew when its files are not there any more.

    One that knows them stays open: what was deleted can be copied as long as somebody holds it (docs/operating.md).
    """
    known = record.info.get(_KNOWN)
    if known == _files(path):
        return
    if isinstance(connection, Keepable) and known not in _kept:
        connection.keep = True
        _kept[known] = connection
    raise exc.DisconnectionError("the database's files are not those that were opened")


def in_place(info: Any, path: str) -> bool:
    """Whether the files that a connection wrote to are still those that stand at ``path``."""
    return bool(info.get(_KNOWN) == _files(path))


def _files(path: str) -> Files:
    return tuple(_identity(path + suffix) for suffix in _BESIDE)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
