"""Typed text as it is kept: what people wrote, without what they cannot see.

Control characters break what shows the text later. Direction overrides can make one text look like another (a file
name, an amount). Both are taken out, and the page says so; nothing visible is ever changed.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from whistle.domain.composed import nfc

Removed = Literal["control", "direction"]

# U+202A-202E and U+2066-2069 turn the direction of what follows (Unicode UAX 9).
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Joiners hold emoji and several scripts together; the three marks belong to Arabic and Hebrew text and are harmless.
KEPT_FORMAT = frozenset("\u200c\u200d\u200e\u200f\u061c")
LAYOUT = frozenset("\n\t")
PLAIN = re.compile(r"[\n\t\x20-\x7e]*")


@dataclass(frozen=True)
class Cleaned:
    """The text to keep, and what kinds of invisible characters are no longer in it."""

    text: str
    removed: frozenset[Removed]


def clean(typed: str) -> Cleaned:
    """One kind of line end, composed (NFC), no invisible character but the harmless ones, no space around it."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if PLAIN.fullmatch(text):
        return Cleaned(text.strip(), frozenset())
    removed: set[Removed] = set()
    if DIRECTION.search(text):
        removed.add("direction")
    kept = []
    for char in nfc(text):
        category = unicodedata.category(char)
        if category == "Cc" and char not in LAYOUT:
            removed.add("control")
        elif category == "Cs" or (category == "Cf" and char not in KEPT_FORMAT):
            continue
        else:
            kept.append(char)
    return Cleaned("".join(kept).strip(), frozenset(removed))
