"""An officer works on a case: open, declare, triage, ask, write, note, move."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from whistle.casefile import summaries
from whistle.casefile.derive import complaint_of, derive
from whistle.casefile.exhibits import exhibits
from whistle.casefile.reading import CaseFile, holding
from whistle.casefile.writing import When, append, grant_all, open_file_chain
from whistle.crypto.envelope import Chain
from whistle.domain.deadlines import due_dates
from whistle.domain.routes import units_for
from whistle.domain.stages import moves_from
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import Refusal
from whistle.services.views import CaseView, Closing, file_items, given_back, held_by, thread_items
from whistle.services.work import Seen, Work, declared, locked, working
from whistle.store import cases
from whistle.store.database import Tx


@dataclass(frozen=True)
class Triage:
    """What triage fixes; amounts are whole rupiah or None."""

    title: str
    category: str
    office: str
    service: str
    people: str = ""
    amount_asked: int | None = None
    amount_paid: int | None = None
    victims: int | None = None
    priority: str = "biasa"


def open_case(ctx: Context, officer: Officer, case_id: bytes) -> CaseView:
    """Everything the case page shows; the look is recorded first. Raises NotYours or CaseBroken.

    Before the officer has declared to have no conflict, only the day and the track are given.
    """
    with ctx.store.write() as tx:
        # Locked, so that its tables are read as of one moment: what a colleague adds meanwhile would look like damage.
        file = locked(ctx, tx, officer, case_id)
        record(ctx, tx, officer, "look", case_id)
    if not declared(file, officer):
        return CaseView(case_id, file.case.day, file.track, False)
    with holding():
        return _view(ctx, officer, file)


def _view(ctx: Context, officer: Officer, file: CaseFile) -> CaseView:
    derived = derive(file)
    summary = derived.summary
    pending = derived.pending
    files = exhibits(file)
    stage_moves = [to for to in moves_from(summary.stage) if to not in {"SELESAI", "BUTUH_KLARIFIKASI"}]
    return CaseView(
        id=file.case.id,
        received=file.case.day,
        track=file.track,
        declared=True,
        summary=summary,
        complaint=complaint_of(file),
        thread=thread_items(file.thread, file.directory, names=True),
        file=file_items(file.file, file.directory, files),
        moves=stage_moves,
        may_ask="BUTUH_KLARIFIKASI" in (summary.stage, *moves_from(summary.stage)),
        may_close="SELESAI" in moves_from(summary.stage) and pending is None,
        dues=due_dates(summary, ctx.clock.today()),
        closing=Closing(**pending.data["closing"]) if pending else None,
        closing_by=file.directory.name(pending.author) if pending and pending.author else "",
        may_approve=pending is not None and pending.author != officer.id and officer.may("case.approve"),
        given_back=given_back(file),
        units=[unit for unit in units_for(file.track) if unit != summary.unit],
        readers=[file.directory.name(id_) for id_ in sorted(file.readers(), key=file.directory.name)],
        exhibits=files,
        held=held_by(derived.held, file.directory),
    )


def declare(ctx: Context, officer: Officer, case_id: bytes) -> None:
    """Declare "no conflict of interest"; the first to do so makes the file key and seals it to the track's readers."""
    with ctx.store.write() as tx:
        file = locked(ctx, tx, officer, case_id)
        if declared(file, officer):
            return
        when = When(ctx.clock.today(), ctx.clock.now())
        if not file.file:
            open_file_chain(tx, file, officer.author, when)
        else:
            _regrant(tx, file, officer, when)
        entry = append(tx, file, Chain.FILE, officer.author, "declared", {"conflict": False}, when)
        summaries.save(tx, file)
        record(ctx, tx, officer, "declare", case_id, entry.id)


def triage(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, values: Triage, seen: Seen | None = None
) -> str:
    """Classify the case, give it its register number and begin *telaah*. Returns the register number."""
    with working(ctx, officer, case_id, action_id, "write", seen) as work:
        if work.again:
            return work.derived.summary.register
        if work.derived.summary.closed:
            raise Refusal("closed")
        work.check_not_closing()
        register = work.derived.summary.register or _register(work)
        data = {name: getattr(values, name) for name in Triage.__dataclass_fields__}
        work.write("triage", {**data, "register": register})
        if work.stage == "DITERIMA":
            work.tell("stage", {"stage": "TELAAH", "text": ""})
        return register


def note(ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, text: str) -> None:
    """An internal note. The reporter never reads it."""
    with working(ctx, officer, case_id, action_id, "write") as work:
        if not work.again:
            work.write("note", {"text": text})


def ask(ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, text: str, seen: Seen | None = None) -> None:
    """Ask the reporter; the case waits, and the answer returns it to the stage that asked."""
    with working(ctx, officer, case_id, action_id, "write", seen) as work:
        if work.again:
            return
        work.check_not_closing()
        stage = work.stage
        if stage != "BUTUH_KLARIFIKASI":
            work.check_move("BUTUH_KLARIFIKASI")
        question = work.tell("question", {"text": text})
        if stage != "BUTUH_KLARIFIKASI":
            work.tell("stage", {"stage": "BUTUH_KLARIFIKASI", "text": "", "from": stage})
        asked_from = stage if stage != "BUTUH_KLARIFIKASI" else _asked_from(work.file)
        work.write("asked", {"question": question.id.hex(), "from": asked_from, "text": text})


def reply(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, text: str, seen: Seen | None = None
) -> None:
    """Write to the reporter without asking."""
    with working(ctx, officer, case_id, action_id, "write", seen) as work:
        if work.again:
            return
        message = work.tell("reply", {"text": text})
        work.write("replied", {"reply": message.id.hex(), "text": text})


def move(
    ctx: Context,
    officer: Officer,
    case_id: bytes,
    action_id: bytes,
    to: str,
    reason: str,
    public_text: str = "",
    extra: dict[str, Any] | None = None,
    seen: Seen | None = None,
) -> None:
    """Move to another stage, with a reason for the file and, if given, a word for the reporter.

    Closing and asking have acts of their own, since they need more than a reason. ``extra``: what belongs to a
    stage (the *surat tugas* of PEMERIKSAAN, to whom a case is handed over, the register number merged into).
    """
    with working(ctx, officer, case_id, action_id, "write", seen) as work:
        if work.again:
            return
        work.check_not_closing()
        work.check_move(to)
        if to in {"SELESAI", "BUTUH_KLARIFIKASI"}:
            raise Refusal("own_form", to=to)
        _check_hand_over(work, to, extra or {})
        if to == "DIGABUNG" and (extra or {}).get("merged_into") == work.derived.summary.register != "":
            raise Refusal("same_case")
        work.write("move", {"to": to, "text": reason, "public_text": public_text, **(extra or {})})
        work.tell("stage", {"stage": to, "text": public_text})


def _check_hand_over(work: Work, to: str, extra: dict[str, Any]) -> None:
    """Never forward to an office whose head is accused (DOMAIN section 3)."""
    accused = work.file.complaint.data["complaint"].get("accused", [])
    if to == "DILIMPAHKAN" and extra.get("handed_to") == "kepala_kantor" and "pimpinan_kantor" in accused:
        raise Refusal("head_accused")


def _asked_from(file: CaseFile) -> str:
    return next((e.data["from"] for e in reversed(file.file) if e.kind == "asked"), "TELAAH")


def _register(work: Work) -> str:
    day, log = work.when.day, work.file.case.log
    return register(cases.next_number(work.tx, register_series(log, day)), log, day)


def register_series(log: str, day: date) -> str:
    """The series from which cases of ``log`` that are triaged in the month of ``day`` take their numbers."""
    return f"register-{log}-{day:%Y-%m}"


def register(number: int, log: str, day: date) -> str:
    """A register number in words: "001/10/2026", and with an L for the outer log."""
    return f"{number:03d}{'' if log == 'inner' else 'L'}/{day:%m}/{day:%Y}"


def _regrant(tx: Tx, file: CaseFile, officer: Officer, when: When) -> None:
    """Readers who joined the track after the file was opened are given its keys by whoever opens it next."""
    due = file.directory.current.readers_of(file.track, when.day)
    missing = [r for r in due if r.id not in file.named_ever()]
    if not missing:
        return
    data = {"readers": [reader.id.hex() for reader in missing], "manifest": file.directory.current.sequence}
    append(tx, file, Chain.FILE, officer.author, "regranted", data, when)
    grant_all(tx, file, missing)
