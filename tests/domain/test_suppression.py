"""Small counts stay unknown to whoever adds up everything that is shown, and knows how it was decided."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from whistle.domain.suppression import LEAST, Cell, Hidden, suppress

SMALL = range(1, LEAST)
COUNT = st.one_of(st.just(0), st.integers(1, 12), st.integers(13, 400))
TABLES = st.lists(COUNT, min_size=1, max_size=8).map(lambda counts: dict(zip("abcdefgh", counts, strict=False)))


def shown(counts: Mapping[str, int]) -> Mapping[str, Cell] | None:
    return suppress(counts, sorted(counts))


def hidden(cells: Mapping[str, Cell]) -> list[str]:
    return [row for row, cell in cells.items() if isinstance(cell, Hidden)]


@given(TABLES)
def test_what_is_shown_is_true_and_no_small_count_is_shown(counts: dict[str, int]) -> None:
    cells = shown(counts)
    assume(cells is not None)
    assert cells is not None and list(cells) == list(counts)
    for row, cell in cells.items():
        if cell is Hidden.SMALL:
            assert counts[row] in SMALL
        elif cell is Hidden.WITHHELD:
            assert counts[row] >= LEAST
        else:
            assert cell == counts[row] and cell not in SMALL


@given(TABLES)
def test_nothing_is_hidden_without_a_small_count_and_one_other_with_it(counts: dict[str, int]) -> None:
    cells = shown(counts)
    small = [row for row, count in counts.items() if count in SMALL]
    if cells is not None:
        assert len(hidden(cells)) == (len(small) + 1 if small else 0)
    else:
        assert small


@given(TABLES)
@example({"a": 8, "b": 1})
@example({"a": 400, "b": 1, "c": 4})
def test_a_linear_program_finds_all_of_1_to_4_for_every_small_count(counts: dict[str, int]) -> None:
    cells = shown(counts)
    assume(cells is not None and hidden(cells))
    assert cells is not None
    rows = hidden(cells)
    left = sum(counts.values()) - sum(cell for cell in cells.values() if not isinstance(cell, Hidden))
    bounds = [(1, 4) if cells[row] is Hidden.SMALL else (LEAST, None) for row in rows]
    for number, row in enumerate(rows):
        if cells[row] is Hidden.SMALL:
            aim = [float(at == number) for at in range(len(rows))]
            for sign, expected in ((1.0, 1), (-1.0, 4)):
                found = linprog([sign * one for one in aim], A_eq=[[1.0] * len(rows)], b_eq=[left], bounds=bounds)
                assert found.status == 0 and sign * found.fun == pytest.approx(expected)


def others(counts: Mapping[str, int], cells: Mapping[str, Cell]) -> Iterator[dict[str, int]]:
    """Every table of which the same could be shown: the same where it is shown, the same total."""
    small, (second,) = ([row for row in cells if cells[row] is kind] for kind in Hidden)
    left = counts[second] + sum(counts[row] for row in small)
    for guess in product(SMALL, repeat=len(small)):
        yield {**counts, **dict(zip(small, guess, strict=True)), second: left - sum(guess)}


@given(st.lists(st.one_of(st.just(0), st.integers(1, 14)), min_size=1, max_size=6))
@example([8, 1])
@example([5, 3, 3])
@example([30, 7, 1, 1, 2])
def test_who_knows_the_rule_learns_nothing_of_a_small_count(numbers: list[int]) -> None:
    counts = dict(zip("abcdef", numbers, strict=False))
    cells = shown(counts)
    assume(cells is not None and hidden(cells))
    assert cells is not None
    alike = [other for other in others(counts, cells) if min(other.values()) >= 0 and shown(other) == cells]
    for row, cell in cells.items():
        if cell is Hidden.SMALL:
            assert {other[row] for other in alike} == set(SMALL)


@pytest.mark.parametrize("counts", [{"a": 3}, {"a": 3, "b": 4}, {"a": 7, "b": 1}, {"a": 5, "b": 1, "c": 1}])
def test_a_table_in_which_too_little_is_left_is_not_broken_down(counts: dict[str, int]) -> None:
    assert shown(counts) is None


def test_the_second_count_is_the_first_of_a_public_order() -> None:
    counts = {"a": 2, "b": 9, "c": 60, "d": 0}
    assert suppress(counts, "abcd") == {"a": Hidden.SMALL, "b": Hidden.WITHHELD, "c": 60, "d": 0}
    assert suppress(counts, "dcba") == {"a": Hidden.SMALL, "b": 9, "c": Hidden.WITHHELD, "d": 0}


@pytest.mark.parametrize(("counts", "order"), [({"a": 1}, "ab"), ({"a": 1, "b": 2}, "a"), ({"a": -1}, "a")])
def test_a_table_that_cannot_be_is_refused(counts: dict[str, int], order: str) -> None:
    with pytest.raises(ValueError):
        suppress(counts, order)
