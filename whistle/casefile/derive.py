"""What the two chains say a case is: replayed from the entries, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from whistle.casefile.entries import Entry
from whistle.casefile.exhibits import how_many
from whistle.casefile.reading import CaseBroken, CaseFile, holding
from whistle.domain.complaint import Complaint
from whistle.domain.results import RESULTS
from whistle.domain.stages import STAGES
from whistle.domain.summary import MOVES_LIMIT, PEOPLE_BYTES, TITLE_BYTES, TITLE_LIMIT, Move, Summary, clip
from whistle.domain.tracks import TRACKS


@dataclass(frozen=True)
class Derived:
    """The summary, the closing that waits for a second person, the reporter's open questions, and the hold.

    ``held``: the entry that keeps the case from being deleted, or None.
    """

    summary: Summary
    pending: Entry | None
    questions: tuple[Entry, ...]
    held: Entry | None


@dataclass
class _Replay:
    summary: Summary
    pending: Entry | None = None
    asked_from: dict[bytes, str] = field(default_factory=dict)  # question id -> the stage that asked


def derive(file: CaseFile) -> Derived:
    """Replay the entries of both chains in the order in which their authors saw them. Raises CaseBroken."""
    with holding():
        return _derived(file)


def _derived(file: CaseFile) -> Derived:
    replay = _Replay(_born(file))
    for entry in _in_order(file):
        _STEPS.get(entry.kind, _ignore)(replay, entry)
        if entry.author is None:
            _on_reporter(replay, entry)
    summary = replace(
        replay.summary,
        moves=_shortened(replay.summary.moves),
        thread_places=len(file.thread),
        file_places=len(file.file),
        files=how_many(file),
        close_pending=replay.pending is not None,
    )
    summary.check()
    return Derived(summary, replay.pending, open_questions(file.thread), hold_of(file.file))


def open_questions(thread: list[Entry]) -> tuple[Entry, ...]:
    """Questions that no answer names yet."""
    answered = {entry.data.get("question") for entry in thread if entry.kind == "answer"}
    return tuple(entry for entry in thread if entry.kind == "question" and entry.id.hex() not in answered)


def hold_of(entries: list[Entry]) -> Entry | None:
    """The last `held` of a file chain that no `released` follows."""
    last = next((entry for entry in reversed(entries) if entry.kind in ("held", "released")), None)
    return last if last is not None and last.kind == "held" else None


def complaint_of(file: CaseFile) -> Complaint:
    """The reporter's answers as first sent."""
    return Complaint.from_dict(file.complaint.data["complaint"])


def _born(file: CaseFile) -> Summary:
    complaint, entry = complaint_of(file), file.complaint
    return Summary(
        received=entry.day,
        track=file.track,
        office=complaint.office,
        service=complaint.service,
        title=clip(complaint.story[:TITLE_LIMIT], TITLE_BYTES),
        happened=complaint.happened,
        channel=str(entry.data.get("channel", "web")),
        moves=(Move(entry.day, "DITERIMA"),),
        unit=TRACKS[file.track].reader_units[0],
        amount_asked=complaint.amount,
        worried=complaint.worried,
        priority="tinggi" if complaint.worried == "sangat" else "biasa",
    )


def _in_order(file: CaseFile) -> Iterator[Entry]:
    """Thread entries before the file entries whose authors had them; the rest of the thread at the end."""
    shown = 1
    for entry in file.file:
        while shown < min(entry.thread, len(file.thread)):
            yield file.thread[shown]
            shown += 1
        yield entry
    yield from file.thread[shown:]


def _shortened(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    return moves if len(moves) <= MOVES_LIMIT else (moves[0], *moves[-(MOVES_LIMIT - 1) :])


def _to(replay: _Replay, day: date, stage: str) -> None:
    summary = replay.summary
    closed = day if STAGES[stage].coarse == "closed" else None
    replay.summary = replace(
        summary,
        stage=stage,
        moves=(*summary.moves, Move(day, stage)),
        closed=closed,
        complete=summary.complete or (day if STAGES[stage].complete else None),
        asked=day if stage == "BUTUH_KLARIFIKASI" else None,
    )
    if closed or stage == "DIBUKA_KEMBALI":
        replay.pending = None


def _on_reporter(replay: _Replay, entry: Entry) -> None:
    replay.summary = replace(replay.summary, unread=True)
    question = entry.data.get("question")
    if entry.kind != "answer" or not question or replay.summary.stage != "BUTUH_KLARIFIKASI":
        return
    back = replay.asked_from.get(bytes.fromhex(question))
    if back:
        _to(replay, entry.day, back)


def _acted(replay: _Replay) -> None:
    replay.summary = replace(replay.summary, unread=False)


def _triage(replay: _Replay, entry: Entry) -> None:
    data: Any = entry.data
    replay.summary = replace(
        replay.summary,
        title=clip(data["title"], TITLE_BYTES),
        category=data["category"],
        office=data["office"],
        service=data["service"],
        people=clip(data["people"], PEOPLE_BYTES),
        amount_asked=data["amount_asked"],
        amount_paid=data["amount_paid"],
        victims=data["victims"],
        priority=data["priority"],
        register=replay.summary.register or data.get("register", ""),
        verified=replay.summary.verified or entry.day,
    )
    if replay.summary.stage == "DITERIMA":
        _to(replay, entry.day, "TELAAH")
    _acted(replay)


def _route(replay: _Replay, entry: Entry) -> None:
    replay.summary = replace(replay.summary, unit=entry.data["unit"])
    _acted(replay)


def _first_word(replay: _Replay, entry: Entry) -> None:
    if replay.summary.first_answer is None:
        replay.summary = replace(replay.summary, first_answer=entry.day)
    _acted(replay)


def _asked(replay: _Replay, entry: Entry) -> None:
    replay.asked_from[bytes.fromhex(entry.data["question"])] = entry.data["from"]
    if replay.summary.stage != "BUTUH_KLARIFIKASI":
        _to(replay, entry.day, "BUTUH_KLARIFIKASI")
    _first_word(replay, entry)


def _move(replay: _Replay, entry: Entry) -> None:
    _to(replay, entry.day, entry.data["to"])
    if entry.data["to"] == "DIGABUNG":
        replay.summary = replace(replay.summary, result="duplikat")
    if entry.data.get("referral"):
        replay.summary = replace(replay.summary, referral=entry.data["referral"])
    if entry.data["to"] == "DIBUKA_KEMBALI":
        replay.summary = replace(replay.summary, result="", sanction="")
    if entry.data.get("public_text"):
        _first_word(replay, entry)
    _acted(replay)


def _proposed(replay: _Replay, entry: Entry) -> None:
    replay.pending = entry
    replay.summary = replace(replay.summary, close_returned=False)
    _acted(replay)


def _returned(replay: _Replay, entry: Entry) -> None:
    replay.pending = None
    replay.summary = replace(replay.summary, close_returned=True)
    _acted(replay)


def _closed(replay: _Replay, entry: Entry) -> None:
    data: Any = entry.data["closing"]
    if RESULTS[data["result"]].needs_second:
        _check_second(replay.pending, entry)
    _first_word(replay, entry)
    replay.summary = replace(
        replay.summary,
        result=data["result"],
        sanction=data["sanction"],
        employment=data["employment"],
        causes=tuple(data["causes"]),
        referral=data["referral"] or replay.summary.referral,
        amount_paid=data["value"] if data["value"] is not None else replay.summary.amount_paid,
        amount_returned=data["returned"],
        victims=data["victims"] if data["victims"] is not None else replay.summary.victims,
        close_returned=False,
    )
    _to(replay, entry.day, "SELESAI")


def _check_second(proposed: Entry | None, closed: Entry) -> None:
    """Two persons closed it, with one and the same result: nobody alone does, not with the database in hand either."""
    if proposed is None or proposed.author == closed.author or proposed.data["closing"] != closed.data["closing"]:
        raise CaseBroken(f"file entry {closed.place} closes the case without a second person")


def _note(replay: _Replay, entry: Entry) -> None:
    _acted(replay)


def _ignore(replay: _Replay, entry: Entry) -> None:
    """Openings and declarations change nothing that lists or figures show."""


_STEPS = {
    "triage": _triage,
    "route": _route,
    "asked": _asked,
    "replied": _first_word,
    "note": _note,
    "attached": _note,
    "held": _note,
    "released": _note,
    "move": _move,
    "close_proposed": _proposed,
    "close_returned": _returned,
    "closed": _closed,
}
