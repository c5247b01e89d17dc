"""Deadlines of a case on two clocks that are never mixed: calendar days and working days (data/deadlines.toml).

A day on which something starts is not counted. A calendar deadline stands on its day even when that is a holiday:
the stricter reading.

What a case owes, and when it is met:

* *verify*: from the day received, until triage (``summary.verified``).
* *first_answer*: from the day received, until the desk's first word to the reporter (``summary.first_answer``).
* *agency*: from the day a case was handed over (DILIMPAHKAN), until it leaves that stage.
* *clarify*: the reporter's own time, from the day of the question (``summary.asked``), while the case waits.
* *decide*: from the day the file is complete, else from the day it was verified, else from the last day on which
  it should have been; until the closing. A case that was opened again begins anew on that day.
* *tell*: from the closing. It is met on that day, since a closing is written into the reporter's own thread.

While the case waits for the reporter (BUTUH_KLARIFIKASI) only *decide* stands still: the reporter's time is not the
desk's. *verify* and *first_answer* run on, for reading and asking is what they demand. Each question stops the clock
for at most the reporter's limit; after that the desk must decide whether to go on or to close, so the clock runs
again, and *clarify* shows as late. A deadline that had passed before the question was asked stays late: asking cures
nothing. A clock that stands still is left out of the list and comes back with the answer, its day moved by the days
waited.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Literal, NamedTuple

from whistle.domain.calendar import CALENDAR
from whistle.domain.data import Entry, read_toml
from whistle.domain.labels import Label
from whistle.domain.stages import CLOSED_STAGES, STAGES
from whistle.domain.summary import Summary

WORKING, CALENDAR_DAYS, HOURS = "working", "calendar", "hours"
State = Literal["met", "met_late", "running", "soon", "late"]


@dataclass(frozen=True)
class Limit:
    """``days`` on ``clock`` ("hours": that many times 24 hours). ``soon``: from how many days before it is urgent."""

    code: str
    days: int
    clock: str
    soon: int
    label: Label
    public: Label
    source: str

    def day(self, start: date) -> date:
        """The last day on which it is kept when it begins on ``start``."""
        if self.clock == WORKING:
            return _add_working(start, self.days)
        return start + timedelta(days=self.days)

    def left(self, today: date, day: date) -> int:
        """Days from ``today`` to ``day`` on this limit's own clock; negative when it has passed."""
        return CALENDAR.working_between(today, day) if self.clock == WORKING else (day - today).days


class Due(NamedTuple):
    """One deadline of one case. ``label`` is the desk's word, ``public`` the reporter's."""

    code: str
    label: Label
    day: date
    state: State
    met_on: date | None
    public: Label

    @property
    def met(self) -> bool:
        return self.met_on is not None


@lru_cache(maxsize=4096)
def _add_working(start: date, days: int) -> date:
    """A list of many cases asks for the same few days again and again."""
    return CALENDAR.add_working(start, days)


def _limit(entry: Entry) -> Limit:
    label = entry.label("label")
    return Limit(
        entry.code,
        entry.number("days"),
        entry.one_of("clock", (WORKING, CALENDAR_DAYS, HOURS)),
        entry.optional_number("soon"),
        label,
        entry.optional_label("public") or label,
        entry.text("source"),
    )


LIMITS: Mapping[str, Limit] = read_toml("deadlines.toml", _limit)


def due_dates(summary: Summary, today: date) -> list[Due]:
    """What the case owes, the most urgent first; what was met comes last."""
    dues = [_due(LIMITS[code], day, met, today) for code, day, met in _owed(summary, today)]
    return sorted(dues, key=lambda due: (due.met, due.day))


def next_due(summary: Summary, today: date | None = None) -> Due | None:
    """The most urgent deadline that is not met; None when the case is closed.

    Without ``today`` the case is seen as on the day of its last move: which deadline is next, and its day.
    """
    if summary.closed is not None:
        return None
    day = today or _last_day(summary)
    unmet = [(limit, code) for code, limit, met_on in _owed(summary, day) if met_on is None]
    if not unmet:
        return None
    limit, code = min(unmet, key=itemgetter(0))
    return _due(LIMITS[code], limit, None, day)


def promises(received: date) -> list[tuple[str, date]]:
    """The real dates that the receipt page names: verified, first answer, decided when it is examined."""
    verify = LIMITS["verify"].day(received)
    return [
        ("verify", verify),
        ("first_answer", LIMITS["first_answer"].day(received)),
        ("decide", LIMITS["decide"].day(verify)),
    ]


def decide_by(summary: Summary, today: date) -> date | None:
    """The day by which the case must be decided; None while that clock stands still."""
    start = _decide_from(summary)
    day = LIMITS["decide"].day(start)
    most = LIMITS["clarify"].days
    for begun, ended in _waits(summary):
        if day < begun:
            break  # it had passed before anyone was asked
        waited = ((ended or today) - max(begun, start)).days
        if ended is None and waited < most:
            return None
        day += timedelta(days=max(0, min(waited, most)))
    return day


def _due(limit: Limit, day: date, met_on: date | None, today: date) -> Due:
    state: State
    if met_on is not None:
        state = "met" if met_on <= day else "met_late"
    elif today > day:
        state = "late"
    else:
        state = "soon" if limit.left(today, day) <= limit.soon else "running"
    return Due(limit.code, limit.label, day, state, met_on, limit.public)


def _owed(summary: Summary, today: date) -> Iterator[tuple[str, date, date | None]]:
    """(code, last day, day on which it was met) of everything that the case owes or owed."""
    settled = _first_closed(summary)  # a case that was closed at once was also read, and answered by the closing
    yield "verify", LIMITS["verify"].day(summary.received), _earlier(summary.verified, settled)
    yield "first_answer", LIMITS["first_answer"].day(summary.received), _earlier(summary.first_answer, settled)
    if (handed := _handed_over(summary)) is not None:
        yield "agency", LIMITS["agency"].day(handed[0]), handed[1]
    if summary.closed is None and summary.asked is not None:
        yield "clarify", LIMITS["clarify"].day(summary.asked), None
    decide = decide_by(summary, today)
    if decide is not None:
        yield "decide", decide, summary.closed
    if summary.closed is not None:
        yield "tell", LIMITS["tell"].day(summary.closed), summary.closed


def _decide_from(summary: Summary) -> date:
    start = summary.complete or summary.verified or LIMITS["verify"].day(summary.received)
    for old, new in pairwise(summary.moves):
        if old.stage in CLOSED_STAGES and new.stage not in CLOSED_STAGES:
            start = max(start, new.day)
    return start


def _waits(summary: Summary) -> Iterator[tuple[date, date | None]]:
    """From when to when the case waited for the reporter; the last may not have ended."""
    for old, new in pairwise(summary.moves):
        if STAGES[old.stage].coarse == "waiting":
            yield old.day, new.day
    if summary.closed is None and summary.asked is not None:
        yield summary.asked, None


def _handed_over(summary: Summary) -> tuple[date, date | None] | None:
    """The latest handing over: its day and the day on which the case left that stage."""
    left: date | None = None
    for move in reversed(summary.moves):
        if move.stage == "DILIMPAHKAN":
            return move.day, left
        left = move.day
    return None


def _first_closed(summary: Summary) -> date | None:
    for move in summary.moves:
        if move.stage in CLOSED_STAGES:
            return move.day
    return summary.closed


def _earlier(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _last_day(summary: Summary) -> date:
    return summary.moves[-1].day if summary.moves else summary.received
