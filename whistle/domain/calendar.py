"""Working days in Indonesia: Monday to Friday without public holidays and joint leave (*cuti bersama*).

The holidays package knows the dates; ``data/holidays.csv`` has the last word, for decrees that came later, local
holidays and days that were moved. Beyond the years that the ministers have decreed the dates are estimates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain

from holidays.countries.indonesia import Indonesia

from whistle.domain.data import Entry, read_csv

OFF, WORK = "libur", "kerja"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ruling:
    """A line of the table: ``day`` is free (``off``), or is a working day although the package says otherwise."""

    day: date
    off: bool
    name: str
    source: str


def _ruling(entry: Entry) -> Ruling:
    try:
        day = date.fromisoformat(entry.code)
    except ValueError as error:
        raise entry.wrong("is no day (write 2026-12-24)") from error
    off = entry.one_of("kind", (OFF, WORK)) == OFF
    if not off and day.weekday() >= 5:
        raise entry.wrong("is a Saturday or Sunday: it is no working day in any case")
    return Ruling(day, off, entry.text("name"), entry.text("source"))


@cache
def _published(year: int) -> frozenset[date]:
    """Public holidays and joint leave of a year as the package knows them, as days that no thread changes."""
    kinds = (Indonesia(years=year, categories=kind) for kind in ("public", "government"))
    return frozenset(chain.from_iterable(kinds))


class WorkingCalendar:
    """Counts working days. ``rulings``, by ISO day, override the package."""

    def __init__(self, rulings: Mapping[str, Ruling]) -> None:
        self._rulings = {ruling.day: ruling.off for ruling in rulings.values()}

    def is_working(self, day: date) -> bool:
        """Whether offices are open on ``day``."""
        if day.weekday() >= 5:
            return False
        return not self._rulings.get(day, day in _published(day.year))

    def add_working(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``, which itself is not counted; ``day`` for 0. ValueError below 0."""
        if n < 0:
            raise ValueError("cannot count working days backwards")
        while n:
            day += ONE_DAY
            n -= self.is_working(day)
        return day

    def working_between(self, a: date, b: date) -> int:
        """Working days after ``a`` up to and with ``b``; negative when ``b`` is the earlier."""
        if b < a:
            return -self.working_between(b, a)
        return sum(self.is_working(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


CALENDAR = WorkingCalendar(read_csv("holidays.csv", _ruling, "day"))
