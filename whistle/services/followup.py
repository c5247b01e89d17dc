"""The reporter comes back: with the receipt, and with nothing else."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from whistle.casefile.attachments import Attachment, not_yet, stored_ids, with_files
from whistle.casefile.derive import open_questions
from whistle.casefile.keys import Holder, keys_of_case
from whistle.casefile.manifest import REPORTER
from whistle.casefile.reading import CaseBroken, CaseFile, holding, read_case
from whistle.casefile.writing import Author, When, append
from whistle.crypto.envelope import Chain
from whistle.crypto.receipt import ReceiptKeys, keys_of, parse
from whistle.domain.deadlines import Due, due_dates
from whistle.domain.stages import STAGES, Stage
from whistle.domain.summary import Move, Summary
from whistle.services.context import Context
from whistle.services.views import ThreadItem, thread_items
from whistle.store import attached, cases, disposals
from whistle.store.database import Duplicate, StoreUnavailable, Tx

MESSAGE_LIMIT = 20_000  # characters


class UnknownReceipt(Exception):
    """The words are all from the list, yet no report was stored under them."""


class Deleted(CaseBroken):
    """The report came in on the day ``received``; its time was over, and its contents were deleted on ``day``."""

    def __init__(self, received: date, day: date) -> None:
        super().__init__("the contents of the case were deleted")
        self.received, self.day = received, day


@dataclass(frozen=True)
class ReporterView:
    """The case as its reporter may see it: the thread, the public stage and real dates; no internal word."""

    root: bytes
    received: date
    stage: Stage
    steps: list[Move]
    deadlines: list[Due]
    thread: list[ThreadItem]
    questions: list[ThreadItem]
    result: str
    closed: bool
    track: str


def open_with_words(ctx: Context, text: str) -> ReporterView:
    """Open with the typed words. Raises ReceiptError (a word is wrong), UnknownReceipt (no such report), Deleted."""
    receipt = parse(text)
    with ctx.store.read() as tx:
        keys = keys_of(receipt, ctx.directory(tx).installation)
    return _open(ctx, keys)


def open_with_root(ctx: Context, root: bytes) -> ReporterView:
    """Open with what the words derive to, for the following pages of one visit."""
    return _open(ctx, ReceiptKeys.from_root(root))


def add(
    ctx: Context,
    root: bytes,
    message_id: bytes,
    text: str,
    question: bytes | None,
    files: Sequence[Attachment] = (),
) -> None:
    """Add the reporter's message, or the answer to one question; the same ``message_id`` twice adds once.

    Whatever of ``files`` the thread does not attach yet is added, also to a message that was stored before: whoever
    taps a second time on a slow line may have chosen one more.
    ``message_id`` counts within this receipt's case only, and the id that is stored tells nothing of it. Raises
    UnknownReceipt, Deleted, ValueError for an unknown question, StoreUnavailable when nothing was stored.
    """
    keys = ReceiptKeys.from_root(root)
    entry_id = hashlib.sha256(b"peluit/v1/entry-of" + keys.root + message_id).digest()[:16]
    try:
        with ctx.store.write() as tx:
            row = cases.case_by_lookup(tx, keys.lookup_hash)
            if row is None:
                raise UnknownReceipt
            cases.lock_case(tx, row.id)
            file = read(ctx, tx, keys)
            more = not_yet(files, file.thread)
            if file.has(entry_id) or not (text or more):
                if not more:
                    return
                entry_id, text, question = os.urandom(16), "", None
            author, when = Author(None, keys.signing_seed), When(ctx.clock.today())
            kind, data = _word(file, text, question)
            append(tx, file, Chain.THREAD, author, kind, with_files(data, more), when, entry_id)
            attached.keep(tx, stored_ids(more))
            if kind == "answer" and file.case.state == "waiting":
                cases.set_state(tx, file.case.id, "open", file.case.next_day)
    except Duplicate as error:  # not this message, which was looked for above: nothing was stored
        raise StoreUnavailable("another entry is in the way") from error


def read(ctx: Context, tx: Tx, keys: ReceiptKeys) -> CaseFile:
    """The case file as far as the receipt opens it. Raises UnknownReceipt, Deleted or CaseBroken."""
    row = cases.case_by_lookup(tx, keys.lookup_hash)
    if row is None:
        raise UnknownReceipt
    deleted = disposals.buried(tx, row.id)
    if deleted is not None:
        raise Deleted(row.day, deleted)
    directory = ctx.directory(tx)
    with holding():
        opened = keys_of_case(tx, directory.installation, row.id, Holder(REPORTER, keys.hpke_seed))
        return read_case(tx, directory, row, opened or {}, REPORTER)


def _word(file: CaseFile, text: str, question: bytes | None) -> tuple[str, dict[str, Any]]:
    """Kind and data of the entry. Raises ValueError for a question that is not open."""
    if question is None:
        return "message", {"text": text}
    if question not in {entry.id for entry in open_questions(file.thread)}:
        raise ValueError("this question is not open")
    return "answer", {"text": text, "question": question.hex()}


def _open(ctx: Context, keys: ReceiptKeys) -> ReporterView:
    with ctx.store.read() as tx:
        file = read(ctx, tx, keys)
    with holding():
        return _view(ctx, keys, file)


def _view(ctx: Context, keys: ReceiptKeys, file: CaseFile) -> ReporterView:
    moves, result = _public_moves(file)
    stage = STAGES[moves[-1].stage]
    items = thread_items(file.thread, file.directory, names=False)
    open_ids = {entry.id for entry in open_questions(file.thread)}
    return ReporterView(
        root=keys.root,
        received=file.case.day,
        stage=stage,
        steps=moves,
        deadlines=due_dates(_public_summary(file, moves), ctx.clock.today()),
        thread=items,
        questions=[item for item in items if item.id in open_ids],
        result=result,
        closed=stage.coarse == "closed",
        track=file.track,
    )


def _public_moves(file: CaseFile) -> tuple[list[Move], str]:
    """The stages the desk told the reporter, and the return from a question that was answered."""
    moves, result, back = [Move(file.case.day, "DITERIMA")], "", ""
    for entry in file.thread:
        if entry.kind == "stage":
            moves.append(Move(entry.day, entry.data["stage"]))
            back = entry.data.get("from", "")
            result = "duplikat" if entry.data["stage"] == "DIGABUNG" else ""
        elif entry.kind == "closing":
            moves.append(Move(entry.day, "SELESAI"))
            result = entry.data["result"]
        elif entry.kind == "answer" and moves[-1].stage == "BUTUH_KLARIFIKASI" and back:
            moves.append(Move(entry.day, back))
    return moves, result


def _public_summary(file: CaseFile, moves: list[Move]) -> Summary:
    """Just enough of a summary for the deadlines that the reporter is shown."""
    desk = [entry for entry in file.thread if entry.author is not None]
    seen = next((move.day for move in moves if move.stage != "DITERIMA"), None)
    answered = next((e.day for e in desk if e.kind in {"question", "reply", "closing"} or e.data.get("text")), None)
    complete = next((move.day for move in moves if STAGES[move.stage].complete), None)
    last = moves[-1]
    return Summary(
        received=file.case.day,
        track=file.track,
        office="",
        service="",
        title="",
        stage=last.stage,
        moves=tuple(moves),
        verified=seen,
        first_answer=answered,
        complete=complete,
        closed=last.day if STAGES[last.stage].coarse == "closed" else None,
        asked=last.day if last.stage == "BUTUH_KLARIFIKASI" else None,
    )
