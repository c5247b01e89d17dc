"""What of a table of counts the public may see: small counts are hidden, and nothing that is shown gives them away.

A count of 1 to 4 could point at who reported: it is shown as "<5". One count more is withheld beside it, else the total
would give the small one away. The total is public in any case: it is the number of leaves in the log of reports.

The rule withstands readers who know it. For each small count and each of 1, 2, 3, 4 there is another table, with that
very count, of which exactly the same would be shown. This holds because everything that the rule decides by is public:
which counts are small, the order in which a second one is looked for, and the sum of what is hidden. To take the
smallest second count, or as few as will do, would tell of the small ones by what was not taken (Wong, Fu, Wang, Pei:
Minimality Attack in Privacy Preserving Data Publishing, VLDB 2007). Where one count more is not enough, nothing is
broken down.

Tables of two editions must not count the same reports: then one cannot be taken from the other. See `windows`.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

LEAST: Final = 5  # a smaller count is not shown


class Hidden(Enum):
    """Why a count is not shown."""

    SMALL = "<5"  # it is one of 1 to 4
    WITHHELD = "-"  # it is 5 or more, and would give a small one away


Cell = int | Hidden


def suppress(counts: Mapping[str, int], order: Sequence[str]) -> Mapping[str, Cell] | None:
    """What is shown of ``counts``, row by row, when their total is known; None when it must not be broken down.

    ``order``: all rows, in the order in which a second count is looked for. It has to be public, and known before: the
    order of a list, or of what earlier editions showed. Raises ValueError for a negative count and for other rows.
    """
    if counts.keys() != set(order) or any(count < 0 for count in counts.values()):
        raise ValueError("the order names other rows, or a count is negative")
    small = [row for row in order if 0 < counts[row] < LEAST]
    if not small:
        return dict(counts)
    second = next((row for row in order if counts[row] >= LEAST), None)
    if second is None or not _all_possible(len(small), sum(counts[row] for row in [*small, second])):
        return None
    hidden = {row: Hidden.SMALL for row in small} | {second: Hidden.WITHHELD}
    return {row: hidden.get(row, count) for row, count in counts.items()}


def _all_possible(small: int, together: int) -> bool:
    """Whether each of so many small counts can be each of 1 to 4, if they and a second count are so many together.

    Any can be 4 when the others are 1 and the second is `LEAST`; then any can be less, since the second can be more.
    """
    return together >= (LEAST - 1) + (small - 1) + LEAST
