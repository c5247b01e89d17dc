"""What cleaning a file, or looking at one, comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

Trace = Literal[
    "place", "device", "author", "time", "thumbnail", "comment", "history", "embedded", "script", "other",
]  # fmt: skip
"""What a file tells besides what is seen and heard, and cleaning removes."""
REMOVED: Final[tuple[Trace, ...]] = get_args(Trace)
"""All that can have been removed, from what gives most away to the rest."""

REASONS: Final = frozenset({"kind", "damaged", "locked", "large", "limits", "sandbox", "busy"})
PAGES: Final = 2000  # of one document


@dataclass(frozen=True)
class Cleaned:
    """What was handed out is of ``media`` type; ``removed`` are codes of `REMOVED`, in its order."""

    media: str
    removed: tuple[Trace, ...]


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


def ordered(found: Iterable[str]) -> tuple[Trace, ...]:
    """The codes in the order of `REMOVED`; what a sender names besides is none."""
    told = set(found)
    return tuple(code for code in REMOVED if code in told)
