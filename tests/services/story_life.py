"""A story of the demonstration, replayed by the rules of the desk alone: no keys, no store, so that a year is quick."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from whistle.domain.results import RESULTS
from whistle.domain.roles import ROLES
from whistle.domain.routes import units_for
from whistle.domain.stages import STAGES, check_move
from whistle.domain.tracks import decide
from whistle.services import demo

STAFF = {login: (role, unit) for login, _, role, unit in demo.OFFICERS}
NEEDS = {
    "declare": "case.open",
    "triage": "case.triage",
    "note": "case.note",
    "ask": "case.ask",
    "reply": "case.answer",
    "route": "case.route",
    "move": "case.move",
    "merge": "case.move",
    "reopen": "case.move",
    "close": "case.close",
    "approve": "case.approve",
    "give_back": "case.approve",
}


@dataclass
class Life:
    """Where a story stands: what its steps made of it so far."""

    stage: str = "DITERIMA"
    asked_from: str = ""
    open_questions: int = 0
    pending: str = ""  # the login that proposed a closing
    unread: bool = False
    triaged: date | None = None
    closed: date | None = None
    declared: set[str] = field(default_factory=set)
    results: list[str] = field(default_factory=list)
    units: set[str] = field(default_factory=set)

    def to(self, stage: str, day: date | None) -> None:
        check_move(self.stage, stage)
        self.stage = stage
        self.closed = day if STAGES[stage].coarse == "closed" else None


def lived(story: Mapping[str, Any], steps: list[Mapping[str, Any]], days: list[date] | None = None) -> Life:
    """Take the steps one after the other by the rules of the desk; asserts that each was possible."""
    complaint = story["complaint"]
    track = decide(complaint["office"], complaint.get("accused", ()))
    life = Life(units=set(track.reader_units))
    for at, step in enumerate(steps):
        day = days[at] if days else None
        if "by" in step:
            may_act(life, step)
        _act(life, step, track.code, day)
    return life


def may_act(life: Life, step: Mapping[str, Any]) -> None:
    role, unit = STAFF[step["by"]]
    assert NEEDS[step["do"]] in ROLES[role].permissions, f"{role} may not {step['do']}"
    assert unit in life.units, f"{step['by']} holds no key"
    assert step["do"] == "declare" or step["by"] in life.declared, f"{step['by']} has not declared"
    life.unread = life.unread and step["do"] == "declare"


def _act(life: Life, step: Mapping[str, Any], track: str, day: date | None) -> None:
    match step["do"]:
        case "declare":
            life.declared.add(step["by"])
        case "triage":
            life.triaged = life.triaged or day
            if life.stage == "DITERIMA":
                life.to("TELAAH", day)
        case "ask":
            if life.stage != "BUTUH_KLARIFIKASI":
                life.asked_from = life.stage
                life.to("BUTUH_KLARIFIKASI", day)
            life.open_questions += 1
        case "answer":
            assert life.open_questions, "there is no question to answer"
            life.open_questions -= 1
            life.unread = True
            if life.stage == "BUTUH_KLARIFIKASI":
                life.to(life.asked_from, day)
        case "message":
            life.unread = True
        case "route":
            assert step["unit"] in units_for(track), "the track never goes there"
            life.units.add(step["unit"])
        case "move":
            assert step["to"] not in {"SELESAI", "BUTUH_KLARIFIKASI", "DIGABUNG", "DIBUKA_KEMBALI"}
            life.to(step["to"], day)
        case "merge":
            life.to("DIGABUNG", day)
        case "reopen":
            life.to("DIBUKA_KEMBALI", day)
        case "close":
            assert not life.pending, "a closing waits already"
            check_move(life.stage, "SELESAI")
            life.results.append(step["result"])
            if RESULTS[step["result"]].needs_second:
                life.pending = step["by"]
            else:
                life.to("SELESAI", day)
        case "approve":
            assert life.pending and life.pending != step["by"], "another person approves"
            life.pending = ""
            life.to("SELESAI", day)
        case "give_back":
            assert life.pending and life.pending != step["by"]
            life.pending = ""
