"""A life written down: the rows of one case as the use cases would have written them, act by act, and none of them yet
stored.

The use cases read, check and sum up a case at every act, in a transaction of its own. Here a case is sealed from its
first to its last entry in memory and summed up once. A test holds the two against each other, entry by entry.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from whistle.casefile import birth, summaries
from whistle.casefile.derive import derive, open_questions
from whistle.casefile.entries import Entry
from whistle.casefile.manifest import Directory
from whistle.casefile.reading import CaseFile
from whistle.casefile.writing import Author, When, missing_grants, seal_file_chain, seal_next
from whistle.crypto.envelope import Chain
from whistle.crypto.receipt import ReceiptKeys
from whistle.domain.deadlines import next_due
from whistle.domain.results import RESULTS
from whistle.domain.stages import FIRST, STAGES
from whistle.domain.tracks import decide
from whistle.services.acts import Act
from whistle.services.casework import Triage
from whistle.services.lives import Life, Step, closing_of
from whistle.services.officer import Officer
from whistle.store.bulk import NewRows

OPENS = time(8, 0)  # when officers begin to work; a step takes a quarter of an hour
EXTRA = ("letter_number", "team", "handed_to", "handed_name", "referral")  # what belongs to a move, where it is told


@dataclass
class Told:
    """A case that was written down: its rows and what officers did, in order."""

    rows: NewRows
    acts: list[Act]
    keys: ReceiptKeys


@dataclass
class Writer:
    """Writes one life down. ``register`` is its number, ``merge_into`` that of the case it may be merged into."""

    directory: Directory
    zone: ZoneInfo
    officers: Mapping[str, Officer]
    file: CaseFile
    seed: bytes
    register: str
    merge_into: str
    told: Told
    stage: str = FIRST
    asked_from: str = ""
    proposal: Entry | None = None
    when: When = field(default_factory=lambda: When(date.min))

    def write(self, chain: Chain, by: Officer | None, kind: str, data: Mapping[str, Any]) -> Entry:
        """The next entry, by an officer or by the reporter."""
        author = by.author if by else Author(None, self.seed)
        entry, row = seal_next(self.file, chain, author, kind, data, self.when)
        self.told.rows.entries.append(row)
        return entry

    def tell(self, by: Officer, kind: str, data: Mapping[str, Any]) -> Entry:
        return self.write(Chain.THREAD, by, kind, data)

    def note(self, by: Officer, kind: str, data: Mapping[str, Any], action: str = "write") -> Entry:
        """An entry of the file, which is what an officer's act is recorded with."""
        entry = self.write(Chain.FILE, by, kind, data)
        self.record(by, action, entry.id)
        return entry

    def record(self, by: Officer, action: str, entry: bytes | None = None) -> None:
        at = int(self.when.at.timestamp()) if self.when.at else 0
        self.told.acts.append(Act(at, by.id, by.sign_seed, action, self.file.case.id, entry))


def tell(
    directory: Directory,
    zone: ZoneInfo,
    officers: Mapping[str, Officer],
    life: Life,
    register: str,
    merge_into: str,
    now: datetime,
) -> Told:
    """The rows of ``life``. ``register`` is the number that triage gives it, ``merge_into`` that of an older case."""
    keys = ReceiptKeys.from_root(os.urandom(32))
    track = decide(life.complaint.office, life.complaint.accused)
    born = birth.make(directory, track, life.complaint, keys, life.received)
    rows = NewRows(
        epochs=[born.epoch], entries=[born.entry], grants=[*born.grants], identities=[born.identity], leaves=[born.leaf]
    )
    told = Told(rows, [], keys)
    writer = Writer(directory, zone, officers, born.file, keys.signing_seed, register, merge_into, told)
    looked: set[tuple[date, str]] = set()
    for number, step in enumerate(life.steps):
        at = datetime.combine(step.day, OPENS, zone) + timedelta(minutes=15 * number)
        if at > now:
            break
        by = officers[step.by] if step.by else None
        writer.when = When(step.day, at.astimezone(UTC) if by else None)
        if by and (step.day, step.by) not in looked:
            writer.record(by, "look")
            looked.add((step.day, step.by))
        _STEPS[step.do](writer, by, step)
    _sum_up(told, writer.file)
    return told


def _sum_up(told: Told, file: CaseFile) -> None:
    summary = derive(file).summary
    due = next_due(summary)
    told.rows.summaries.append(summaries.seal_case_summary(file, summary))
    state = STAGES[summary.stage].coarse
    told.rows.cases.append(replace(file.case, state=state, next_day=due.day if due else None))


Do = Callable[[Writer, Any, Step], None]


def _declare(w: Writer, by: Officer, step: Step) -> None:
    if not w.file.file:
        first = seal_file_chain(w.file, by.author, w.when)
        present = {(g.chain, g.epoch, g.reader) for g in w.told.rows.grants}
        w.told.rows.epochs.append(first.epoch)
        w.told.rows.entries.append(first.entry)
        w.told.rows.grants += [*missing_grants(w.file, first.readers, present), first.recovery]
    w.note(by, "declared", {"conflict": False}, "declare")


def _triage(w: Writer, by: Officer, step: Step) -> None:
    values = Triage(**{name: step.what[name] for name in Triage.__dataclass_fields__ if name in step.what})
    w.note(by, "triage", {**asdict(values), "register": w.register})
    if w.stage == FIRST:
        w.tell(by, "stage", {"stage": "TELAAH", "text": ""})
        w.stage = "TELAAH"


def _note(w: Writer, by: Officer, step: Step) -> None:
    w.note(by, "note", {"text": step.what["text"]})


def _ask(w: Writer, by: Officer, step: Step) -> None:
    question, stage = w.tell(by, "question", {"text": step.what["text"]}), w.stage
    if stage != "BUTUH_KLARIFIKASI":
        w.tell(by, "stage", {"stage": "BUTUH_KLARIFIKASI", "text": "", "from": stage})
        w.asked_from, w.stage = stage, "BUTUH_KLARIFIKASI"
    w.note(by, "asked", {"question": question.id.hex(), "from": w.asked_from, "text": step.what["text"]})


def _reply(w: Writer, by: Officer, step: Step) -> None:
    message = w.tell(by, "reply", {"text": step.what["text"]})
    w.note(by, "replied", {"reply": message.id.hex(), "text": step.what["text"]})


def _reporter(w: Writer, by: None, step: Step) -> None:
    questions = open_questions(w.file.thread) if step.do == "answer" else ()
    if not questions:
        w.write(Chain.THREAD, None, "message", {"text": step.what["text"]})
        return
    w.write(Chain.THREAD, None, "answer", {"text": step.what["text"], "question": questions[0].id.hex()})
    if w.stage == "BUTUH_KLARIFIKASI":
        w.stage = w.asked_from


def _route(w: Writer, by: Officer, step: Step) -> None:
    manifest, unit = w.directory.current, step.what["unit"]
    readers = manifest.unit(unit, step.day)
    named = [reader.id.hex() for reader in readers]
    data = {"unit": unit, "readers": named, "manifest": manifest.sequence, "text": step.what["reason"]}
    w.note(by, "route", data, "route")
    present = {(g.chain, g.epoch, g.reader) for g in w.told.rows.grants}
    w.told.rows.grants += missing_grants(w.file, readers, present)


def _move(w: Writer, by: Officer, step: Step) -> None:
    extra = {name: step.what[name] for name in EXTRA if name in step.what}
    if "letter_number" in step.what:
        extra["letter_date"] = step.day.isoformat()
    to = {"merge": "DIGABUNG", "reopen": "DIBUKA_KEMBALI"}.get(step.do) or step.what["to"]
    if step.do == "merge":
        extra["merged_into"] = w.merge_into
    public = step.what.get("public_text", "")
    w.note(by, "move", {"to": to, "text": step.what["reason"], "public_text": public, **extra})
    w.tell(by, "stage", {"stage": to, "text": public})
    w.stage = to


def _close(w: Writer, by: Officer, step: Step) -> None:
    closing = closing_of(step.what, step.day)
    data = {"closing": asdict(closing), "text": closing.summary}
    if RESULTS[closing.result].needs_second:
        w.proposal = w.note(by, "close_proposed", data, "close")
    else:
        _closed(w, by, data)


def _approve(w: Writer, by: Officer, step: Step) -> None:
    if w.proposal is not None:
        closing = w.proposal.data["closing"]
        _closed(w, by, {"closing": closing, "proposal": w.proposal.id.hex(), "text": step.what.get("note", "")})


def _closed(w: Writer, by: Officer, data: dict[str, Any]) -> None:
    w.note(by, "closed", data, "close")
    w.tell(by, "closing", {"result": data["closing"]["result"], "text": data["closing"]["answer"]})
    w.stage = "SELESAI"


def _give_back(w: Writer, by: Officer, step: Step) -> None:
    if w.proposal is not None:
        w.note(by, "close_returned", {"proposal": w.proposal.id.hex(), "text": step.what["reason"]}, "close")
        w.proposal = None


_STEPS: dict[str, Do] = {
    "declare": _declare,
    "triage": _triage,
    "note": _note,
    "ask": _ask,
    "reply": _reply,
    "answer": _reporter,
    "message": _reporter,
    "route": _route,
    "move": _move,
    "merge": _move,
    "reopen": _move,
    "close": _close,
    "approve": _approve,
    "give_back": _give_back,
}
