"""Where large rows lie: 63-bit numbers that follow from random ids, so that their order tells nothing.

Slots come from cases' and entries' random ids; of many million rows no two are likely to meet, and the database
refuses the second if they do.
"""

import hashlib

_LOW = 39  # bits of a grant's slot that tell the grants of one case apart


def slot_of(id_: bytes) -> int:
    """The slot of the one row of a 16-byte random id."""
    return int.from_bytes(id_[:8], "big") >> 1


def grant_slot(case: bytes, reader: bytes, chain: int, epoch: int) -> int:
    """The slot of a grant: beside the other grants of its case."""
    place = case + reader + chain.to_bytes(2, "big") + epoch.to_bytes(4, "big")
    low = int.from_bytes(hashlib.sha256(place).digest()[:8], "big") >> (64 - _LOW)
    return first_grant_slot(case) + low


def first_grant_slot(case: bytes) -> int:
    """The least slot that a grant of ``case`` may have."""
    return int.from_bytes(case[:3], "big") << _LOW


def last_grant_slot(case: bytes) -> int:
    """The greatest slot that a grant of ``case`` may have."""
    return first_grant_slot(case) + (1 << _LOW) - 1
