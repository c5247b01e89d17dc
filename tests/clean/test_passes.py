"""What is filled in later stands in its place when the output is handed out in order."""

import io
import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.clean.passes import FILLED_IN, Sink, in_two_passes
from whistle.clean.result import NotCleaned


def handed_out(make: Callable[[Sink], object]) -> bytes:
    out = io.BytesIO()
    in_two_passes(make, out.write)
    return out.getvalue()


@given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=100)), min_size=1))
def test_what_comes_out_is_what_a_file_would_hold(writes: list[tuple[int, bytes]]) -> None:
    """Given writes at any places, none of which leaves a hole. Then it is as if they went to a file."""

    def make(out: Sink | io.BytesIO) -> None:
        size = 1
        out.write(b"x")
        for place, data in writes:
            out.seek(min(place, size))
            out.write(data)
            size = max(size, out.tell())

    file = io.BytesIO()
    make(file)
    assert handed_out(make) == file.getvalue()


def test_it_is_handed_out_only_once_all_is_known_and_then_as_it_comes() -> None:
    steps = list[object]()

    def make(out: Sink) -> None:
        for piece in (b"size: ?", b"more"):
            steps.append(f"write {piece.decode()}")
            out.write(piece)
        out.seek(-5, os.SEEK_CUR)
        out.write(b"4")
        assert out.seek(0, os.SEEK_END) == out.tell() == 11

    in_two_passes(make, steps.append)
    assert steps == ["write size: ?", "write more", "write size: ?", b"size: 4", "write more", b"more"]


def test_of_what_is_handed_out_nothing_is_held() -> None:
    sizes = list[int]()

    def make(out: Sink) -> None:
        for _ in range(1000):
            out.write(bytes(100_000))

    in_two_passes(make, lambda piece: sizes.append(len(piece)))
    assert sizes == [100_000] * 1000


def test_more_than_may_be_filled_in_later_is_refused() -> None:
    def make(out: Sink, most: int) -> None:
        out.write(bytes(most))
        out.seek(0)
        out.write(bytes(most))

    assert len(handed_out(lambda out: make(out, FILLED_IN))) == FILLED_IN
    with pytest.raises(NotCleaned, match="limits"):
        handed_out(lambda out: make(out, FILLED_IN + 1))


def test_a_hole_is_refused() -> None:
    def make(out: Sink) -> None:
        out.write(b"a")
        out.seek(2)
        out.write(b"b")

    with pytest.raises(NotCleaned, match="limits"):
        handed_out(make)


def test_nothing_is_damaged() -> None:
    with pytest.raises(NotCleaned, match="damaged"):
        handed_out(lambda _out: None)


@pytest.mark.parametrize("second", [b"b", b"aa", b""])
def test_passes_that_differ_are_refused(second: bytes) -> None:
    turns = iter((b"a", second))
    with pytest.raises(NotCleaned, match="sandbox"):
        handed_out(lambda out: out.write(next(turns)))


def test_passes_that_fill_in_something_else_are_refused() -> None:
    turns = iter((b"a", b"b"))

    def make(out: Sink) -> None:
        out.write(b"xx")
        out.seek(0)
        out.write(next(turns))

    with pytest.raises(NotCleaned, match="sandbox"):
        handed_out(make)
