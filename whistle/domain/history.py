"""A case as it stood on a day that is past, told by its moves alone.

The stage on a day is that of the last move on or before it. What the summary knows only as it is now (category,
office, unit, priority, people, amounts) is taken as it is now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from whistle.domain.stages import FIRST, STAGES
from whistle.domain.summary import Move, Summary


@dataclass(frozen=True)
class Closing:
    """The case came to its end on ``day`` in ``stage``; ``stands``: it was not opened again afterwards."""

    day: date
    stage: str
    stands: bool


@dataclass(frozen=True)
class History:
    """``moves`` are in order and none is earlier than the day received; the first is DITERIMA on that day."""

    summary: Summary
    moves: tuple[Move, ...]
    closings: tuple[Closing, ...]
    reopenings: tuple[date, ...]

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
    moves = tuple(_in_order(summary))
    closings, reopenings = list[Closing](), list[date]()
    for old, new in pairwise(moves):
        if is_closed(new.stage) and not is_closed(old.stage):
            closings.append(Closing(new.day, new.stage, stands=False))
        elif is_closed(old.stage) and not is_closed(new.stage):
            reopenings.append(new.day)
    if moves and is_closed(moves[-1].stage) and closings:
        closings[-1] = replace(closings[-1], stands=True)
    return History(summary, moves, tuple(closings), tuple(reopenings))


def is_closed(stage: str) -> bool:
    """SELESAI and DIGABUNG are closed."""
    return STAGES[stage].coarse == "closed"


def _in_order(summary: Summary) -> Iterator[Move]:
    """The moves with days that never run backwards: what was written later did not happen earlier."""
    day = summary.received
    yield Move(day, FIRST)
    for move in summary.moves[1:] if summary.moves[:1] and summary.moves[0].stage == FIRST else summary.moves:
        day = max(day, move.day)
        yield Move(day, move.stage)


def _by(known: date | None, day: date) -> date | None:
    return known if known is not None and known <= day else None
