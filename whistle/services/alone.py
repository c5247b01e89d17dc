"""One piece of work at a time, among all workers of a machine, without a trace of it.

A range of an empty file is locked, not a file of its own: no name, no content and no time tells of the work, and the
kernel frees the range when a worker is killed. Whoever locks the same name beside it is told so, and does not wait.
"""

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LOCK: Final = "hhqqi0q"  # struct flock: type, whence, start, length, process
_NO_TIME: Final = (0, 0)


@contextmanager
def alone(file: Path, name: bytes) -> Iterator[bool]:
    """Whether nobody else is at work under that name (8 random bytes at least) as long as the ``with`` lasts.

    Where the file cannot be locked, as on some network folders, everybody is alone: it saves work, and guards nothing.
    """
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield True
        return
    try:
        yield _lock(descriptor, int.from_bytes(name[:8], "big") >> 1)
    finally:
        os.close(descriptor)  # and with it the lock


def _lock(descriptor: int, place: int) -> bool:
    try:
        os.utime(descriptor, _NO_TIME)  # else it would tell when the first work was done here
        # Of the open file and not of the process (F_SETLK), which would be let in once more
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, struct.pack(_LOCK, fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0))
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
