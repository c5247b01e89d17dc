"""The floor: the lowest sequence that the newest manifest may have, kept outside of the database.

It stands in two files. keys/manifest.floor goes with the trust root and is written by hands; manifest.floor in the
data folder is raised by every process that verified a higher manifest, so that none has to be told.
"""

import contextlib
import fcntl
import os
from pathlib import Path

from whistle.services import small_file

NAME = "manifest.floor"
LOWEST = 1


def read(folder: Path) -> int:
    """The floor in ``folder``; 1 where none was written. Raises ValueError when the file holds no number."""
    try:
        return int(small_file.read(folder / NAME))
    except FileNotFoundError:
        return LOWEST


def raise_to(folder: Path, sequence: int) -> None:
    """Refuse from now on every manifest older than ``sequence``. Never lowers; whole or not at all on a crash."""
    with (folder / f"{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if read(folder) >= sequence and (folder / NAME).exists():
            return
        fresh = folder / f"{NAME}.new"
        with fresh.open("w", encoding="ascii") as file:
            file.write(f"{sequence}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / NAME)


def raise_if_possible(folder: Path, sequence: int) -> None:
    """As `raise_to`; a folder that cannot be written to leaves the floor where it is, and closes nothing."""
    with contextlib.suppress(OSError):
        if read(folder) < sequence or not (folder / NAME).exists():
            raise_to(folder, sequence)
