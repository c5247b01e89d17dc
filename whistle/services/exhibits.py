"""The files of a case at the desk: made ready to look at, looked at, handed out; every look is recorded.

Nothing that a sender calls clean is shown as it came: what is shown is what the desk's own sandbox made of it
(`exhibit_making`). The bytes go out piece by piece, against a ticket that only the session opens in which the look was
recorded.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from whistle.casefile.attachments import Stored, stored_ids, with_files
from whistle.casefile.derive import derive
from whistle.casefile.exhibits import PREPARED, Exhibit, exhibit, exhibits
from whistle.casefile.reading import CaseFile
from whistle.clean import sandbox
from whistle.clean.kinds import kind_of_source
from whistle.clean.result import NotCleaned
from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token
from whistle.services.context import Context
from whistle.services.evidence import UNKNOWN_TYPE, Content, Upload, Vanished, drop
from whistle.services.exhibit_making import is_unfinished, make
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import NotYours, Refusal
from whistle.services.work import declared, locked, read_for, working
from whistle.store import attached, cases
from whistle.store.errors import FilesUnavailable

PURPOSE: Final = "exhibit"


@dataclass(frozen=True)
class Step:
    """One line of the chain of custody.

    ``what``: "kept" (as it was sent), "came" (what was stored to be shown), "made" (what the desk made of it) or
    "failed" (the desk could not clean it: nothing is ``stored`` then). A reporter's step has a day alone, and no name.
    """

    what: str
    day: date
    at: datetime | None
    by: str
    stored: Stored | None


@dataclass(frozen=True)
class Shown:
    """An exhibit as its page shows it. ``by``: who attached it, "" for the reporter.

    ``trouble``: "gone" when what is stored of it is missing or was changed, as far as its beginning tells; "away" when
    the store of files does not answer; else "". ``before`` and ``after`` are its neighbours among the files of the
    case, in the order of their labels.
    """

    exhibit: Exhibit
    register: str
    by: str
    custody: tuple[Step, ...]
    trouble: str
    before: Exhibit | None
    after: Exhibit | None


@dataclass(frozen=True)
class Ticket:
    """What a session may read of one exhibit: a stored file, our ``name`` for it, and how many pages a document has."""

    stored: Stored
    name: str
    pages: int = 0


def show(ctx: Context, officer: Officer, case_id: bytes, exhibit_id: bytes) -> Shown:
    """An exhibit, and who had it in hand; the look is recorded first.

    A store of files that is away is said in what is returned. Raises NotYours, CaseBroken, StoreUnavailable, Refusal
    "declare_first".
    """
    with ctx.store.write() as tx:
        file = locked(ctx, tx, officer, case_id)
        found = _found(file, officer, exhibit_id)
        record(ctx, tx, officer, "file-look", case_id, found.entry.id, found.mark)
    there = found.made.clean if found.made and found.made.clean else found.attachment.file
    return _shown(file, found, _trouble(ctx, there))


def prepare(ctx: Context, officer: Officer, case_id: bytes, exhibit_id: bytes) -> None:
    """Clean a file in the sandbox and make its previews, once; what came of it is an entry that the officer signs.

    The case is not locked meanwhile: of two officers who open a file at the same moment one is recorded, and both see
    it. What failed for want of time or room is tried anew, and no more than that.

    Raises NotYours, CaseBroken, Refusal, Vanished.
    """
    file = _read(ctx, officer, case_id)
    found = _found(file, officer, exhibit_id)
    if not _wanting(found):
        return
    before = set() if found.made is None else {one.id for one in found.made.stored}
    made = make(ctx, file.directory.installation, found.attachment.file, found.made)
    with working(ctx, officer, case_id, _preparing(file, found), "file-prepare", about=found.mark) as work:
        work.again = work.again or not _wanting(_found(work.file, officer, exhibit_id))
        if not work.again:
            work.write(PREPARED, made.to_dict(exhibit_id))
            attached.keep(work.tx, [one.id for one in made.stored])
    if work.again:
        drop(ctx, [one for one in made.stored if one.id not in {exhibit_id, *before}])


def unopened(ctx: Context, officer: Officer, case_id: bytes) -> list[bytes]:
    """The ids of the files that nobody opened yet, in the order of their labels; no look is recorded.

    Raises NotYours, CaseBroken, Refusal "declare_first".
    """
    file = _read(ctx, officer, case_id)
    if not declared(file, officer):
        raise Refusal("declare_first")
    return [one.id for one in exhibits(file) if one.made is None]


def attach(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, text: str, uploads: Sequence[Upload]
) -> None:
    """Attach an officer's own files to the internal file, each as it was, with its name, and cleaned.

    A second time with the same ``action_id`` and the same files they are dropped; other files are attached as well.
    Raises NotYours, CaseBroken, StoreUnavailable, Refusal "declare_first".
    """
    files = [upload.attachment(original=True) for upload in uploads]
    action_id = hashlib.sha256(action_id + b"".join(upload.sent.sha256 for upload in uploads)).digest()[:16]
    with working(ctx, officer, case_id, action_id, "attach") as work:
        if not work.again:
            work.write("attached", with_files({"text": text}, files))
            attached.keep(work.tx, stored_ids(files))
    if work.again:
        drop(ctx, [stored for file in files for stored in file.stored])


def hand_out(
    ctx: Context, officer: Officer, case_id: bytes, exhibit_id: bytes, raw: bool = False
) -> tuple[Shown, Stored]:
    """The cleaned file, or with ``raw`` the file as it was sent; that it is handed out is recorded first.

    The type of what was sent is told by what is in it, and is unknown for what no cleaner knows. Raises NotYours (also
    where there is no such form of it), CaseBroken, Vanished, StoreUnavailable, Refusal "declare_first".
    """
    with ctx.store.write() as tx:
        file = locked(ctx, tx, officer, case_id)
        found = _found(file, officer, exhibit_id)
        stored = found.raw if raw else found.made and found.made.clean
        if not stored:
            raise NotYours
        record(ctx, tx, officer, "file-original" if raw else "file-download", case_id, found.entry.id, found.mark)
    kind = kind_of_source(content(ctx, stored))
    if raw:
        stored = replace(stored, media=kind.media if kind else UNKNOWN_TYPE)
    return _shown(file, found, ""), stored


def ticket(officer: Officer, stored: Stored, name: str, pages: int = 0) -> str:
    """What lets this session read a stored file, or the pages of a document, after the look was recorded."""
    told = {"stored": stored.to_dict(), "name": name, "pages": pages}
    return seal_token(officer.vault_key, PURPOSE, json.dumps(told).encode(), officer.session)


def redeem(officer: Officer, text: str) -> Ticket:
    """A ticket of this very session. Raises NotYours for anything else."""
    try:
        told = json.loads(open_token(officer.vault_key, PURPOSE, text, officer.session))
    except Refused:
        raise NotYours from None
    return Ticket(Stored.from_dict(told["stored"]), told["name"], told["pages"])


def content(ctx: Context, stored: Stored) -> Content:
    """The bytes of a stored file of this installation."""
    return Content(ctx, ctx.lately().installation, stored)


def page(ctx: Context, ticket: Ticket, number: int) -> bytes:
    """A picture of one page of a document, counted from 1, made now. Raises NotYours, NotCleaned, Vanished."""
    if not 1 <= number <= ticket.pages:
        raise NotYours
    look = sandbox.look(content(ctx, ticket.stored), number - 1, 1)
    if not look.pictures:
        raise NotCleaned("damaged")
    return look.pictures[0]


def _read(ctx: Context, officer: Officer, case_id: bytes) -> CaseFile:
    with ctx.store.read() as tx:
        row = cases.get_case(tx, case_id)
        if row is None:
            raise NotYours
        return read_for(ctx, tx, officer, row)


def _found(file: CaseFile, officer: Officer, exhibit_id: bytes) -> Exhibit:
    if not declared(file, officer):
        raise Refusal("declare_first")
    found = exhibit(file, exhibit_id)
    if found is None:
        raise NotYours
    return found


def _wanting(found: Exhibit) -> bool:
    """Whether it was not made ready yet, or another try may come to more."""
    return found.made is None or is_unfinished(found.made)


def _preparing(file: CaseFile, found: Exhibit) -> bytes:
    """The id of the act of preparing it once more."""
    tries = sum(entry.kind == PREPARED and entry.data.get("file") == found.id.hex() for entry in file.file)
    return hashlib.sha256(b"peluit/v1/prepare" + found.id + tries.to_bytes(4, "big")).digest()[:16]


def _shown(file: CaseFile, found: Exhibit, trouble: str) -> Shown:
    register, custody = derive(file).summary.register, tuple(_custody(file, found))
    every = [None, *exhibits(file), None]
    at = next(place for place, one in enumerate(every) if one and one.id == found.id)
    return Shown(found, register, _by(file, found), custody, trouble, every[at - 1], every[at + 1])


def _trouble(ctx: Context, stored: Stored) -> str:
    try:
        content(ctx, stored).read(0, 1)
    except Vanished:
        return "gone"
    except FilesUnavailable:
        return "away"
    return ""


def _by(file: CaseFile, found: Exhibit) -> str:
    return file.directory.name(found.entry.author) if found.entry.author else ""


def _custody(file: CaseFile, found: Exhibit) -> Iterator[Step]:
    entry, attachment, by = found.entry, found.attachment, _by(file, found)
    if attachment.original:
        yield Step("kept", entry.day, entry.at, by, attachment.original)
    yield Step("came", entry.day, entry.at, by, attachment.file)
    if found.made and found.maker and found.maker.author:
        maker, clean = found.maker, found.made.clean
        yield Step("made" if clean else "failed", maker.day, maker.at, file.directory.name(found.maker.author), clean)
