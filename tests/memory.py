"""Where files lie that need not outlive a run of the tests: a database is made and changed mostly by writing files."""

import shutil

ROOM = 4 << 30  # bytes; a run with three processes takes a tenth of it


def folder() -> str | None:
    """A folder in memory with room to spare; None when there is none."""
    try:
        return "/dev/shm" if shutil.disk_usage("/dev/shm").free >= ROOM else None
    except OSError:
        return None
