"""The floor: the lowest sequence that the newest manifest may have, kept outside of the database.

It stands in two files. keys/manifest.floor goes with the trust root and is written by hands; manifest.floor in the
data folder is raised by every process that verified a higher manifest, so that none has to be told. Whoever raises it,
it belongs to the owner of its folder and everybody may read it: it is no secret, and whoever serves must know it.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from whistle.services import small_file

NAME = "manifest.floor"
LOWEST = 1
READABLE = 0o644


def read(folder: Path) -> int:
    """The floor in ``folder``; 1 where none was written. Raises ValueError when the file holds no number."""
    try:
        return int(small_file.read(folder / NAME))
    except FileNotFoundError:
        return LOWEST


def raise_to(folder: Path, sequence: int) -> None:
    """Refuse from now on every manifest older than ``sequence``. Never lowers; whole or not at all on a crash."""
    with _locked(folder):
        if read(folder) >= sequence and (folder / NAME).exists():
            return
        fresh = folder / f"{NAME}.new"
        fresh.unlink(missing_ok=True)
        # Made anew and never followed: whoever owns the folder must not turn root's hand to another file.
        with open(fresh, "x", encoding="ascii") as file:
            _for_whoever_serves(file.fileno(), folder)
            file.write(f"{sequence}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / NAME)


def raise_if_possible(folder: Path, sequence: int) -> None:
    """As `raise_to`; a folder that cannot be written to leaves the floor where it is, and closes nothing."""
    with contextlib.suppress(OSError):
        if read(folder) < sequence or not (folder / NAME).exists():
            raise_to(folder, sequence)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time. The folder itself is locked: a file for it would be root's, and shut out who serves."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _for_whoever_serves(descriptor: int, folder: Path) -> None:
    """Readable by all, whatever the umask, and the folder's owner's and group's where this user may give it away."""
    os.fchmod(descriptor, READABLE)
    owner = folder.stat()
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
