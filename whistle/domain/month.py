"""A calendar month, as reports are made of."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property


@dataclass(frozen=True, order=True)
class Month:
    """``str`` gives "2026-10", which `parse` takes back. ValueError for what is no month of the years 2 to 9998."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (2 <= self.year <= 9998 and 1 <= self.month <= 12):
            raise ValueError(f"{self.year}-{self.month} is no month")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month that "2026-10" names. Raises ValueError for anything else."""
        typed = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if typed is None:
            raise ValueError(f"{text!r} is no month (write 2026-10)")
        return cls(int(typed[1]), int(typed[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @cached_property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @cached_property
    def last(self) -> date:
        return self.next().first - timedelta(days=1)

    def previous(self) -> "Month":
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)

    def next(self) -> "Month":
        return Month(self.year, self.month + 1) if self.month < 12 else Month(self.year + 1, 1)

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
