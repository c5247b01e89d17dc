"""A case as it stood on a day that is past, told by its moves alone.

The stage on a day is that of the last move on or before it. What the summary knows only as it is now (category,
office, unit, priority, people, amounts) is taken as it is now.
"""

from dataclasses import replace
from datetime import date
from itertools import accumulate, islice
from typing import Any, NamedTuple

from whistle.domain.stages import CLOSED_STAGES, FIRST, STAGES
from whistle.domain.summary import Move, Summary


class Closing(NamedTuple):
    """The case came to its end on ``day`` in ``stage``; ``stands``: it was not opened again afterwards."""

    day: date
    stage: str
    stands: bool


class History(NamedTuple):
    """``moves`` are in order and none is earlier than the day received; the first is DITERIMA on that day."""

    summary: Summary
    moves: tuple[Move, ...]
    closings: tuple[Closing, ...]
    reopenings: tuple[date, ...]

    @property
    def ended(self) -> date | None:
        """The day of the closing that stands; None while the case is open."""
        return self.closings[-1].day if self.closings and self.closings[-1].stands else None

    def stage_on(self, day: date) -> str | None:
        """The stage at the end of ``day``; None when the report had not come in yet."""
        move = self._last(day)
        return move.stage if move else None

    def open_on(self, day: date) -> bool:
        """Whether the case was in and not closed at the end of ``day``."""
        stage = self.stage_on(day)
        return stage is not None and not is_closed(stage)

    def as_of(self, day: date) -> Summary | None:
        """The summary as it stood at the end of ``day``; None when the report had not come in yet."""
        move = self._last(day)
        if move is None:
            return None
        known, last = self.summary, self.moves[-1]
        then: dict[str, Any] = {
            "stage": move.stage,
            "moves": self.moves if last is move else tuple(move for move in self.moves if move.day <= day),
            "closed": move.day if is_closed(move.stage) else None,
            "asked": move.day if STAGES[move.stage].coarse == "waiting" else None,
            "verified": _by(known.verified, day),
            "first_answer": _by(known.first_answer, day),
            "complete": _by(known.complete, day),
        }
        same = last is move and all(getattr(known, name) == value for name, value in then.items())
        return known if same else replace(known, **then)  # most cases have not changed since

    def _last(self, day: date) -> Move | None:
        for move in reversed(self.moves):
            if move.day <= day:
                return move
        return None


def history(summary: Summary) -> History:
    """The moves of a case, with its closings and reopenings. A case without moves stays in its first stage."""
    moves = _in_order(summary)
    closings, reopenings = list[Closing](), list[date]()
    last: Move | None = None  # that closed the case, while it is closed
    for move in moves:
        now = move.stage in CLOSED_STAGES
        if now and last is None:
            last = move
        elif last is not None and not now:
            closings.append(Closing(last.day, last.stage, stands=False))
            reopenings.append(move.day)
            last = None
    if last is not None:
        closings.append(Closing(last.day, last.stage, stands=True))
    return History(summary, moves, tuple(closings), tuple(reopenings))


def is_closed(stage: str) -> bool:
    """SELESAI and DIGABUNG are closed."""
    return stage in CLOSED_STAGES


def _in_order(summary: Summary) -> tuple[Move, ...]:
    """The moves with days that never run backwards: what was written later did not happen earlier."""
    moves, first = summary.moves, Move(summary.received, FIRST)
    if moves[:1] == (first,) and _forward(moves):
        return moves  # as good as always
    later = moves[1:] if moves and moves[0].stage == FIRST else moves
    days = accumulate((move.day for move in later), max, initial=summary.received)
    return first, *(Move(day, move.stage) for day, move in zip(islice(days, 1, None), later, strict=True))


def _forward(moves: tuple[Move, ...]) -> bool:
    day = moves[0].day
    for move in moves:
        if move.day < day:
            return False
        day = move.day
    return True


def _by(known: date | None, day: date) -> date | None:
    return known if known is not None and known <= day else None
