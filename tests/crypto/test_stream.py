"""A file is sealed in chunks that open by themselves, and in no other order, number or length."""

import os
from itertools import pairwise

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto import reference
from tests.crypto.givens import GRANT, KEY, OTHER_KEY, flipped
from whistle.crypto import stream
from whistle.crypto.padding import bucket
from whistle.crypto.stream import CHUNK, SEALED_CHUNK, FileOpener, FilePlace, FileSealer, chunks_of, sealed_size
from whistle.crypto.suite import TAG, Refused

PLACE = FilePlace(GRANT.installation, b"f" * 16)
EDGES = sorted({0, 1, 4094, 4095, 4096, 262_143, 262_144} | {n * CHUNK + d for n in (1, 2, 3) for d in (-2, -1, 0, 1)})


def sealed(data: bytes, steps: tuple[int, ...] = (), key: bytes = KEY, place: FilePlace = PLACE) -> bytes:
    """The stored file, taken in with cuts at ``steps``."""
    sealer, parts = FileSealer(key, place), []
    for start, stop in pairwise((0, *sorted(steps), len(data))):
        parts.append(sealer.add(data[start:stop]))
    return b"".join((*parts, *sealer.finish()))


def opened(stored: bytes, size: int, key: bytes = KEY, place: FilePlace = PLACE) -> bytes:
    opener = FileOpener(key, place, size)
    return b"".join(opener.open(index, stored[slice(*opener.where(index))]) for index in range(opener.chunks))


@pytest.mark.parametrize("size", EDGES)
def test_a_file_of_any_size_opens_and_is_as_large_as_its_bucket_says(size: int) -> None:
    data = os.urandom(size)
    stored = sealed(data)
    assert opened(stored, size) == data == reference.open_file(KEY, PLACE.installation, PLACE.file, size, stored)
    assert len(stored) == sealed_size(size) == bucket(size + 1) + TAG * chunks_of(size)


@given(st.data(), st.integers(0, 3 * CHUNK))
def test_how_it_was_cut_on_the_way_does_not_matter(data: st.DataObject, size: int) -> None:
    content = os.urandom(size)
    steps = tuple(data.draw(st.lists(st.integers(0, size), max_size=5)))
    assert sealed(content, steps) == sealed(content)


@given(st.integers(0, 5 * CHUNK), st.data())
def test_a_chunk_opens_by_itself(size: int, data: st.DataObject) -> None:
    content = os.urandom(size)
    stored, opener = sealed(content), FileOpener(KEY, PLACE, size)
    index = data.draw(st.integers(0, opener.chunks - 1))
    assert opener.open(index, stored[slice(*opener.where(index))]) == content[index * CHUNK : (index + 1) * CHUNK]


def test_the_memory_that_sealing_holds_does_not_grow_with_the_file() -> None:
    sealer = FileSealer(KEY, PLACE)
    for _ in range(40):
        sealer.add(bytes(300_000))
        assert len(sealer._held) <= CHUNK


THREE = os.urandom(3 * CHUNK - 5)
STORED = sealed(THREE)
FIRST, SECOND, THIRD = (STORED[at : at + SEALED_CHUNK] for at in range(0, len(STORED), SEALED_CHUNK))


@pytest.mark.parametrize(
    "wrong",
    [
        SECOND + FIRST + THIRD,  # moved
        FIRST + FIRST + THIRD,  # doubled
        FIRST + SECOND + SECOND,
        FIRST + SECOND,  # cut off
        FIRST + THIRD,
        STORED[:-1],
        flipped(STORED, 0),
        flipped(STORED, 8 * SEALED_CHUNK + 7),
        flipped(STORED, -1),
    ],
)
def test_chunks_that_were_moved_doubled_left_out_or_changed_are_refused(wrong: bytes) -> None:
    with pytest.raises(Refused):
        opened(wrong, len(THREE))
    with pytest.raises((InvalidTag, AssertionError)):
        reference.open_file(KEY, PLACE.installation, PLACE.file, len(THREE), wrong)


@pytest.mark.parametrize("size", [len(THREE) - 1, len(THREE) + 1, 2 * CHUNK, 4 * CHUNK])
def test_another_size_than_the_files_is_refused(size: int) -> None:
    with pytest.raises(Refused):
        opened(STORED, size)


@pytest.mark.parametrize(
    ("key", "place"),
    [(OTHER_KEY, PLACE), (KEY, FilePlace(b"j" * 16, PLACE.file)), (KEY, FilePlace(PLACE.installation, b"g" * 16))],
)
def test_another_key_or_another_file_opens_nothing(key: bytes, place: FilePlace) -> None:
    with pytest.raises(Refused):
        opened(STORED, len(THREE), key, place)


def test_a_chunk_that_does_not_exist_is_none() -> None:
    opener = FileOpener(KEY, PLACE, len(THREE))
    for index in (-1, opener.chunks):
        with pytest.raises(IndexError):
            opener.open(index, THIRD)


def test_a_finished_file_takes_no_more() -> None:
    sealer = FileSealer(KEY, PLACE)
    sealer.finish()
    for go_on in (lambda: sealer.add(b"x"), sealer.finish):
        with pytest.raises(ValueError, match="finished"):
            go_on()


@pytest.mark.parametrize("size", [-1, stream.LARGEST + 1])
def test_a_size_that_no_file_has_is_a_mistake(size: int) -> None:
    with pytest.raises(ValueError, match="no file"):
        chunks_of(size)
