"""Which months are counted together where something is broken down in public: no month twice, so nothing to subtract.

Twelve months up to each month would show more, and give it away again: two such tables differ by one month less another
one, and a month without a report at an office makes the other month's small count known. See
docs/decisions/0025-suppression.md.
"""

from collections.abc import Sequence
from typing import Final

ENOUGH: Final = 30  # reports: fewer are hardly ever broken down without all being hidden
LONGEST: Final = 12  # months


def windows(received: Sequence[int], enough: int = ENOUGH, longest: int = LONGEST) -> list[range]:
    """The runs of months that are counted together, by the number of reports ``received`` in each month so far.

    Each begins after the one before and is the shortest with ``enough`` reports, or has ``longest`` months. The last
    months may belong to none yet. Nothing but public numbers decides, so that no end of a run tells of what is in it;
    and later months change no earlier run, since what was published stays.
    """
    runs, start, reports = list[range](), 0, 0
    for month, count in enumerate(received):
        reports += count
        if reports >= enough or month + 1 - start == longest:
            runs.append(range(start, month + 1))
            start, reports = month + 1, 0
    return runs
