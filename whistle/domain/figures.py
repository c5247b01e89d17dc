"""The month's integrity figures: exact, and such that anybody can check them by adding up.

The rekap is a sum over events: *opening + received + reopened - closed = closing*. A case that was opened again comes
back without being received, so it has a line of its own; in a month without one the sum is the short one, opening +
received - closed. SELESAI and DIGABUNG are closed. A case that closes twice in a month counts twice, once as reopened.

Where a case stood on a past day is read from its moves (`history`), so any month can be counted at any time, and a
month's closing is the next one's opening. Category, office, service, unit and priority are those known now. Result,
sanction, causes and sums of a closing are known only while it stands: one undone later is counted as ``UNDONE``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from whistle.domain.calendar import WorkingCalendar
from whistle.domain.history import History, history
from whistle.domain.month import Month
from whistle.domain.summary import Summary
from whistle.domain.tally import AGES, GROUPS, KEPT, NONE, UNDONE, Ageing, Flow, Kept, Sum, Tally, tally

__all__ = [
    "AGES", "KEPT", "NONE", "UNDONE", "Ageing", "Figures", "Flow", "Kept", "Month", "Sum", "Tally", "month_figures",
]  # fmt: skip

TREND = 12  # months, the reported one included


@dataclass(frozen=True)
class Figures:
    """A month and the one before it.

    ``until``: the last day that was counted, earlier than the month's last while it runs. ``trend``: the rekap of
    the last twelve months, oldest first. ``year``: reports received in these months, by office.
    """

    month: Month
    until: date
    working_days: int
    now: Tally
    before: Tally
    trend: tuple[tuple[Month, Flow], ...]
    year: Mapping[str, int]

    @property
    def over(self) -> bool:
        """Whether the month is over, so that its figures no longer grow."""
        return self.until >= self.month.last

    @property
    def empty(self) -> bool:
        """Whether nothing was there to count, neither in this month nor before."""
        return self.now.rekap == Flow() and self.before.rekap == Flow()


def month_figures(
    summaries: Sequence[Summary], month: Month, calendar: WorkingCalendar, today: date | None = None
) -> Figures:
    """Count ``month``. ``today`` matters while the month runs: what is due later in it is not missed yet."""
    cases = [history(summary) for summary in summaries]
    seen = today or month.last + timedelta(days=1)
    months, office = _last(month, TREND), GROUPS["office"]
    since = months[0].first
    recent = Counter(office(case.summary) for case in cases if since <= case.summary.received <= month.last)
    return Figures(
        month,
        min(month.last, seen),
        sum(calendar.is_working(month.first + timedelta(days=n)) for n in range((month.last - month.first).days + 1)),
        tally(cases, month, seen),
        tally(cases, month.previous(), seen),
        _trend(cases, months),
        MappingProxyType(dict(recent)),
    )


def _last(month: Month, count: int) -> list[Month]:
    months = [month]
    while len(months) < count and months[-1] > Month(2, 1):
        months.append(months[-1].previous())
    return months[::-1]


def _trend(cases: Sequence[History], months: Sequence[Month]) -> tuple[tuple[Month, Flow], ...]:
    """The rekap month by month, from the events alone: the balance is what came in and went out before."""
    received = Counter(Month.of(case.summary.received) for case in cases)
    reopened = Counter(Month.of(day) for case in cases for day in case.reopenings)
    closed = Counter(Month.of(closing.day) for case in cases for closing in case.closings)
    balance = sum(n for month, n in (received + reopened).items() if month < months[0])
    balance -= sum(n for month, n in closed.items() if month < months[0])
    out = []
    for month in months:
        after = balance + received[month] + reopened[month] - closed[month]
        out.append((month, Flow(balance, received[month], reopened[month], closed[month], after)))
        balance = after
    return tuple(out)
