"""An officer's decrypted list in memory, as columns: what is filtered, sorted and counted by, and nothing else.

A row is some 600 bytes (docs/decisions/0014). What a page shows of its fifty cases is read and decrypted anew, so that
these columns decide which cases are on the page and in which order, and never what is said of one.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from whistle.domain.stages import STAGES

UNREAD, APPROVE, RETURNED, CLOSED, BROKEN, GONE = 1, 2, 4, 8, 16, 32  # gone: not the officer's any more
AWAITED = 64  # sealed to keys that the officer had before
_SHUT = BROKEN | GONE | AWAITED
NEVER = date.max.toordinal()
COUNTED = ("all", "open", "new", "late", "soon", "approve", "returned", "unread", "broken")
_FIRST = "DITERIMA"
_PRIORITY = {"mendesak": 0, "tinggi": 1, "biasa": 2}
_STAGE_PLACE = {code: place for place, code in enumerate(STAGES)}


@dataclass(frozen=True)
class Query:
    """What the list is asked for; "" means any. ``sort`` may start with "-" for descending."""

    state: str = "open"  # open (waiting included) | closed | all
    stage: str = ""
    office: str = ""
    category: str = ""
    unit: str = ""
    priority: str = ""
    due: str = ""  # late | soon
    attention: str = ""  # new | approve | returned | unread
    text: str = ""
    sort: str = "due"
    page: int = 1

    @property
    def unfiltered(self) -> bool:
        """Whether it asks for open cases and nothing more: only such a list also shows what cannot be read."""
        return self == Query(sort=self.sort, page=self.page)


class Brief(NamedTuple):
    """One case: days as ordinals, codes, ``marks`` of the constants above, and how many entries it reflects."""

    case: bytes
    received: int
    due: int  # NEVER when nothing is due
    due_state: str
    stage: str  # "" when the case cannot be read
    office: str
    category: str
    unit: str
    priority: str
    marks: int
    thread: int
    file: int
    text: str  # register, title and people, for searching: folded


class Columns:
    """The list of one officer as of ``today``: another day has other deadlines, and other columns."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._place: dict[bytes, int] = {}
        self._ids: list[bytes] = []
        self._received, self._due = array("i"), array("i")
        self._thread, self._file = array("q"), array("q")
        self._marks = bytearray()
        self._codes: dict[str, list[str]] = {
            name: [] for name in ("due_state", "stage", "office", "category", "unit", "priority")
        }
        self._text: list[str] = []
        self._same: dict[str, str] = {}
        self._others: dict[tuple[bytes, int], int] = {}
        self._orders: dict[str, Sequence[int]] = {}
        self._counts: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def put(self, briefs: Iterable[Brief]) -> None:
        """Add cases, or replace what was known of them."""
        new = dict[bytes, Brief]()
        for brief in briefs:
            place = self._place.get(brief.case)
            if place is None:
                new[brief.case] = brief
            else:
                self._replace(place, brief)
        if new:
            self._append(new.values())
        if self._orders:
            self._orders = {}
        self._counts = None

    def _append(self, briefs: Iterable[Brief]) -> None:
        """Column by column, which takes a third of the time that it takes row by row."""
        ids, received, due, *codes, marks, thread, file, text = zip(*briefs, strict=True)
        self._place.update(zip(ids, range(len(self._ids), len(self._ids) + len(ids)), strict=True))
        for column, values in zip(self._codes.values(), codes, strict=True):
            column.extend(map(self._same.setdefault, values, values))
        self._ids.extend(ids)
        self._received.extend(received)
        self._due.extend(due)
        self._marks.extend(marks)
        self._thread.extend(thread)
        self._file.extend(file)
        self._text.extend(text)

    def _replace(self, place: int, brief: Brief) -> None:
        for column, code in zip(self._codes.values(), brief[3:9], strict=True):
            column[place] = self._same.setdefault(code, code)
        self._received[place], self._due[place] = brief.received, brief.due
        self._thread[place], self._file[place] = brief.thread, brief.file
        self._marks[place], self._text[place] = brief.marks, brief.text

    def moved(self, touched: Iterable[tuple[bytes, int, int]]) -> dict[bytes, dict[int, int]]:
        """Of (case, chain, places) those that are not as they were, or not known at all: case -> chain -> places."""
        moved: dict[bytes, dict[int, int]] = {}
        for case, chain, places in touched:
            known = self.places(case, chain)
            if places != (self._others.get((case, chain)) if known is None else known):
                moved.setdefault(case, {})[chain] = places
        return moved

    def pass_over(self, moved: Mapping[bytes, Mapping[int, int]]) -> None:
        """These cases are not the officer's, as long as no more is written in them."""
        for case, chains in moved.items():
            for chain, places in chains.items():
                self._others[case, chain] = places

    def places(self, case: bytes, chain: int) -> int | None:
        """How many entries a chain (1 thread, 2 file) had when the case was read; None for a case that is not here."""
        place = self._place.get(case)
        if place is None:
            return None
        return (self._thread if chain == 1 else self._file)[place]

    def find(self, query: Query) -> list[bytes]:
        """The cases that ``query`` asks for, in its order."""
        rows: Sequence[int] = self._order(query.sort.removeprefix("-"))
        if query.sort.startswith("-"):
            rows = rows[::-1]
        marks = self._marks
        if query.unfiltered:
            rows = [row for row in rows if not marks[row] & (CLOSED | GONE)]  # those that cannot be read are open
        elif query.state in ("open", "closed"):
            wanted = CLOSED if query.state == "closed" else 0
            rows = [row for row in rows if marks[row] & (CLOSED | _SHUT) == wanted]
        else:
            rows = [row for row in rows if not marks[row] & _SHUT]
        for name, column in self._codes.items():
            asked = getattr(query, name if name != "due_state" else "due")
            if asked:
                rows = [row for row in rows if column[row] == asked]
        if query.attention:
            rows = self._attention(query.attention, rows)
        if query.text:
            text = self._text
            for word in _words(query.text):
                rows = [row for row in rows if word in text[row]]
        ids = self._ids
        return [ids[row] for row in rows]

    def counts(self) -> dict[str, int]:
        """How many there are of each of COUNTED, over the whole list."""
        if self._counts is None:
            marks, stage, due = self._marks, self._codes["stage"], self._codes["due_state"]
            self._counts = {
                "all": sum(not mark & GONE for mark in marks),
                "open": sum(not mark & (CLOSED | _SHUT) for mark in marks),
                "new": stage.count(_FIRST),
                "late": due.count("late"),
                "soon": due.count("soon"),
                "approve": sum(mark & APPROVE > 0 for mark in marks),
                "returned": sum(mark & RETURNED > 0 for mark in marks),
                "unread": sum(mark & UNREAD > 0 for mark in marks),
                "broken": sum(mark & BROKEN > 0 for mark in marks),
            }
        return self._counts

    def awaited(self) -> set[bytes]:
        """The cases whose keys a colleague had not given yet when they were read."""
        if AWAITED not in self._marks:
            return set()
        return {id_ for id_, mark in zip(self._ids, self._marks, strict=True) if mark & AWAITED}

    def registers(self) -> Iterator[tuple[bytes, str]]:
        """Each case and its register number, folded; "" where there is none."""
        return ((id_, _register(text)) for id_, text in zip(self._ids, self._text, strict=True))

    def _attention(self, asked: str, rows: Sequence[int]) -> list[int]:
        if asked == "new":
            stage = self._codes["stage"]
            return [row for row in rows if stage[row] == _FIRST]
        mark = {"approve": APPROVE, "returned": RETURNED, "unread": UNREAD}.get(asked)
        return list(rows) if mark is None else [row for row in rows if self._marks[row] & mark]

    def _order(self, sort: str) -> Sequence[int]:
        """All rows by ``sort``, those that are equal by the day received, then by id.

        Each by what a key stands for, one key after the other: to compare two keys at once takes ten times as long,
        and nobody else is served meanwhile.
        """
        if sort not in self._orders:
            if sort == "received":
                rows = sorted(range(len(self._ids)), key=self._ids.__getitem__)
                rows.sort(key=self._received.__getitem__)
            else:
                rows = sorted(self._order("received"), key=self._keys(sort).__getitem__)
            self._orders[sort] = array("i", rows)
        return self._orders[sort]

    def _keys(self, sort: str) -> Sequence[Any]:
        """What each row is sorted by."""
        codes = self._codes
        if sort == "office":
            return codes["office"]
        if sort == "stage":
            return [_STAGE_PLACE.get(code, -1) for code in codes["stage"]]
        if sort == "register":
            return [_in_year(_register(text)) for text in self._text]
        if sort == "priority":
            return [_PRIORITY.get(code, 9) for code in codes["priority"]]
        return self._due


def searched(register: str, title: str, people: str) -> str:
    """What is searched of a case: the register number first, as it is also sorted by."""
    return f"{register} {title} {people}".casefold()


def _words(typed: str) -> list[str]:
    """Every word to be found, in whatever order; the longest first, which leaves the fewest rows for the others."""
    return sorted(set(typed.casefold().split()), key=len, reverse=True)


def _register(text: str) -> str:
    return text.partition(" ")[0]


def _in_year(register: str) -> tuple[str, str, str]:
    """Year, month, and the number so that 1,000 comes after 999."""
    number, _, month = register.partition("/")
    month, _, year = month.partition("/")
    return year, month, number.rjust(8, "0")
