"""Small files that every request asks for and hardly anybody changes: read again only when they were changed."""

import os
import time
from pathlib import Path

MOST = 64  # files that are remembered; a process asks for five
FRESH = 2_000_000_000  # nanoseconds for which a change may be followed by another that bears the same time

_Mark = tuple[int, int, int, int]
_known: dict[Path, tuple[_Mark, bytes]] = {}


def read(path: Path) -> bytes:
    """The bytes of ``path`` as they are now. Raises OSError.

    A file is taken for unchanged while device, inode, size and time of change are the same: the last of them the
    system sets by itself. It is asked before the reading, so what changes in between is read once more next time.
    """
    status = os.stat(path)
    mark = (status.st_dev, status.st_ino, status.st_size, status.st_ctime_ns)
    known = _known.get(path)
    if known is not None and known[0] == mark:
        return known[1]
    content = path.read_bytes()
    if time.time_ns() - status.st_ctime_ns > FRESH:
        if len(_known) >= MOST:
            _known.clear()
        _known[path] = (mark, content)
    return content
