"""Attached files: that each is stored, and with a reader's keys that it opens and is the one that was attached."""

import hashlib

from whistle.casefile.attachments import Stored
from whistle.casefile.exhibits import exhibits
from whistle.casefile.reading import CaseFile
from whistle.clean import sandbox
from whistle.crypto.stream import CHUNK
from whistle.services.context import Context
from whistle.services.evidence import Content, Vanished
from whistle.services.verify.findings import Findings
from whistle.store import attached, examine
from whistle.store.blobs import BlobMissing
from whistle.store.database import Tx
from whistle.store.errors import StoreUnavailable


def check_stored(ctx: Context, findings: Findings) -> None:
    """Every file that something attaches is in the store. Which case it belongs to nobody sees who has no key."""
    with examine.examining(ctx.store) as tx:
        named = list(attached.everything(tx))  # before the store is asked: what is attached is stored before
    try:
        there = set(ctx.blobs.ids())
        for id_ in named:
            findings.count("files")
            if id_ not in there and _is_missing(ctx, id_):
                findings.fault("exhibit-missing", "blob", id_.hex(), "it is attached to a case, and not in the store")
    except StoreUnavailable as error:
        findings.leave("attached files", f"the store of files does not answer ({error})")
    if not sandbox.strict():
        why = "there is no bubblewrap on this machine, so limits on memory and time are all there is"
        findings.leave("whether a hostile file could reach anything", why)


def _is_missing(ctx: Context, id_: bytes) -> bool:
    """Asked by itself, since the list may have been made while the night's work moved it."""
    try:
        ctx.blobs.read(id_, 0, 1)
    except BlobMissing:
        return True
    return False


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
                findings.fault("exhibit-damaged", "blob", where, found)


def _found(ctx: Context, installation: bytes, stored: Stored) -> str:
    """What is wrong with a file's content; "" for nothing. Read piece by piece."""
    content, digest = Content(ctx, installation, stored), hashlib.sha256()
    try:
        for at in range(0, max(stored.size, 1), CHUNK):
            digest.update(content.read(at, at + CHUNK))
    except Vanished:
        return "it is not there, or does not open under the key that its entry holds"
    except StoreUnavailable:
        return "it could not be read"
    return "" if digest.digest() == stored.sha256 else "its content is not what was attached"
