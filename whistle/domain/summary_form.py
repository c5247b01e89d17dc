"""How a summary is written down: one line a field, always in the same order (docs/envelope.md, Summary).

A list of 100,000 cases reads as many, and most of each only as text. So there are no names and no nesting: a line is a
text, a whole number, a day as its number (``date.toordinal``), a switch, or short parts; an empty line is None, False,
"" or (), as the field has it. Lines that a later version adds come last and are ignored.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields as fields_of_class
from datetime import date
from functools import lru_cache
from operator import attrgetter
from sys import intern
from typing import Any, Final, cast

from whistle.domain.stages import STAGES
from whistle.domain.summary import LARGEST_DIGITS, Move, Summary

ORDER: Final = (
    "received", "closed", "thread_places", "file_places", "stage", "office", "category", "unit", "priority", "unread",
    "close_pending", "close_returned", "register", "title", "people", "track", "service", "happened", "channel",
    "amount_asked", "amount_paid", "amount_returned", "victims", "verified", "first_answer", "complete", "asked",
    "result", "sanction", "employment", "causes", "referral", "worried", "moves", "files",
)  # fmt: skip
ADDED: Final = 1  # lines at the end that not every summary has: to its writer they were not known
AT: Final = {name: place for place, name in enumerate(ORDER)}
_TYPES: Final[dict[str, Any]] = {field.name: field.type for field in fields_of_class(Summary)}
_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"))
_SWITCH: Final = {"": False, "1": True}


def to_bytes(summary: Summary) -> bytes:
    """``summary`` as lines, in UTF-8."""
    return "\n".join([write(value) for write, value in zip(_WRITERS, _VALUES(summary), strict=True)]).encode()


def lines_of(body: bytes) -> list[str]:
    """The lines of a summary, not looked at yet. Raises ValueError when they are too few or no text."""
    text = body.decode()
    lines = text.split("\n")
    if len(lines) < len(ORDER) - ADDED:
        raise ValueError("the summary lacks lines")
    lines.extend([""] * (len(ORDER) - len(lines)))
    if "\\" in text:
        for place in _TEXTS:
            lines[place] = _unescaped(lines[place])
    return lines


def from_lines(lines: Sequence[str]) -> Summary:
    """The summary in ``lines``. Raises ValueError, LookupError or ArithmeticError: anybody with its key wrote it."""
    # Line by line and without __init__, which takes as long as all this; a draft's attributes are set several times
    # faster than those of a frozen class.
    made: Any = object.__new__(_Draft)
    (
        received, closed, thread_places, file_places, stage, office, category, unit, priority, unread,
        close_pending, close_returned, made.register, made.title, made.people, track, service, happened, channel,
        amount_asked, amount_paid, amount_returned, victims, verified, first_answer, complete, asked,
        result, sanction, employment, causes, referral, worried, moves, files,
    ) = lines[: len(ORDER)]  # fmt: skip
    if not received or stage not in STAGES:
        raise ValueError("a summary has a day and a stage")
    made.received = day_of(received)
    made.thread_places, made.file_places = _number(thread_places), _number(file_places)
    made.closed, made.verified = _day(closed), _day(verified)
    made.first_answer, made.complete, made.asked = _day(first_answer), _day(complete), _day(asked)
    made.unread, made.close_pending = _SWITCH[unread], _SWITCH[close_pending]
    made.close_returned = _SWITCH[close_returned]
    made.office, made.category, made.unit, made.priority = map(intern, (office, category, unit, priority))
    made.track, made.service, made.happened, made.channel = map(intern, (track, service, happened, channel))
    made.result, made.sanction, made.employment = map(intern, (result, sanction, employment))
    made.stage, made.referral, made.worried = map(intern, (stage, referral, worried))
    made.amount_asked = _number(amount_asked) if amount_asked else None
    made.amount_paid = _number(amount_paid) if amount_paid else None
    made.amount_returned = _number(amount_returned) if amount_returned else None
    made.victims = _number(victims) if victims else None
    made.causes = _parts(causes) if causes else ()
    made.moves = _moves(moves)
    made.files = _number(files) if files else None
    made.__class__ = Summary
    return cast(Summary, made)


def from_bytes(body: bytes) -> Summary:
    """The reverse of `to_bytes`. Raises as `from_lines`."""
    return from_lines(lines_of(body))


@lru_cache(maxsize=20_000)
def day_of(line: str) -> date:
    """The day in a line; kept, since many cases have few days."""
    return date.fromordinal(_number(line))


def _day(line: str) -> date | None:
    return day_of(line) if line else None


def _number(line: str) -> int:
    if len(line) > LARGEST_DIGITS:
        raise ValueError("a number is absurd")
    return int(line)


@lru_cache(maxsize=20_000)
def _move(day: int, stage: str) -> Move:
    if stage not in STAGES:
        raise ValueError("there is no such stage")
    return Move(date.fromordinal(day), stage)


def _moves(line: str) -> tuple[Move, ...]:
    """The first day, then by how many days each move followed the one before."""
    if not line:
        return ()
    moves, day = [], 0
    for part in line.split(","):
        after, _, stage = part.partition(":")
        day += int(after)  # of any length: there is no day so far away
        moves.append(_move(day, stage))
    return tuple(moves)


def _moves_out(moves: tuple[Move, ...]) -> str:
    days = [move.day.toordinal() for move in moves]
    return ",".join(f"{day - before}:{m.stage}" for m, day, before in zip(moves, days, [0, *days], strict=False))


def _parts(line: str) -> tuple[str, ...]:
    return tuple([_unescaped(part) for part in line.split("\t")[:-1]])


def _escaped(text: str) -> str:
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return "\\".join(part.replace("\\n", "\n").replace("\\t", "\t") for part in text.split("\\\\"))


def _optional(value: int | None) -> str:
    return "" if value is None else str(value)


def _day_out(value: date | None) -> str:
    return "" if value is None else str(value.toordinal())


def _writer(name: str) -> Callable[[Any], str]:
    if name == "moves":
        return _moves_out
    writers: dict[str, Callable[[Any], str]] = {
        "str": _escaped,
        "int": str,
        "int | None": _optional,
        "date": _day_out,
        "date | None": _day_out,
        "bool": lambda value: "1" if value else "",
        "tuple[str, ...]": lambda value: "".join(f"{_escaped(part)}\t" for part in value),
    }
    return writers[_kind(name)]


def _kind(name: str) -> str:
    kind = _TYPES[name]
    plain = isinstance(kind, type) and not hasattr(kind, "__args__")
    return kind.__name__ if plain else str(kind).replace("datetime.", "")


_WRITERS = [_writer(name) for name in ORDER]
_VALUES = attrgetter(*ORDER)
_TEXTS = [AT[name] for name in ORDER if _kind(name) == "str"]


class _Draft:
    """A summary that is being read, with the same slots: made into one at the end."""

    __slots__ = Summary.__slots__
