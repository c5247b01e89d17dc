"""Time is handed in, never read from the machine in the middle of a rule."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

WITA = ZoneInfo("Asia/Makassar")


class Clock(Protocol):
    """Where a service learns what time it is."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""

    def today(self) -> date:
        """The day in the installation's own time zone."""


class SystemClock:
    """The machine's clock, read in the installation's time zone (WITA for Banjarmasin)."""

    def __init__(self, zone: ZoneInfo = WITA) -> None:
        self.zone = zone

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.now().astimezone(self.zone).date()


class SetClock(SystemClock):
    """A clock that stands where it was put: for the demonstration's past months and for tests."""

    def __init__(self, instant: datetime, zone: ZoneInfo = WITA) -> None:
        super().__init__(zone)
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    def put(self, day: date, hour: int = 10) -> None:
        """Stand at ``hour`` o'clock local time on ``day``."""
        self.instant = datetime(day.year, day.month, day.day, hour, tzinfo=self.zone).astimezone(UTC)

    def advance(self, delta: timedelta) -> None:
        self.instant += delta
