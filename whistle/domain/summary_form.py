"""How a summary is written down: one line a field, always in the same order (docs/envelope.md, Summary).

A list of 100,000 cases reads as many, and most of each only as text. So there are no names and no nesting: a line is a
text, a whole number, a day as its number (``date.toordinal``), a switch, or short parts; an empty line is None, False,
"" or (), as the field has it. Lines that a later version adds come last and are ignored.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields as fields_of_class
from datetime import date
from functools import lru_cache
from operator import attrgetter, itemgetter
from sys import intern
from typing import Any, Final

from whistle.domain.stages import STAGES
from whistle.domain.summary import LARGEST_DIGITS, Move, Summary

ORDER: Final = (
    "received", "closed", "thread_places", "file_places", "stage", "office", "category", "unit", "priority", "unread",
    "close_pending", "close_returned", "register", "title", "people", "track", "service", "happened", "channel",
    "amount_asked", "amount_paid", "amount_returned", "victims", "verified", "first_answer", "complete", "asked",
    "result", "sanction", "employment", "causes", "referral", "worried", "moves",
)  # fmt: skip
AT: Final = {name: place for place, name in enumerate(ORDER)}
_TYPES: Final[dict[str, Any]] = {field.name: field.type for field in fields_of_class(Summary)}
_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"))
_SWITCH = {"": False, "1": True}


def to_bytes(summary: Summary) -> bytes:
    """``summary`` as lines, in UTF-8."""
    return "\n".join([write(value) for write, value in zip(_WRITERS, _VALUES(summary), strict=True)]).encode()


def lines_of(body: bytes) -> list[str]:
    """The lines of a summary, not looked at yet. Raises ValueError when they are too few or no text."""
    text = body.decode()
    lines = text.split("\n")
    if len(lines) < len(ORDER):
        raise ValueError("the summary lacks lines")
    if "\\" in text:
        for place in _TEXTS:
            lines[place] = _unescaped(lines[place])
    return lines


def from_lines(lines: Sequence[str]) -> Summary:
    """The summary in ``lines``. Raises ValueError, LookupError or ArithmeticError: anybody with its key wrote it."""
    if not lines[AT["received"]] or lines[AT["stage"]] not in STAGES:
        raise ValueError("a summary has a day and a stage")
    # Every field is there and of its kind; __init__ would take as long as all this.
    summary, put = object.__new__(Summary), object.__setattr__
    for name, text in zip(_TEXT_NAMES, _TEXT_VALUES(lines), strict=True):
        put(summary, name, text)
    for name, text in zip(_CODE_NAMES, _CODE_VALUES(lines), strict=True):
        put(summary, name, intern(text))
    for name, place in _NUMBERS:
        put(summary, name, _number(line) if (line := lines[place]) else None)
    for name, place in _COUNTS:
        put(summary, name, _number(lines[place]))
    for name, place in _DAYS:
        put(summary, name, day_of(line) if (line := lines[place]) else None)
    for name, place in _SWITCHES:
        put(summary, name, _SWITCH[lines[place]])
    put(summary, "causes", _parts(lines[AT["causes"]]))
    put(summary, "moves", _moves(lines[AT["moves"]]))
    return summary


def from_bytes(body: bytes) -> Summary:
    """The reverse of `to_bytes`. Raises as `from_lines`."""
    return from_lines(lines_of(body))


@lru_cache(maxsize=20_000)
def day_of(line: str) -> date:
    """The day in a line; kept, since many cases have few days."""
    return date.fromordinal(_number(line))


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
        day += _number(after)
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


def _of(*kinds: str) -> list[tuple[str, int]]:
    return [(name, place) for name, place in AT.items() if _kind(name) in kinds]


_WRITERS = [_writer(name) for name in ORDER]
_VALUES = attrgetter(*ORDER)
_TEXTS = [place for _, place in _of("str")]
_TEXT_NAMES = ["register", "title", "people"]  # as many as there are cases; of the others there are few
_CODE_NAMES = [name for name, _ in _of("str") if name not in _TEXT_NAMES]
_TEXT_VALUES, _CODE_VALUES = (itemgetter(*(AT[name] for name in names)) for names in (_TEXT_NAMES, _CODE_NAMES))
_NUMBERS, _COUNTS, _DAYS, _SWITCHES = _of("int | None"), _of("int"), _of("date", "date | None"), _of("bool")
