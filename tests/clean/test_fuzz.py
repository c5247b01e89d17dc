"""Damaged and hostile files of every kind: an answer in time, and nothing else harmed."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.clean.making import cleaned, looked, moving
from tests.clean.samples import SAMPLES
from tests.conftest import LONG
from whistle.clean.result import NotCleaned

MADE: dict[str, Callable[[], bytes]] = {**SAMPLES, "moving": lambda: moving("GIF")}
TIMES = 100 if LONG else 3


def spoilt(data: bytes, rng: random.Random) -> bytes:
    """With bytes changed, a piece cut out, doubled or exchanged; the beginning mostly stays, so that it is read."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 5, 50, 500))):
        changed[rng.randrange(min(12, len(changed)) - 1, len(changed))] = rng.randrange(256)
    start, length = rng.randrange(12, len(changed)), rng.randrange(1, 2000)
    piece = bytes(changed[start : start + length])
    way = rng.randrange(4)
    if way == 1:
        del changed[start : start + length]
    elif way == 2:
        changed[start:start] = piece * 3
    elif way == 3:
        changed[start : start + length] = rng.randbytes(len(piece))
    return bytes(changed)


def said(task: Callable[[bytes], object], data: bytes) -> str:
    """What comes of it: "done", or the code of a refusal."""
    try:
        task(data)
    except NotCleaned as refused:
        return refused.code
    return "done"


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("task", [cleaned, looked])
def test_a_spoilt_file_is_dealt_with_or_refused_by_a_word(task: Callable[[bytes], object], kind: str) -> None:
    """Also what is to be looked at: nobody can be sure that it is clean."""
    seed = random.SystemRandom().randrange(2**32)
    rng, whole = random.Random(seed), MADE[kind]()
    came = Counter(said(task, spoilt(whole, rng)) for _ in range(TIMES))
    print(f"\n{kind}, seed {seed}: {dict(came)}")
    assert set(came) <= {"done", "kind", "damaged", "locked", "large", "limits"}, (seed, came)
