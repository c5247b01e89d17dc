"""A small file system in memory, made for a test, to be filled to the brim."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PIECE = 64 * 1024


class SmallDisk:
    """``folder`` lies on it. What `fill` takes, `make_room` gives back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Take all that is free but ``leave`` bytes."""
        with self._ballast.open("ab", buffering=0) as ballast:
            size = PIECE
            while size >= 1:
                if self.free() - size < leave:
                    size //= 2
                    continue
                try:
                    if not ballast.write(b"\0" * size):
                        size //= 2
                except OSError:
                    size //= 2

    def make_room(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink(missing_ok=True)

    def free(self) -> int:
        """Free bytes."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int, owner: int | None = None, files: int = 0) -> Iterator[SmallDisk]:
    """A file system of that size below ``folder``, with room for so many ``files`` (0: for what its size gives).

    Skips the test where this user may not mount one.
    """
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m,mode=0755" + (f",nr_inodes={files}" if files else "")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)],
        capture_output=True,
        text=True,
    )
    if made.returncode:
        pytest.skip(f"a small file system needs a user who may mount one: {made.stderr.strip()}")
    try:
        if owner is not None:
            os.chown(folder, owner, -1)
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
