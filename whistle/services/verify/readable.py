"""Whether another user could read a file, as its mode and owner tell (access lists are not looked at)."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class User:
    """A user by number and groups; ``name`` is the number for one whom the machine does not know."""

    name: str
    uid: int
    groups: frozenset[int]


def user(uid: int) -> User:
    """The user of this number, with every group that they are in."""
    try:
        known = pwd.getpwuid(uid)
    except KeyError:
        return User(str(uid), uid, frozenset())
    return User(known.pw_name, uid, frozenset(os.getgrouplist(known.pw_name, known.pw_gid)))


def by(who: User, path: Path) -> bool:
    """Whether ``who`` could read ``path``: may enter each folder above it, and open it. Raises OSError."""
    path = path.resolve()
    enters = all(_may(who, folder, stat.S_IXOTH) for folder in path.parents)
    return enters and _may(who, path, stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0))


def _may(who: User, path: Path, wanted: int) -> bool:
    """``wanted`` as the last three bits of a mode."""
    if who.uid == 0:
        return True
    found = path.stat()
    shift = 6 if found.st_uid == who.uid else 3 if found.st_gid in who.groups else 0
    return (found.st_mode >> shift) & wanted == wanted
