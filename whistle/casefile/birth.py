"""A report becomes a case: sealed before the transaction, stored in one."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from whistle.casefile.attachments import Attachment, with_files
from whistle.casefile.derive import derive
from whistle.casefile.entries import Entry, encode_body
from whistle.casefile.manifest import RECOVERY, REPORTER, Directory
from whistle.casefile.reading import CaseFile
from whistle.casefile.summaries import seal_case_summary
from whistle.crypto.envelope import (
    Chain,
    GrantPlace,
    Place,
    commitment,
    entry_hash,
    leaf_hash,
    seal_entry,
    seal_grant,
    seal_identity,
)
from whistle.crypto.receipt import ReceiptKeys
from whistle.domain.complaint import Complaint
from whistle.domain.deadlines import next_due
from whistle.domain.stages import FIRST
from whistle.domain.summary import Move, Summary
from whistle.domain.tracks import Track
from whistle.store import bulk, cases
from whistle.store.database import Tx
from whistle.store.rows import CaseRow, EntryRow, EpochRow, GrantRow, IdentityRow, LeafRow, SummaryRow


@dataclass(frozen=True)
class NewCase:
    """All rows of one report, ready to be stored together."""

    case: CaseRow
    epoch: EpochRow
    entry: EntryRow
    grants: tuple[GrantRow, ...]
    identity: IdentityRow
    summary: SummaryRow
    leaf: LeafRow


@dataclass(frozen=True)
class Born:
    """A new case as an opened file that can be written on before it is stored, and its first rows.

    Its own row and its summary are not among them: both follow from what is written until it is stored.
    """

    file: CaseFile
    epoch: EpochRow
    entry: EntryRow
    grants: tuple[GrantRow, ...]
    identity: IdentityRow
    leaf: LeafRow


def build(
    directory: Directory,
    track: Track,
    complaint: Complaint,
    reporter: ReceiptKeys,
    day: date,
    identity: bytes = b"",
    files: Iterable[Attachment] = (),
) -> NewCase:
    """Pad, sign and seal a complaint for the readers of ``track``, its recovery key and its reporter."""
    born = make(directory, track, complaint, reporter, day, identity, files)
    return NewCase(
        case=replace(born.file.case, next_day=first_due(day)),
        epoch=born.epoch,
        entry=born.entry,
        grants=born.grants,
        identity=born.identity,
        summary=seal_case_summary(born.file, derive(born.file).summary),
        leaf=born.leaf,
    )


def make(
    directory: Directory,
    track: Track,
    complaint: Complaint,
    reporter: ReceiptKeys,
    day: date,
    identity: bytes = b"",
    files: Iterable[Attachment] = (),
) -> Born:
    """As `build`, of a case that goes on before it is stored."""
    case_id, entry_id, key = os.urandom(16), os.urandom(16), os.urandom(32)
    identity_row, identity_grants = _identity(directory, track, case_id, day, identity)
    data = with_files(_birth_data(directory, track, complaint, reporter, day, identity_row), files)
    place = Place(directory.installation, case_id, Chain.THREAD, 0, entry_id, 0, commitment(key), bytes(32))
    sealed = seal_entry(key, place, encode_body("complaint", None, day, None, 0, data), reporter.signing_seed)
    case = CaseRow(
        case_id,
        day,
        track.log,
        "open",
        None,
        False,
        reporter.lookup_hash,
        reporter.hpke_public,
        reporter.signing_public,
    )
    file = CaseFile(case, directory, {(Chain.THREAD, 0): key})
    file.thread.append(Entry(entry_id, Chain.THREAD, 0, 0, "complaint", None, day, None, 0, data))
    first_hash = file.tips[Chain.THREAD] = entry_hash(place, sealed)
    return Born(
        file=file,
        epoch=EpochRow(case_id, int(Chain.THREAD), 0, commitment(key)),
        entry=EntryRow(entry_id, case_id, int(Chain.THREAD), 0, 0, day, sealed, bytes(32)),
        grants=(*_thread_grants(directory, track, case, key), *identity_grants),
        identity=identity_row,
        leaf=LeafRow(os.urandom(16), day, track.log, leaf_hash(reporter.blinding, first_hash)),
    )


@lru_cache(maxsize=4)  # reports come in on one day at a time
def first_due(day: date) -> date | None:
    """The day of a new report's first deadline: it follows from the day on which it came in alone."""
    summary = Summary(day, track="", office="", service="", title="", moves=(Move(day, FIRST),))
    due = next_due(summary)
    return due.day if due else None


def store(tx: Tx, new: NewCase) -> None:
    """Insert all rows. Raises Duplicate when a case with this receipt is there already."""
    cases.hold_receipt(tx, new.case.lookup_hash)
    bulk.store(
        tx,
        bulk.NewRows([new.case], [new.epoch], [new.entry], [*new.grants], [new.identity], [new.summary], [new.leaf]),
    )


def _birth_data(
    directory: Directory, track: Track, complaint: Complaint, reporter: ReceiptKeys, day: date, identity: IdentityRow
) -> dict[str, Any]:
    manifest = directory.current
    return {
        "complaint": complaint.to_dict(),
        "track": track.code,
        "log": track.log,
        "readers": [reader.id.hex() for reader in manifest.readers_of(track.code, day)],
        "manifest": manifest.sequence,
        "reporter": {"hpke": reporter.hpke_public.hex(), "sign": reporter.signing_public.hex()},
        "identity": hashlib.sha256(identity.sealed).hexdigest(),
    }


def _thread_grants(directory: Directory, track: Track, case: CaseRow, key: bytes) -> list[GrantRow]:
    manifest = directory.current
    to = [(reader.id, reader.hpke) for reader in manifest.readers_of(track.code, case.day)]
    to += [(RECOVERY[track.log], manifest.recovery[track.log]), (REPORTER, case.reporter_hpke)]
    return [_sealed(directory, case.id, Chain.THREAD, key, reader, public) for reader, public in to]


def _identity(
    directory: Directory, track: Track, case_id: bytes, day: date, identity: bytes
) -> tuple[IdentityRow, list[GrantRow]]:
    """Always there and always of one size, so that nobody sees which reporters gave a name."""
    manifest, key = directory.current, os.urandom(32)
    sealed = seal_identity(key, directory.installation, case_id, identity)
    to = [(reader.id, reader.hpke) for reader in manifest.custodians_of(track.code, day)]
    to.append((RECOVERY[track.log], manifest.recovery[track.log]))
    grants = [_sealed(directory, case_id, Chain.IDENTITY, key, reader, public) for reader, public in to]
    return IdentityRow(case_id, commitment(key), sealed), grants


def _sealed(directory: Directory, case_id: bytes, chain: Chain, key: bytes, reader: bytes, public: bytes) -> GrantRow:
    place = GrantPlace(directory.installation, case_id, chain, 0, reader, commitment(key))
    return GrantRow(case_id, int(chain), 0, reader, "hpke", seal_grant(public, key, place))
