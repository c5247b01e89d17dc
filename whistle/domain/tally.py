"""Counting one month over the histories of all cases (`figures` puts two of them side by side).

A code that the data files do not know is counted as `NONE`: it comes from a report, and no word of a report may be
printed among figures.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low
from types import MappingProxyType

from whistle.domain.categories import CATEGORIES
from whistle.domain.deadlines import LIMITS, Due, due_dates
from whistle.domain.history import Closing, History, is_closed
from whistle.domain.month import Month
from whistle.domain.offices import OFFICES, UNKNOWN
from whistle.domain.public_services import SERVICES
from whistle.domain.report_terms import CHANNELS, PRIORITIES
from whistle.domain.results import CAUSES, REFERRALS, RESULTS
from whistle.domain.roles import UNITS
from whistle.domain.sanctions import SANCTIONS
from whistle.domain.stages import STAGES
from whistle.domain.summary import Summary

UNDONE = "dibuka_lagi"  # a closing of the month that was undone afterwards
NONE = ""  # not classified, not recorded
AGES: tuple[tuple[int, int | None], ...] = ((0, 14), (15, 30), (31, 60), (61, 90), (91, None))  # days since it came in
KEPT = ("verify", "first_answer", "decide")  # 3 working days, 14 and 60 calendar days
MERGED, MERGED_RESULT = "DIGABUNG", "duplikat"
ONE_DAY = timedelta(days=1)
_LONGEST = timedelta(days=max(LIMITS[code].days for code in KEPT) + 31)  # three working days never take a month


@dataclass(frozen=True)
class Flow:
    """Cases of a month. ``overdue``: open at the month's end, and with a deadline that has passed."""

    opening: int = 0
    received: int = 0
    reopened: int = 0
    closed: int = 0
    closing: int = 0
    overdue: int = 0

    @property
    def balances(self) -> bool:
        return self.opening + self.received + self.reopened - self.closed == self.closing

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.opening, self.received, self.reopened, self.closed, self.closing, self.overdue


@dataclass(frozen=True)
class Kept:
    """Deadlines that fell due in the month, as they stood at its end."""

    in_time: int = 0
    late: int = 0  # met after its day
    missed: int = 0  # its day has passed and it is not met
    running: int = 0  # its day is still to come: only while the month runs

    @property
    def due(self) -> int:
        return self.in_time + self.late + self.missed + self.running

    @property
    def percent(self) -> int | None:
        """Kept in time of those that are decided, rounded half up; None when there are none."""
        decided = self.due - self.running
        return (200 * self.in_time + decided) // (2 * decided) if decided else None


@dataclass(frozen=True)
class Ageing:
    """Open cases of an age; ``waiting`` of them wait for their reporter."""

    cases: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Sum:
    """Whole rupiah over the ``cases`` that name an amount."""

    cases: int = 0
    rupiah: int = 0


@dataclass(frozen=True)
class Tally:
    """One month counted. ``flows``: by `GROUPS`, then by code; each sums to ``rekap``. Mappings hold no zeros, but
    ``stages``, ``deadlines``, ``ages`` (by place in AGES) and ``sums`` have every code of theirs."""

    month: Month
    rekap: Flow
    flows: Mapping[str, Mapping[str, Flow]]
    stages: Mapping[str, int]  # open cases at the month's end
    results: Mapping[str, int]  # closings of the month
    sanctions: Mapping[str, int]  # closings of the month
    causes: Mapping[str, int]  # named by closings of the month that stand
    referrals: Mapping[str, int]  # closings of the month that stand and refer
    channels: Mapping[str, int]  # reports received
    deadlines: Mapping[str, Kept]
    ages: Mapping[int, Ageing]
    sums: Mapping[str, Sum]  # asked and paid: reports received; settled and returned: closings that stand
    days_to_close: int | None  # median of the month's closings, from the day received


GROUPS: Mapping[str, Callable[[Summary], str]] = MappingProxyType(
    {
        "ill": lambda case: CATEGORIES[case.category].ill if case.category in CATEGORIES else NONE,
        "category": lambda case: _known(case.category, CATEGORIES),
        "office": lambda case: _known(case.office, OFFICES, UNKNOWN),
        "service": lambda case: _known(case.service, SERVICES),
        "unit": lambda case: _known(case.unit, UNITS),
        "priority": lambda case: _known(case.priority, PRIORITIES),
    }
)


def _known(code: str, table: Collection[str], otherwise: str = NONE) -> str:
    return code if code in table else otherwise


def tally(cases: Sequence[History], month: Month, seen: date) -> Tally:
    """Count ``month`` as it stood at the end of its last day, or on ``seen`` when that is earlier."""
    seen = min(seen, month.last + ONE_DAY)
    known = [case for case in cases if case.summary.received <= month.last and not _over(case, month)]
    received = [case.summary for case in known if case.summary.received in month]
    closings = [(case.summary, closing) for case in known for closing in case.closings if closing.day in month]
    standing = [summary for summary, closing in closings if closing.stands]
    backlog = [(case, stage) for case in known if not is_closed(stage := case.stage_on(month.last) or "")]
    owed = [(case, _owed(case, month, seen)) for case in known]
    overdue = {id(case) for case, dues in owed if case.open_on(month.last) and any(due.state == "late" for due in dues)}
    moving = [(case.summary, numbers) for case in known if any(numbers := _numbers(case, month, id(case) in overdue))]
    return Tally(
        month,
        _sum(numbers for _, numbers in moving),
        MappingProxyType({name: _by(moving, code) for name, code in GROUPS.items()}),
        _all(Counter(stage for _, stage in backlog), [code for code in STAGES if not is_closed(code)]),
        _count(_result(summary, closing) for summary, closing in closings),
        _count(_sanction(summary, closing) for summary, closing in closings),
        _count(_known(cause, CAUSES) for summary in standing for cause in summary.causes),
        _count(_known(summary.referral, REFERRALS) for summary in standing if summary.referral),
        _count(_known(summary.channel, CHANNELS) for summary in received),
        MappingProxyType({code: _kept(code, month, [dues for _, dues in owed]) for code in KEPT}),
        _ages([(case.summary, stage) for case, stage in backlog], min(seen, month.last)),
        MappingProxyType(
            {
                "asked": _rupiah(summary.amount_asked for summary in received),
                "paid": _rupiah(summary.amount_paid for summary in received),
                "settled": _rupiah(summary.amount_paid for summary in standing),
                "returned": _rupiah(summary.amount_returned for summary in standing),
            }
        ),
        median_low([(closing.day - summary.received).days for summary, closing in closings]) if closings else None,
    )


def _numbers(case: History, month: Month, overdue: bool) -> tuple[int, ...]:
    """What one case adds to each number of a `Flow`."""
    return (
        case.open_on(month.first - ONE_DAY),
        case.summary.received in month,
        sum(day in month for day in case.reopenings),
        sum(closing.day in month for closing in case.closings),
        case.open_on(month.last),
        overdue,
    )


def _sum(numbers: Iterable[tuple[int, ...]]) -> Flow:
    return Flow(*map(sum, zip(*numbers, strict=True)))


def _by(moving: Sequence[tuple[Summary, tuple[int, ...]]], code: Callable[[Summary], str]) -> Mapping[str, Flow]:
    groups: dict[str, list[tuple[int, ...]]] = {}
    for summary, numbers in moving:
        groups.setdefault(code(summary), []).append(numbers)
    return MappingProxyType({code: _sum(group) for code, group in groups.items()})


def _over(case: History, month: Month) -> bool:
    """Whether nothing of the case can touch the month any more: closed before it, and its last deadline past.

    No deadline of a closed case lies later than its longest limit, from the closing, and all it can have waited.
    """
    ended = case.ended
    return ended is not None and ended + _LONGEST + (ended - case.summary.received) < month.first


def _owed(case: History, month: Month, seen: date) -> list[Due]:
    """What the case owed at the month's end, with what it had met."""
    then = case.as_of(month.last)
    return due_dates(then, seen) if then is not None else []


def _kept(code: str, month: Month, owed: Iterable[list[Due]]) -> Kept:
    states = Counter(due.state for dues in owed for due in dues if due.code == code and due.day in month)
    return Kept(states["met"], states["met_late"], states["late"], states["running"] + states["soon"])


def _result(summary: Summary, closing: Closing) -> str:
    if closing.stage == MERGED:
        return MERGED_RESULT
    return _known(summary.result, RESULTS) if closing.stands else UNDONE


def _sanction(summary: Summary, closing: Closing) -> str:
    if not closing.stands:
        return UNDONE
    return NONE if closing.stage == MERGED else _known(summary.sanction, SANCTIONS)


def _ages(backlog: Sequence[tuple[Summary, str]], day: date) -> Mapping[int, Ageing]:
    cases, waiting = Counter[int](), Counter[int]()
    for summary, stage in backlog:
        days = (day - summary.received).days
        place = next(place for place, (_, most) in enumerate(AGES) if most is None or days <= most)
        cases[place] += 1
        waiting[place] += STAGES[stage].coarse == "waiting"
    return MappingProxyType({place: Ageing(cases[place], waiting[place]) for place in range(len(AGES))})


def _rupiah(amounts: Iterable[int | None]) -> Sum:
    known = [amount for amount in amounts if amount is not None]
    return Sum(len(known), sum(known))


def _count(codes: Iterable[str]) -> Mapping[str, int]:
    return MappingProxyType(dict(Counter(codes)))


def _all(counted: Counter[str], codes: Iterable[str]) -> Mapping[str, int]:
    return MappingProxyType({code: counted[code] for code in codes})
