"""What cleaning a file comes to."""

from dataclasses import dataclass

REMOVED = ("place", "device", "author", "time", "thumbnail", "comment", "history", "embedded", "script", "other")
"""What can have been removed, from what gives most away to the rest."""


@dataclass(frozen=True)
class Cleaned:
    """``data`` is what may be shown, of ``media`` type; ``removed`` are codes of `REMOVED`, in its order."""

    data: bytes
    media: str
    removed: tuple[str, ...]


class NotCleaned(Exception):
    """The file was not cleaned and must not be shown as if it were. ``code`` says why:

    "kind" (none that is known), "damaged" (not what it seems to be), "locked" (by a password), "large" (more in it than
    may be), "limits" (time or memory ran out), "sandbox" (the process ended by itself).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ordered(found: set[str]) -> tuple[str, ...]:
    """The codes in the order of `REMOVED`."""
    return tuple(code for code in REMOVED if code in found)
