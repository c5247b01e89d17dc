"""What the tests of this room start from: places, keys, and ways to spoil a sealed thing."""

import os
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from whistle.crypto.envelope import Chain, GrantPlace, Place, SummaryPlace, commitment

ids = st.binary(min_size=16, max_size=16)
keys = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 2**32 - 1)
chains = st.sampled_from(Chain)

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
PLACE = Place(b"i" * 16, b"c" * 16, Chain.THREAD, 3, b"e" * 16, 7, commitment(KEY), b"p" * 32)
GRANT = GrantPlace(b"i" * 16, b"c" * 16, Chain.THREAD, 3, b"r" * 16, commitment(KEY))
SUMMARY = SummaryPlace(b"i" * 16, b"c" * 16, Chain.THREAD, 3, commitment(KEY))


def elsewhere(place: Any, field: str) -> Any:
    """The same place with one field of it another's."""
    value = getattr(place, field)
    if isinstance(value, Chain):
        return replace(place, **{field: Chain.FILE if value is Chain.THREAD else Chain.THREAD})
    return replace(place, **{field: value + 1 if isinstance(value, int) else os.urandom(len(value))})


def flipped(sealed: bytes, bit: int) -> bytes:
    """``sealed`` with one bit turned over, counted from the first and around the end."""
    at, of = divmod(bit % (8 * len(sealed)), 8)
    return sealed[:at] + bytes([sealed[at] ^ 1 << of]) + sealed[at + 1 :]
