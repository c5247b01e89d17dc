"""Take a report in: look at it with the reporter, then store it once, however often it is sent."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from whistle.casefile import birth, derive
from whistle.casefile.attachments import Attachment, files_of, not_yet, stored_ids
from whistle.casefile.manifest import Directory
from whistle.casefile.reading import CaseFile
from whistle.crypto.receipt import Receipt, ReceiptKeys, keys_of, new_receipt
from whistle.domain.complaint import Complaint
from whistle.domain.names import Finding, find_identifying
from whistle.domain.tracks import Track, decide
from whistle.services import followup
from whistle.services.context import Context, Overtaken
from whistle.store import attached, cases
from whistle.store.database import Duplicate

FREE_TEXT = ("story", "who", "in_kind", "witnesses")


@dataclass(frozen=True)
class Look:
    """What the reporter sees before sending: the track that was decided, and what may give them away."""

    track: Track
    findings: Mapping[str, list[Finding]]


@dataclass(frozen=True)
class Accepted:
    """The report is durably stored. ``already``: it was before; ``amended``: what was changed since was added.

    ``stays``: a file was taken out of the form that had gone with the report before, and cannot be called back.
    """

    received: date
    already: bool = False
    amended: bool = False
    stays: bool = False


def fresh_receipt() -> Receipt:
    """A receipt made before sending; it is nothing until a report is stored under it."""
    return new_receipt()


def look(complaint: Complaint) -> Look:
    """Decide the track and search the free texts for what may identify the reporter."""
    found = {name: find_identifying(getattr(complaint, name)) for name in FREE_TEXT}
    return Look(decide(complaint.office, complaint.accused), {name: hits for name, hits in found.items() if hits})


def is_sent(ctx: Context, receipt: Receipt) -> bool:
    """Whether a report is stored under this receipt. Raises StoreUnavailable."""
    keys = keys_of(receipt, ctx.lately().installation)
    with ctx.store.read() as tx:
        return cases.case_by_lookup(tx, keys.lookup_hash) is not None


def attached_ids(ctx: Context, receipt: Receipt) -> frozenset[bytes]:
    """Ids of the files that this receipt's report attaches; none before it is sent.

    Raises StoreUnavailable, CaseBroken.
    """
    keys = keys_of(receipt, ctx.lately().installation)
    try:
        with ctx.store.read() as tx:
            file = followup.read(ctx, tx, keys)
    except followup.UnknownReceipt:
        return frozenset()
    return frozenset(id_ for entry in file.thread for id_ in stored_ids(files_of(entry)))


def submit(ctx: Context, complaint: Complaint, receipt: Receipt, files: Sequence[Attachment] = ()) -> Accepted:
    """Store the report durably, with files that are stored already. Raises StoreUnavailable when it was not stored.

    The receipt is the idempotency key: a second sending of the same report changes nothing, a second sending with
    other words adds them to the thread, so that nothing typed is lost.
    """
    directory = ctx.lately()
    keys = keys_of(receipt, directory.installation)
    try:
        try:
            return _store(ctx, complaint, keys, directory, files)
        except Overtaken:
            return _store(ctx, complaint, keys, ctx.newest(), files)
    except Duplicate:
        return _again(ctx, complaint, keys, files)


def _store(
    ctx: Context, complaint: Complaint, keys: ReceiptKeys, directory: Directory, files: Sequence[Attachment]
) -> Accepted:
    day = ctx.clock.today()
    track = decide(complaint.office, complaint.accused)
    new = birth.build(directory, track, complaint, keys, day, files=files)
    with ctx.store.write() as tx:
        ctx.still(tx, directory)
        birth.store(tx, new)
        attached.keep(tx, stored_ids(files))
    return Accepted(day)


def _again(ctx: Context, complaint: Complaint, keys: ReceiptKeys, files: Sequence[Attachment]) -> Accepted:
    with ctx.store.read() as tx:
        file = followup.read(ctx, tx, keys)
    more = not_yet(files, file.thread)
    wanted = {one.file.id for one in files}
    stays = any(one.file.id not in wanted for one in files_of(file.complaint))
    if derive.complaint_of(file) == complaint and not more:
        return Accepted(file.case.day, already=True, stays=stays)
    added = _differences(file, complaint)
    digest = hashlib.sha256(b"peluit/v1/amend" + keys.root + repr(complaint).encode()).digest()
    followup.add(ctx, keys.root, digest[:16], added, None, more)
    return Accepted(file.case.day, already=True, amended=True, stays=stays)


def _differences(file: CaseFile, complaint: Complaint) -> str:
    """What the second sending says otherwise, field by field, for the people who read the thread."""
    before, after = derive.complaint_of(file).to_dict(), complaint.to_dict()
    changed = [f"{name}: {value}" for name, value in after.items() if value != before.get(name) and name != "story"]
    if after["story"] != before["story"]:
        changed.append(after["story"])
    return "\n".join(changed)
