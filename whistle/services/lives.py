"""Many more lives for a demonstration, each after one of the told stories: what happened on which day, by whom.

A life takes a story's words and steps and changes what may change without contradicting them: the day it came in, how
long everybody took, which of the kelurahan it was, who of triage read it, and a sentence or two around the story. Some
break off halfway, as lives do. Nothing here knows a key: `telling` writes a life down.
"""

import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from whistle.domain.calendar import CALENDAR
from whistle.domain.complaint import Complaint
from whistle.domain.offices import OFFICES, WARD
from whistle.domain.tracks import decide
from whistle.services.views import Closing

MONTHS = 24  # over which the lives are spread
DAYS = MONTHS * 30
SHARES = {"biasa": 960, "inspektorat": 22, "inspektur": 8, "kepala-daerah": 10}  # of a thousand reports
OLD = 120  # days after which a case is closed, but for a few
LEFT_LYING = 0.015  # of the old ones
BROKEN_OFF = 0.03  # lives that stop halfway
_UNITS = {"irban-1": "hendra", "irban-2": "lestari", "irban-3": "fajar", "irban-4": "nurul"}
_TRIAGE_SWAPS: tuple[dict[str, str], ...] = ({}, {"rahma": "yusuf", "yusuf": "rahma"})  # two stay two
_BEFORE = (
    "", "", "Saya baru kali ini melapor.", "Maaf kalau tulisan saya kurang rapi.", "Ini sudah lama saya pendam.",
    "Saya tulis seingat saya.", "Bukan saya saja yang mengalami.", "Saya ceritakan dari awal.",
)  # fmt: skip
_AFTER = (
    "", "", "Kejadiannya pagi, waktu antrean masih panjang.", "Waktu itu sudah lewat jam istirahat.",
    "Sekarang pun katanya masih begitu.", "Tolong jangan sampai ketahuan siapa yang melapor.",
    "Saya cuma mau ini tidak terulang.", "Tetangga saya bilang hal yang sama.",
    "Mohon dicek pada hari pelayanan ramai.", "Tidak ada yang berani bicara di sana.",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One act: ``do`` as in a story's steps, ``by`` an officer's login or "" for the reporter, and its words."""

    day: date
    do: str
    by: str
    what: Mapping[str, Any]


@dataclass(frozen=True)
class Life:
    """A report and what followed, in order. ``story`` is the id of the story it follows."""

    story: str
    received: date
    complaint: Complaint
    steps: tuple[Step, ...]


class Stories:
    """The told stories, ready to be followed. Which one: by track, by age, and by how it ends."""

    def __init__(self, told: Sequence[Mapping[str, Any]]) -> None:
        self._by_track: dict[str, list[Mapping[str, Any]]] = {track: [] for track in SHARES}
        for story in told:
            asked = story["complaint"]
            self._by_track[decide(asked["office"], asked.get("accused", ())).code].append(story)

    def pick(self, rng: random.Random, age: int) -> Mapping[str, Any]:
        """A story for a report that came in ``age`` days ago."""
        track = rng.choices(list(SHARES), list(SHARES.values()))[0]
        told = self._by_track[track]
        if age > OLD and rng.random() > LEFT_LYING:
            return rng.choice([story for story in told if _ends(story)] or told)
        if age > OLD:
            return rng.choice([story for story in told if not _ends(story)] or told)
        return rng.choice([story for story in told if _ends(story) or age <= _told_for(story)] or told)


def arrivals(rng: random.Random, count: int, today: date) -> list[date]:
    """The days on which ``count`` reports came in, in order: slowly more, and fewer at weekends; today's included."""
    days = [today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    weights = [(1 + index / DAYS) * (0.45 if day.weekday() >= 5 else 1) for index, day in enumerate(days)]
    upto = list(accumulate(weights))
    return sorted(days[bisect(upto, rng.random() * upto[-1])] for _ in range(count))


def live(rng: random.Random, story: Mapping[str, Any], received: date, today: date) -> Life:
    """A life after ``story``, of which only what lies before ``today`` or on it has happened."""
    told, steps = story["complaint"], list(story.get("step", ()))
    here = _elsewhere(rng, told["office"])
    swap = {**_unit_swap(told["office"], here), **rng.choice(_TRIAGE_SWAPS)}
    if steps and rng.random() < BROKEN_OFF:
        steps = steps[: rng.randrange(len(steps))]
    day, lived = received, list[Step]()
    for number, step in enumerate(steps):
        by = swap.get(step.get("by", ""), step.get("by", ""))
        day += timedelta(days=_took(rng, step["after"], first=number == 0))
        while by and not CALENDAR.is_working(day):
            day += timedelta(days=1)
        if day > today:
            break
        lived.append(Step(day, step["do"], by, _told_here(step, told["office"], here, day)))
    words = " ".join(part for part in (rng.choice(_BEFORE), told["story"].strip(), rng.choice(_AFTER)) if part)
    complaint = Complaint.from_dict({"language": "id", **told})
    return Life(story["id"], received, replace(complaint, story=words, office=here), tuple(lived))


def closing_of(what: Mapping[str, Any], day: date) -> Closing:
    """What a story's closing says, with its days counted from ``day``."""
    values = {name: what[name] for name in Closing.__dataclass_fields__ if name in what}
    for name, offset in (("lhp_date", "lhp_after"), ("recommendation_due", "recommendation_due_after")):
        if offset in what:
            values[name] = (day + timedelta(days=what[offset])).isoformat()
    if values.get("returned"):
        values["returned_date"] = day.isoformat()
    return Closing(**values)


def _ends(story: Mapping[str, Any]) -> bool:
    """Whether the story comes to an end: a closing that stands, or a merging."""
    kinds = [step["do"] for step in story.get("step", ()) if step["do"] in ("close", "approve", "merge", "reopen")]
    return bool(kinds) and kinds[-1] != "reopen"


def _told_for(story: Mapping[str, Any]) -> int:
    """For how many days a story that does not end is still news: what nobody has read yet is young."""
    return sum(int(step["after"]) for step in story.get("step", ())) + 14


def _took(rng: random.Random, after: int, first: bool) -> int:
    """Days between two steps: about as long as told, now and then much longer."""
    if first:
        return max(0, after + rng.choice((-1, -1, 0, 0, 0, 1, 1, 2, 6)))
    if after <= 1:
        return after + rng.choice((0, 0, 0, 0, 1))
    return max(1, round(after * rng.choice((0.6, 0.8, 0.9, 1, 1, 1.1, 1.3, 2))))


def _elsewhere(rng: random.Random, office: str) -> str:
    """Another office of the kind: any kelurahan may stand for another, and any kecamatan."""
    kind = OFFICES[office].kind
    if kind not in (WARD, "kecamatan"):
        return office
    return rng.choice([code for code, other in OFFICES.items() if other.kind == kind])


def _unit_swap(told: str, here: str) -> dict[str, str]:
    """Who acts for the irban that covers the other office."""
    before, now = OFFICES[told].irban, OFFICES[here].irban
    return {_UNITS[before]: _UNITS[now]} if before in _UNITS and now in _UNITS else {}


def _told_here(step: Mapping[str, Any], told: str, here: str, day: date) -> dict[str, Any]:
    """The step's words with the office, the unit and the days of this life."""
    what = {name: value for name, value in step.items() if name not in ("do", "by", "after")}
    if told != here:
        if what.get("office") == told:
            what["office"] = here
        if what.get("unit") == OFFICES[told].irban:
            what["unit"] = OFFICES[here].irban
    return {**what, "day": day}
