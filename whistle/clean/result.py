"""What cleaning a file, or looking at one, comes to."""

from dataclasses import dataclass
from typing import Final

REMOVED: Final = (
    "place", "device", "author", "time", "thumbnail", "comment", "history", "embedded", "script", "other",
)  # fmt: skip
"""What can have been removed, from what gives most away to the rest."""

REASONS: Final = frozenset({"kind", "damaged", "locked", "large", "limits", "sandbox", "busy"})
PAGES: Final = 2000  # of one document


@dataclass(frozen=True)
class Cleaned:
    """What was handed out is of ``media`` type; ``removed`` are codes of `REMOVED`, in its order."""

    media: str
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """What a file looks like: ``pages`` of a document (0 for anything else), some ``pictures`` (JPEG), or its text.

    Of a document there may be fewer pictures than were asked for, but one. ``sizes``, one for each of ``pictures``: how
    wide and high what it shows is, upright, in pixels; of a page the picture itself.
    """

    pages: int = 0
    pictures: tuple[bytes, ...] = ()
    text: str = ""
    sizes: tuple[tuple[int, int], ...] = ()


class NotCleaned(Exception):
    """The file was not cleaned and must not be shown as if it were. ``code`` says why:

    "kind" (none that is known), "damaged" (not what it seems to be), "locked" (by a password), "large" (more in it than
    may be), "limits" (time, memory or room ran out), "sandbox" (the process ended by itself, or said what it may not),
    "busy" (too many others are being cleaned). ``media`` is the type that the file seems to be of; "" for none.
    """

    def __init__(self, code: str, media: str = "") -> None:
        super().__init__(code)
        self.code, self.media = code, media


def ordered(found: set[str]) -> tuple[str, ...]:
    """The codes in the order of `REMOVED`."""
    return tuple(code for code in REMOVED if code in found)
