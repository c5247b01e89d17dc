from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from whistle.domain.clock import SetClock, SystemClock


def test_a_day_is_a_day_in_banjarmasin_whatever_the_server_thinks():
    clock = SetClock(datetime(2026, 3, 16, 15, 59, tzinfo=UTC))
    assert clock.today() == date(2026, 3, 16)
    clock.advance(timedelta(minutes=1))  # midnight WITA, eight hours before UTC
    assert clock.today() == date(2026, 3, 17)


def test_another_city_sets_its_own_time_zone():
    assert SetClock(datetime(2026, 3, 16, 16, 0, tzinfo=UTC), ZoneInfo("Asia/Jakarta")).today() == date(2026, 3, 16)


def test_a_clock_that_is_put_stands_on_that_local_day():
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.put(date(2025, 12, 24), hour=0)
    assert clock.today() == date(2025, 12, 24)
    assert clock.now() == datetime(2025, 12, 23, 16, 0, tzinfo=UTC)


def test_the_machines_clock_is_aware_of_its_zone():
    assert SystemClock().now().utcoffset() == timedelta(0)
