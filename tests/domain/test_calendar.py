from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain import calendar
from whistle.domain.calendar import CALENDAR, WorkingCalendar
from whistle.domain.data import DataError, Entry, load_csv

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
COUNTS = st.integers(0, 90)


def rulings(*rows):
    entries = [Entry("holidays.csv", day, {"kind": kind, "name": "x", "source": "x"}) for day, kind in rows]
    return {entry.code: calendar._ruling(entry) for entry in entries}


@given(DAYS, COUNTS)
def test_the_nth_working_day_is_n_working_days_away(day, n):
    assert CALENDAR.working_between(day, CALENDAR.add_working(day, n)) == n


@given(DAYS, st.integers(1, 90))
def test_a_deadline_in_working_days_is_a_working_day(day, n):
    assert CALENDAR.is_working(CALENDAR.add_working(day, n))


@given(DAYS, COUNTS, COUNTS)
def test_adding_in_two_steps_is_adding_at_once(day, first, second):
    assert CALENDAR.add_working(CALENDAR.add_working(day, first), second) == CALENDAR.add_working(day, first + second)


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up_over_any_day_between(a, b, c):
    whole = CALENDAR.working_between(a, c)
    assert whole == CALENDAR.working_between(a, b) + CALENDAR.working_between(b, c)


@given(DAYS)
def test_saturday_and_sunday_are_never_working_days(day):
    assert not (day.weekday() >= 5 and CALENDAR.is_working(day))


@given(DAYS, st.integers(0, 60))
def test_working_days_never_come_before_calendar_days(day, n):
    assert CALENDAR.add_working(day, n) >= day + timedelta(days=n)


def test_a_report_of_the_eve_of_idulfitri_is_due_after_the_joint_leave():
    # Wednesday 18 to Tuesday 24 March 2026 are all holidays, joint leave or a weekend.
    assert CALENDAR.add_working(date(2026, 3, 17), 3) == date(2026, 3, 27)


def test_an_ordinary_week_counts_monday_to_friday():
    assert CALENDAR.add_working(date(2026, 11, 20), 3) == date(2026, 11, 25)


def test_independence_day_is_free_also_in_a_year_that_nobody_has_decreed_yet():
    assert not CALENDAR.is_working(date(2032, 8, 17))


def test_zero_days_are_the_day_itself_and_less_is_refused():
    assert CALENDAR.add_working(date(2026, 3, 21), 0) == date(2026, 3, 21)
    with pytest.raises(ValueError, match="backwards"):
        CALENDAR.add_working(date(2026, 3, 21), -1)


def test_the_table_makes_a_day_free_that_the_package_does_not_know():
    day = date(2026, 9, 24)
    assert CALENDAR.is_working(day)
    assert not WorkingCalendar(rulings((day.isoformat(), "libur"))).is_working(day)


def test_the_table_makes_a_day_a_working_day_that_the_package_has_as_a_holiday():
    moved = date(2027, 5, 18)
    assert not WorkingCalendar({}).is_working(moved)
    assert WorkingCalendar(rulings((moved.isoformat(), "kerja"))).is_working(moved)


@pytest.mark.parametrize(("day", "kind"), [("24-12-2026", "libur"), ("2026-12-24", "cuti"), ("2026-12-26", "kerja")])
def test_a_line_of_the_table_that_cannot_hold_is_refused(day, kind):
    with pytest.raises(DataError, match=day):
        rulings((day, kind))


def test_every_holiday_of_2026_that_the_package_knows_was_decreed():
    decreed = {date.fromisoformat(row["day"]) for row in load_csv("holidays.csv") if row["day"].startswith("2026")}
    assert decreed >= calendar._published(2026)  # the table may hold more: the day of an election, the city's own


def test_many_threads_see_one_calendar():
    calendar._published.cache_clear()
    days = [date(2025 + n % 6, 8, 17) for n in range(60)]
    with ThreadPoolExecutor(12) as pool:
        assert not any(pool.map(CALENDAR.is_working, days))
