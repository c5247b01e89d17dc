"""What the entries say a case is, over random lives of a case."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.casefile.derive import derive
from whistle.casefile.entries import Entry
from whistle.casefile.reading import CaseFile
from whistle.crypto.envelope import SUMMARY_ROOM, Chain
from whistle.domain.stages import STAGES, moves_from
from whistle.domain.summary import MOVES_LIMIT, PEOPLE_BYTES, TITLE_BYTES, Move, Summary, clip
from whistle.domain.summary_form import from_bytes, to_bytes

OFFICER = bytes(15) + b"\1"
SECOND = bytes(15) + b"\2"
START = date(2026, 1, 5)
WIDE = st.text(st.characters(codec="utf-8"), max_size=400)


class Life:
    """Entries as the desk and the reporter would write them, without any cryptography."""

    def __init__(self) -> None:
        self.file = CaseFile(case=None, directory=None, keys={})  # type: ignore[arg-type]
        self.day, self.number = START, 0
        story = {"happened": "uang", "service": "kependudukan", "office": "DISDUKCAPIL", "story": "Cerita."}
        self.add(Chain.THREAD, None, "complaint", {"complaint": story, "track": "biasa"})

    def add(self, chain: Chain, author: bytes | None, kind: str, data: dict[str, Any]) -> Entry:
        self.number += 1
        entries = self.file.entries[chain]
        id_ = self.number.to_bytes(16, "big")
        entry = Entry(id_, chain, 0, len(entries), kind, author, self.day, None, len(self.file.thread), data)
        entries.append(entry)
        return entry

    def act(self, to: str) -> None:
        stage = derive(self.file).summary.stage
        if to == "BUTUH_KLARIFIKASI":
            question = self.add(Chain.THREAD, OFFICER, "question", {"text": "?"})
            self.add(Chain.FILE, OFFICER, "asked", {"question": question.id.hex(), "from": stage, "text": "?"})
        elif to == "SELESAI":
            closing = dict.fromkeys(("sanction", "employment", "referral"), "")
            amounts = dict.fromkeys(("value", "returned", "victims"))
            proposed = {"closing": {"result": "terbukti", "causes": [], **closing, **amounts}}
            self.add(Chain.FILE, OFFICER, "close_proposed", proposed)
            self.add(Chain.FILE, SECOND, "closed", proposed)
        else:
            self.add(Chain.FILE, OFFICER, "move", {"to": to, "text": "."})


@given(st.data())
def test_the_stage_is_the_last_legal_move_whatever_was_done(data: st.DataObject) -> None:
    life, expected = Life(), "DITERIMA"
    for _ in range(data.draw(st.integers(0, 60))):
        life.day += timedelta(days=data.draw(st.integers(0, 20)))
        expected = data.draw(st.sampled_from(moves_from(expected)))
        life.act(expected)
    summary = derive(life.file).summary
    assert summary.stage == expected == summary.moves[-1].stage
    assert (summary.closed is not None) == (STAGES[expected].coarse == "closed")
    assert (summary.asked is not None) == (expected == "BUTUH_KLARIFIKASI")
    assert summary.moves[0] == Move(START, "DITERIMA")
    assert list(summary.moves) == sorted(summary.moves, key=lambda move: move.day)
    assert len(summary.moves) <= MOVES_LIMIT
    assert from_bytes(to_bytes(summary)) == summary


@given(st.sampled_from(["TELAAH", "PEMERIKSAAN"]))
def test_an_answer_returns_the_case_to_the_stage_that_asked(stage: str) -> None:
    life = Life()
    life.act("TELAAH")
    if stage == "PEMERIKSAAN":
        life.act("PEMERIKSAAN")
    life.act("BUTUH_KLARIFIKASI")
    question = derive(life.file).questions[0]
    life.add(Chain.THREAD, None, "answer", {"text": "Ya.", "question": question.id.hex()})
    derived = derive(life.file)
    assert (derived.summary.stage, derived.questions, derived.summary.unread) == (stage, (), True)


def test_an_answer_that_comes_after_the_desk_went_on_moves_nothing() -> None:
    life = Life()
    for stage in ("TELAAH", "BUTUH_KLARIFIKASI", "PEMERIKSAAN"):
        life.act(stage)
    question = derive(life.file).questions[0]
    life.add(Chain.THREAD, None, "answer", {"text": "Terlambat.", "question": question.id.hex()})
    assert derive(life.file).summary.stage == "PEMERIKSAAN"


@given(WIDE, WIDE, st.integers(0, 10**12))
def test_the_longest_summary_fits_into_its_record(title: str, people: str, amount: int) -> None:
    stages = [stage for stage in STAGES if stage != "DITERIMA"]
    summary = Summary(
        received=START,
        track="kepala-daerah",
        office="DISBUDPORAPAR",
        service="kependudukan",
        title=clip(title * 5, TITLE_BYTES),
        category="penyimpangan_prosedur",
        happened="dipersulit",
        register="999L/12/2026",
        stage="DI_LUAR_KEWENANGAN",
        moves=tuple(Move(START + timedelta(days=n), stages[n % len(stages)]) for n in range(MOVES_LIMIT)),
        unit="irban-khusus",
        priority="mendesak",
        people=clip(people * 5, PEOPLE_BYTES),
        amount_asked=amount,
        amount_paid=amount,
        amount_returned=amount,
        victims=99_999,
        verified=START,
        first_answer=START,
        complete=START,
        closed=START,
        result="tidak_cukup_bukti",
        sanction="pembebasan_jabatan",
        employment="tidak_diketahui",
        causes=("prosedur", "tarif", "antrean", "calo", "pengawasan", "integritas", "sarana"),
        referral="ombudsman",
        close_pending=True,
        unread=True,
        worried="sangat",
        thread_places=9_999,
        file_places=9_999,
        files=99_999,
    )
    assert len(to_bytes(summary)) <= SUMMARY_ROOM
    assert from_bytes(to_bytes(summary)) == summary


@pytest.mark.parametrize(
    ("kinds", "holds"),
    [
        ([], None),
        (["held"], 0),
        (["held", "note"], 0),
        (["held", "released"], None),
        (["held", "released", "held"], 2),
        (["held", "held"], 1),
        (["released"], None),
    ],
)
def test_a_case_is_held_by_the_last_hold_that_nobody_released(kinds: list[str], holds: int | None) -> None:
    life = Life()
    written = [life.add(Chain.FILE, OFFICER, kind, {"text": "Alasan."}) for kind in kinds]
    assert derive(life.file).held == (None if holds is None else written[holds])


@pytest.mark.parametrize("stage", ["TELAAH", "SELESAI"])
def test_a_hold_reads_what_the_reporter_wrote_and_changes_nothing_else(stage: str) -> None:
    # Given a case, open or closed, whose reporter wrote since
    life = Life()
    for to in ("TELAAH", "PEMERIKSAAN", "SELESAI") if stage == "SELESAI" else ("TELAAH",):
        life.act(to)
    life.add(Chain.THREAD, None, "message", {"text": "Masih ada lagi."})
    before = derive(life.file).summary
    # When it is held and released
    for number, kind in enumerate(("held", "released"), 1):
        life.add(Chain.FILE, OFFICER, kind, {"text": "Alasan."})
        summary = derive(life.file).summary
        # Then it is as before, but that somebody acted
        assert before.unread and not summary.unread
        assert summary == replace(before, unread=False, file_places=before.file_places + number)
