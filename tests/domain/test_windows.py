"""Months counted together once, whatever comes later; all editions together give no small count away."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from whistle.domain.suppression import LEAST, Hidden, suppress
from whistle.domain.windows import ENOUGH, LONGEST, windows

RECEIVED = st.lists(st.integers(0, 40), max_size=40)


@given(RECEIVED)
def test_no_month_is_counted_twice_and_none_is_passed_over(received: list[int]) -> None:
    months = [month for run in windows(received) for month in run]
    assert months == list(range(len(months)))
    assert len(received) - len(months) < LONGEST


@given(RECEIVED)
def test_a_run_is_the_shortest_with_enough_reports_or_a_year(received: list[int]) -> None:
    for run in windows(received):
        count = [received[month] for month in run]
        assert sum(count[:-1]) < ENOUGH
        assert sum(count) >= ENOUGH or len(run) == LONGEST
        assert len(run) <= LONGEST


@given(RECEIVED, RECEIVED)
def test_later_months_change_no_earlier_run(received: list[int], later: list[int]) -> None:
    before = windows(received)
    assert windows(received + later)[: len(before)] == before


YEARS = st.lists(st.lists(st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 30)), min_size=3, max_size=3),
                 min_size=1, max_size=14)  # fmt: skip


@given(YEARS)
@example([[9, 0, 1], [30, 4, 0], [0, 0, 0], [40, 1, 2]])
def test_all_editions_together_leave_every_small_count_between_1_and_4(months: list[list[int]]) -> None:
    """The totals of all months are known, and every table of every edition: a linear program over all of it."""
    offices, totals = range(3), [sum(month) for month in months]
    runs, rows, equal = windows(totals), [_month(len(months), number) for number in range(len(months))], [*totals]
    less, most, small = list[list[float]](), list[float](), list[list[float]]()
    for run in runs:
        counts = {str(office): sum(months[month][office] for month in run) for office in offices}
        for office, cell in (suppress(counts, "012") or {}).items():
            row = _sum(len(months), run, int(office))
            if cell is Hidden.SMALL:
                small.append(row)
                less, most = [*less, row, _negative(row)], [*most, 4, -1]
            elif cell is Hidden.WITHHELD:
                less, most = [*less, _negative(row)], [*most, -LEAST]
            elif isinstance(cell, int):
                rows, equal = [*rows, row], [*equal, cell]
    for row in small:
        for sign, expected in ((1.0, 1), (-1.0, 4)):
            aim = [sign * one for one in row]
            found = linprog(aim, A_ub=less, b_ub=most, A_eq=rows, b_eq=equal)
            assert found.status == 0 and sign * found.fun == pytest.approx(expected)


def _month(months: int, number: int) -> list[float]:
    return [float(at // 3 == number) for at in range(3 * months)]


def _sum(months: int, run: Sequence[int], office: int) -> list[float]:
    return [float(at // 3 in run and at % 3 == office) for at in range(3 * months)]


def _negative(row: list[float]) -> list[float]:
    return [-one for one in row]
