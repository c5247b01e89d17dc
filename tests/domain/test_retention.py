"""How long a closed report is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.results import RESULTS
from whistle.domain.retention import KEEPS, SHORTEST, is_over, keep_of, kept_until, years_after
from whistle.domain.summary import Summary

CLOSED = date(2026, 3, 14)


def summary(result: str, closed: date | None = CLOSED) -> Summary:
    return Summary(date(2026, 1, 2), "biasa", "DISDIK", "sd_smp", "", result=result, closed=closed)


@pytest.mark.parametrize(
    ("result", "until"),
    [
        ("terbukti", date(2031, 3, 14)),
        ("terbukti_sebagian", date(2031, 3, 14)),
        ("tidak_terbukti", date(2028, 3, 14)),
        ("tidak_cukup_bukti", date(2028, 3, 14)),
        ("duplikat", date(2028, 3, 14)),
        ("", date(2028, 3, 14)),
    ],
)
def test_what_was_proven_is_kept_for_five_years_and_all_else_for_two(result: str, until: date) -> None:
    assert kept_until(summary(result)) == until
    assert not is_over(summary(result), until)
    assert is_over(summary(result), until + timedelta(days=1))


@given(st.sampled_from(sorted(RESULTS)), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_an_open_report_is_kept_whatever_the_day(result: str, today: date) -> None:
    assert kept_until(summary(result, closed=None)) is None
    assert not is_over(summary(result, closed=None), today)


@given(st.sampled_from(sorted(RESULTS)), st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 4000))
def test_nothing_is_over_before_the_shortest_time_and_what_is_over_stays_so(
    result: str, closed: date, later: int
) -> None:
    # Given a report that was closed on some day
    ended, today = summary(result, closed), closed + timedelta(days=later)
    # Then it is over only after the shortest time of all, and from then on for good
    if is_over(ended, today):
        assert closed <= years_after(today, -SHORTEST)
        assert is_over(ended, today + timedelta(days=1))


def test_every_result_has_exactly_one_rule() -> None:
    for result in RESULTS:
        assert sum(result in rule.results for rule in KEEPS.values()) <= 1
        assert keep_of(result) in KEEPS.values()


def test_a_leap_day_is_kept_until_the_last_day_of_february() -> None:
    assert years_after(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)
