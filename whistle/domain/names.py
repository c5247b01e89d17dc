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
        else:  # they overlap: one place
            first, begin, end = found.pop()
            found.append((_graver(first, kind), begin, max(end, -minus_end)))
    return [Finding(kind, text[start:end], start, end) for kind, start, end in found]


def _graver(first: Kind, second: Kind) -> Kind:
    """What to ask about a place that two rules found: "nomor saya 0812..." is a telephone before a queue's number."""
    return second if first == "queue" and second in ("phone", "nik", "account") else first
