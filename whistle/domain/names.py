"""Find what in a reporter's own text may give the reporter away, so that a page can ask before anything is sent.

A helper's glance, not a guarantee: it asks a kind question beside the place and removes nothing. It leans to silence on
sums, dates, years, clock times, offices and numbers of laws, since who is warned too often stops reading.
"""

from collections.abc import Callable
from dataclasses import dataclass

from whistle.domain.identifying_numbers import numbers, plates, queue_numbers, without_harmless
from whistle.domain.identifying_places import addresses, online
from whistle.domain.own_names import own_names
from whistle.domain.patterns import Kind, Places

RULES: tuple[Callable[[str, str], Places], ...] = (numbers, queue_numbers, plates, addresses, online, own_names)


@dataclass(frozen=True)
class Finding:
    """``text[start:end]`` is ``excerpt`` and may identify the reporter."""

    kind: Kind
    excerpt: str
    start: int
    end: int


def find_identifying(text: str) -> list[Finding]:
    """What may identify the reporter, in the text's order; findings do not overlap. Linear time, also for nonsense."""
    quiet = without_harmless(text)
    hits = [(start, -end, kind) for rule in RULES for kind, start, end in rule(text, quiet)]
    found: list[tuple[Kind, int, int]] = []
    for start, minus_end, kind in sorted(hits):
        if not found or start >= found[-1][2]:
            found.append((kind, start, -minus_end))
        elif -minus_end > found[-1][2]:  # they overlap: one longer place, of the kind that begins first
            first = found.pop()
            found.append((first[0], first[1], -minus_end))
    return [Finding(kind, text[start:end], start, end) for kind, start, end in found]
