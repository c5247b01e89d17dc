"""Attached files: that each is stored, and with a reader's keys that it opens and is the one that was attached."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from whistle.casefile.attachments import Stored
from whistle.casefile.exhibits import exhibits
from whistle.casefile.reading import CaseFile
from whistle.clean import sandbox
from whistle.crypto.stream import AnotherSize, room, sealed_size
from whistle.crypto.suite import Refused
from whistle.services.context import Context
from whistle.services.verify.disposals import PATIENCE, Buried
from whistle.services.verify.findings import Findings
from whistle.store import attached, examine
from whistle.store.blobs import BlobMissing
from whistle.store.database import Tx
from whistle.store.errors import StoreUnavailable


def check_stored(ctx: Context, findings: Findings, buried: Buried) -> None:
    """Every file that something attaches is in the store. Which case it belongs to nobody sees who has no key."""
    with examine.examining(ctx.store) as tx:
        named = list(attached.everything(tx))  # before the store is asked: what is attached is stored before
    try:
        there = _lying(ctx, findings)
        for id_ in named:
            findings.count("files")
            if id_ not in there and _is_missing(ctx, id_):
                findings.fault("exhibit-missing", "blob", id_.hex(), "it is attached to a case, and not in the store")
            elif id_ in there and not _is_possible(there[id_]):
                findings.fault("blob-length", "blob", id_.hex(), f"it is {there[id_]} bytes long, which none is")
        late = {id_ for id_, day in buried.files.items() if day + PATIENCE < ctx.clock.today()}
        for id_ in sorted(there.keys() & late):
            findings.fault("disposal-remains", "blob", id_.hex(), "its case was deleted, and the file is there")
    except StoreUnavailable as error:
        findings.leave("attached files", f"the store of files does not answer ({error})")
    if not sandbox.strict():
        why = "there is no bubblewrap on this machine, so limits on memory and time are all there is"
        findings.leave("whether a hostile file could reach anything", why)


def _lying(ctx: Context, findings: Findings) -> dict[bytes, int]:
    """What lies in the store where it is looked for: stored bytes by id. Anything else is a fault."""
    there, latest = dict[bytes, int](), ctx.clock.today() + timedelta(days=1)
    for lying in ctx.blobs.inventory():
        if lying.id is None:
            findings.fault("blob-stray", "blob", lying.name, "nothing looks for a file under this name")
            continue
        there[lying.id] = lying.size
        if lying.day is not None and lying.day > latest:
            findings.fault("blob-stray", "blob", lying.name, _to_come(lying.day))
    return there


def _to_come(day: date) -> str:
    return f"it is to have come on {day}, so no night sorts it before"


def _is_missing(ctx: Context, id_: bytes) -> bool:
    """Asked by itself, since the list may have been made while the night's work moved it."""
    try:
        ctx.blobs.read(id_, 0, 1)
    except BlobMissing:
        return True
    return False


def _is_possible(stored: int) -> bool:
    """Whether a file can have so many stored bytes."""
    try:
        room(stored)
    except ValueError:
        return False
    return True


def check_exhibits(ctx: Context, findings: Findings, tx: Tx, file: CaseFile) -> None:
    """The files of an opened case: each is kept, opens, and has the digest that its entry says; each is read once.

    What was clean as it came is named twice: by the entry that attached it, and by the one that says what was made.
    """
    for exhibit in exhibits(file):
        named = (*exhibit.attachment.stored, *(exhibit.made.stored if exhibit.made else ()))
        stored = {(one.id, one.key, one.size, one.sha256): one for one in named}.values()
        unkept = {one.id for one in stored} - attached.kept(tx, [one.id for one in stored])
        for one in stored:
            where = f"{file.case.id.hex()} {exhibit.label} {one.id.hex()}"
            if one.id in unkept:
                findings.fault("exhibit-unkept", "blob", where, "no row says that it is to be kept")
            found = _found(ctx, file.directory.installation, one)
            if found:
                code, what = found
                findings.fault(code, "blob", where, what)


def _found(ctx: Context, installation: bytes, stored: Stored) -> tuple[str, str] | None:
    """What is wrong with a file: a code, and what was found. Read chunk by chunk, those of its padding as well."""
    opener, digest = stored.opener(installation), hashlib.sha256()
    try:
        length = ctx.blobs.size(stored.id)
        for index in range(opener.chunks):
            digest.update(opener.open(index, ctx.blobs.read(stored.id, *opener.where(index))))
    except (BlobMissing, Refused):
        if _is_sound(ctx, installation, stored):
            return "exhibit-misstated", f"it opens, and has not the {stored.size} bytes that its entry says"
        return "exhibit-damaged", "it is not there, or does not open under the key that its entry holds"
    except StoreUnavailable:
        return "exhibit-damaged", "it could not be read"
    if digest.digest() != stored.sha256:
        return "exhibit-misstated", "it opens, and has another SHA-256 than its entry says"
    if length != sealed_size(stored.size) and _is_possible(length):  # else it was told without a key
        return "blob-length", f"it is {length} bytes long, of which {sealed_size(stored.size)} are the file's"
    return None


def _is_sound(ctx: Context, installation: bytes, stored: Stored) -> bool:
    """Whether all that is stored opens under the entry's key, whatever size the entry says."""
    try:
        opener = replace(stored, size=room(ctx.blobs.size(stored.id))).opener(installation)
        for index in range(opener.chunks):
            with suppress(AnotherSize):
                opener.open(index, ctx.blobs.read(stored.id, *opener.where(index)))
    except (ValueError, Refused, BlobMissing, StoreUnavailable):
        return False
    return True
