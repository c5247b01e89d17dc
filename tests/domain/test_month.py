from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.month import Month

MONTHS = st.builds(Month, st.integers(3, 9_997), st.integers(1, 12))


def test_a_month_knows_its_days_and_its_neighbours():
    month = Month.parse("2026-02")
    assert (month.first, month.last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert (str(month.previous()), str(month.next())) == ("2026-01", "2026-03")
    assert (str(Month(2026, 1).previous()), str(Month(2026, 12).next())) == ("2025-12", "2027-01")
    assert date(2026, 2, 28) in month and date(2026, 3, 1) not in month
    assert Month(2024, 2).last.day == 29


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-13", "2026-00", "26-01", "2026-10-01", " 2026-10", "2026/10", "0000-01", "٢٠٢٦-١٠"],
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):
        Month.parse(text)


@given(MONTHS)
def test_months_follow_each_other_without_a_gap(month):
    assert Month.parse(str(month)) == month
    assert month.next().previous() == month
    assert (month.next().first - month.last).days == 1
    assert month.first in month and month.last in month
    assert month < month.next()
