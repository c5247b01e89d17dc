"""Words that people type from paper: read forgivingly, and named with what they may have meant."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

SUGGESTIONS: Final = 3
MOST_SLIPS: Final = 2


def tokens(text: str, most: int) -> list[str]:
    """Runs of the letters a-z in the first ``most`` characters.

    Accents, digits, punctuation and invisible marks (soft hyphen, zero width) go.
    """
    plain = unicodedata.normalize("NFKD", text[:most])
    kept = "".join(char for char in plain if unicodedata.category(char) not in {"Cf", "Mn"})
    return re.findall("[a-z]+", kept.lower())


def near(token: str, words: Iterable[str], longest: int) -> tuple[str, ...]:
    """Up to three of ``words`` at most two slips away, the nearest first; people seldom miss the first letter.

    ``longest``: letters of the longest word; of a longer token the rest is not looked at.
    """
    typed = token[:longest]
    letters = set(typed)
    alike = [word for word in words if len(letters.symmetric_difference(word)) <= 2 * MOST_SLIPS]
    ranked = [(_slips(typed, word), word[0] != typed[0], word) for word in alike]
    return tuple(word for slips, _, word in sorted(ranked)[:SUGGESTIONS] if slips <= MOST_SLIPS)


def _slips(typed: str, meant: str) -> int:
    """Letters wrong, missing, too many, or two changed over (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, a in enumerate(typed):
        older, before, row = before, row, [i + 1]
        for j, b in enumerate(meant):
            slips = min(before[j + 1] + 1, row[j] + 1, before[j] + (a != b))
            if i and j and a == meant[j - 1] and typed[i - 1] == b:
                slips = min(slips, older[j - 1] + 1)
            row.append(slips)
    return row[-1]
