"""The files of a case at the desk: made ready in the sandbox, looked at, handed out; every look is recorded.

Nothing that a sender calls clean is shown as it came. At the first opening the sandbox cleans the file once more and
makes previews, which are sealed beside it; what came of it is an entry that the officer signs.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from whistle.casefile.attachments import Stored, stored_ids, with_files
from whistle.casefile.exhibits import PREPARED, Exhibit, Prepared, exhibit
from whistle.casefile.reading import CaseFile
from whistle.clean import sandbox
from whistle.clean.result import NotCleaned
from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token
from whistle.services.context import Context
from whistle.services.evidence import Arriving, Content, Upload, take_in
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import NotYours, Refusal
from whistle.services.work import declared, locked, working
from whistle.store import attached

PAGES: Final = 20  # of a document that are made at once; the others when somebody asks for one
PICTURE, TEXT = "image/jpeg", "text/plain"
PURPOSE: Final = "exhibit"


@dataclass(frozen=True)
class Shown:
    """An exhibit as its page shows it; ``custody``: who had it in hand, from the sender on."""

    exhibit: Exhibit
    installation: bytes
    by: str  # an officer's name, "" for the reporter
    custody: tuple["Step", ...]


@dataclass(frozen=True)
class Step:
    """One line of the chain of custody. ``what``: "sent", "original", "made"; ``sha256`` of the plaintext."""

    what: str
    day: date
    at: datetime | None
    by: str
    stored: Stored


def show(ctx: Context, officer: Officer, case_id: bytes, file_id: bytes, action: str = "file_look") -> Shown:
    """An exhibit, and who had it; that it was looked at is recorded first. Raises NotYours, CaseBroken, Refusal."""
    with ctx.store.write() as tx:
        file = locked(ctx, tx, officer, case_id)
        found = _found(file, officer, file_id)
        record(ctx, tx, officer, action, case_id, found.entry.id, about=file_id)
    return _shown(file, found)


def prepare(ctx: Context, officer: Officer, case_id: bytes, file_id: bytes) -> None:
    """Clean a file in the sandbox and make its previews, once. Raises NotYours, CaseBroken, Refusal, Vanished.

    The case is not locked meanwhile. Of two officers who open a file at the same moment one is recorded.
    """
    with ctx.store.read() as tx:
        file = locked(ctx, tx, officer, case_id)
    found = _found(file, officer, file_id)
    if found.made and not _again(found.made):
        return
    installation = file.directory.installation
    made = _prepared(ctx, installation, found.attachment.file)
    tries = sum(entry.kind == PREPARED and entry.data.get("file") == file_id.hex() for entry in file.file)
    action = hashlib.sha256(b"peluit/v1/prepare" + file_id + bytes([tries])).digest()[:16]
    with working(ctx, officer, case_id, action, "file_prepare") as work:
        there = exhibit(work.file, file_id)
        if not work.again and not (there and there.made and not _again(there.made)):
            work.write(PREPARED, made.to_dict(file_id))
            attached.keep(work.tx, [one.id for one in made.stored])
        else:
            work.again = True


def attach(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, text: str, uploads: Sequence[Upload]
) -> None:
    """Attach an officer's own files to the internal file, each as it was and cleaned. Raises NotYours, Refusal."""
    files = [upload.attachment(original=True) for upload in uploads]
    with working(ctx, officer, case_id, action_id, "attach") as work:
        if not work.again:
            work.write("attached", with_files({"text": text}, files))
            attached.keep(work.tx, stored_ids(files))


def page(ctx: Context, shown: Shown, number: int) -> bytes:
    """A picture of one page of a document, counted from 0, made now. Raises NotCleaned, Vanished."""
    made = shown.exhibit.made
    if made is None or made.clean is None or not 0 <= number < made.pages:
        raise NotCleaned("kind")
    look = sandbox.look(Content(ctx, shown.installation, made.clean), number, 1)
    if not look.pictures:
        raise NotCleaned("damaged")
    return look.pictures[0]


def ticket(officer: Officer, shown: Shown, stored: Stored) -> str:
    """What lets the officer's session read one stored file piece by piece, after the look was recorded."""
    told = {"stored": stored.to_dict(), "installation": shown.installation.hex()}
    return seal_token(officer.vault_key, PURPOSE, json.dumps(told).encode(), officer.session)


def content_of(ctx: Context, officer: Officer, ticket: str) -> tuple[Stored, Content]:
    """The file of a ticket of this very session. Raises NotYours for anything else."""
    try:
        told = json.loads(open_token(officer.vault_key, PURPOSE, ticket, officer.session))
    except Refused:
        raise NotYours from None
    stored = Stored.from_dict(told["stored"])
    return stored, Content(ctx, bytes.fromhex(told["installation"]), stored)


def _found(file: CaseFile, officer: Officer, file_id: bytes) -> Exhibit:
    if not declared(file, officer):
        raise Refusal("declare_first")
    found = exhibit(file, file_id)
    if found is None:
        raise NotYours
    return found


def _again(made: Prepared) -> bool:
    """Whether another try may come to more: it failed for want of time or room, not for what the file is."""
    return made.clean is None and made.why in ("limits", "sandbox", "busy")


def _prepared(ctx: Context, installation: bytes, stored: Stored) -> Prepared:
    upload = take_in(ctx, installation, stored, "")
    if upload.cleaned is None:
        return Prepared(None, upload.why)
    if upload.cleaned.sha256 == stored.sha256:  # it was clean before: one copy is enough
        ctx.blobs.remove(upload.cleaned.id)
        clean = Stored(stored.id, stored.key, stored.size, stored.sha256, upload.cleaned.media)
    else:
        clean = upload.cleaned
    try:
        look = sandbox.look(Content(ctx, installation, clean), 0, PAGES)
    except NotCleaned:
        return Prepared(clean, "", upload.removed)
    pictures = [_kept(ctx, installation, picture, PICTURE) for picture in look.pictures]
    text = _kept(ctx, installation, look.text.encode(), TEXT) if look.text else None
    return Prepared(clean, "", upload.removed, tuple(pictures), look.pages, text)


def _kept(ctx: Context, installation: bytes, data: bytes, media: str) -> Stored:
    with Arriving(ctx, installation, len(data)) as arriving:
        arriving.write(data)
        return arriving.finish(media)


def _shown(file: CaseFile, found: Exhibit) -> Shown:
    by = file.directory.name(found.entry.author) if found.entry.author else ""
    return Shown(found, file.directory.installation, by, tuple(_custody(file, found)))


def _custody(file: CaseFile, found: Exhibit) -> Iterator[Step]:
    entry, attachment = found.entry, found.attachment
    by = file.directory.name(entry.author) if entry.author else ""
    if attachment.original:
        yield Step("original", entry.day, entry.at, by, attachment.original)
    yield Step("sent", entry.day, entry.at, by, attachment.file)
    if found.made and found.made.clean and found.maker and found.maker.author:
        maker = found.maker
        yield Step("made", maker.day, maker.at, file.directory.name(found.maker.author), found.made.clean)
