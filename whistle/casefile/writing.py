"""Add to a case file: entries, grants, epochs. Always inside a write transaction that holds the case's lock.

An entry's place and the hash before it are part of what is signed and sealed, so sealing happens under the lock:
of two writers the second reads the first one's entry before it seals its own.
"""

import os
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from whistle.casefile.entries import Entry, check_kind, encode_body
from whistle.casefile.manifest import RECOVERY, REPORTER, Reader
from whistle.casefile.reading import CaseBroken, CaseFile, place_of
from whistle.crypto.envelope import Chain, GrantPlace, commitment, entry_hash, seal_entry, seal_grant
from whistle.store import cases
from whistle.store.database import Tx
from whistle.store.rows import EntryRow, EpochRow, GrantRow


@dataclass(frozen=True)
class Author:
    """Who writes: an officer's id (None for the reporter) and the 32-byte Ed25519 seed."""

    id: bytes | None
    seed: bytes


@dataclass(frozen=True)
class When:
    """The WITA day, and for officers the instant. A reporter's instant is never kept."""

    day: date
    at: datetime | None = None


def append(
    tx: Tx,
    file: CaseFile,
    chain: Chain,
    author: Author,
    kind: str,
    data: Mapping[str, Any],
    when: When,
    entry_id: bytes | None = None,
) -> Entry:
    """Sign, seal and store the next entry of ``chain``; ``file`` knows it afterwards."""
    entry, row = seal_next(file, chain, author, kind, data, when, entry_id)
    cases.insert_entry(tx, row)
    return entry


def seal_next(
    file: CaseFile,
    chain: Chain,
    author: Author,
    kind: str,
    data: Mapping[str, Any],
    when: When,
    entry_id: bytes | None = None,
) -> tuple[Entry, EntryRow]:
    """Sign and seal the next entry of ``chain``, which ``file`` knows afterwards; the row is the caller's to store."""
    epoch, place_number = file.epoch(chain), len(file.entries[chain])
    key = file.keys.get((chain, epoch))
    if key is None:
        raise CaseBroken(f"this reader has no key of the {chain.name.lower()}'s epoch {epoch}")
    id_ = entry_id or os.urandom(16)
    at, seen = when.at if author.id else None, len(file.thread)
    entry = Entry(id_, chain, epoch, place_number, kind, author.id, when.day, at, seen, data)
    check_kind(entry)
    body = encode_body(kind, author.id, when.day, when.at, seen, data)
    place = place_of(file, chain, epoch, id_, place_number, key)
    sealed = seal_entry(key, place, body, author.seed)
    file.entries[chain].append(entry)
    file.tips[chain] = entry_hash(place, sealed)
    return entry, EntryRow(id_, file.case.id, int(chain), epoch, place_number, when.day, sealed, place.prev)


def grant_all(tx: Tx, file: CaseFile, readers: Iterable[Reader]) -> None:
    """Seal every epoch key at hand to each reader who has no grant of it yet. The caller names them in an entry."""
    present = {(grant.chain, grant.epoch, grant.reader) for grant in cases.grants(tx, file.case.id)}
    cases.insert_grants(tx, missing_grants(file, readers, present))


def missing_grants(
    file: CaseFile, readers: Iterable[Reader], present: Container[tuple[int, int, bytes]]
) -> list[GrantRow]:
    """Every epoch key at hand sealed to each of ``readers``, but where (chain, epoch, reader) is ``present``."""
    return [
        _grant(file, chain, epoch, key, reader.id, reader.hpke)
        for (chain, epoch), key in file.keys.items()
        for reader in readers
        if (int(chain), epoch, reader.id) not in present
    ]


@dataclass(frozen=True)
class FirstOpening:
    """The rows of a file chain that begins: its epoch, the entry that names its readers, recovery's grant."""

    epoch: EpochRow
    entry: EntryRow
    recovery: GrantRow
    readers: tuple[Reader, ...]


def open_file_chain(tx: Tx, file: CaseFile, author: Author, when: When) -> None:
    """Make the file key at the first opening and seal it to all of the track's readers and to recovery."""
    first = seal_file_chain(file, author, when)
    cases.insert_epoch(tx, first.epoch)
    cases.insert_entry(tx, first.entry)
    grant_all(tx, file, first.readers)
    cases.insert_grants(tx, [first.recovery])


def seal_file_chain(file: CaseFile, author: Author, when: When) -> FirstOpening:
    """The file's key, made here and known to ``file`` afterwards, with its first rows but for the readers' grants."""
    manifest, log = file.directory.current, file.case.log
    readers = manifest.readers_of(file.track, when.day)
    key = os.urandom(32)
    file.keys[(Chain.FILE, 0)] = key
    _, entry = seal_next(file, Chain.FILE, author, "opened", _named(readers, manifest.sequence), when)
    recovery = _grant(file, Chain.FILE, 0, key, RECOVERY[log], manifest.recovery[log])
    return FirstOpening(EpochRow(file.case.id, int(Chain.FILE), 0, commitment(key)), entry, recovery, tuple(readers))


def new_epoch(tx: Tx, file: CaseFile, author: Author, readers: Iterable[Reader], when: When) -> None:
    """Change both chains' keys so that only ``readers`` (with the reporter and recovery) read what follows.

    The entry that names the new commitment is written under the old key: whoever forges an epoch needs both an
    officer's signing key and the key before it.
    """
    keep, manifest = list(readers), file.directory.current
    for chain in (Chain.THREAD, Chain.FILE):
        key, epoch = os.urandom(32), file.epoch(chain) + 1
        data = {**_named(keep, manifest.sequence), "commitment": commitment(key).hex()}
        append(tx, file, chain, author, "epoch", data, when)
        file.keys[(chain, epoch)] = key
        cases.insert_epoch(tx, EpochRow(file.case.id, int(chain), epoch, commitment(key)))
        log = file.case.log
        rows = [_grant(file, chain, epoch, key, reader.id, reader.hpke) for reader in keep]
        rows.append(_grant(file, chain, epoch, key, RECOVERY[log], manifest.recovery[log]))
        if chain is Chain.THREAD:
            rows.append(_grant(file, chain, epoch, key, REPORTER, file.case.reporter_hpke))
        cases.insert_grants(tx, rows)


def _named(readers: Iterable[Reader], sequence: int) -> dict[str, Any]:
    return {"readers": [reader.id.hex() for reader in readers], "manifest": sequence}


def _grant(file: CaseFile, chain: Chain, epoch: int, key: bytes, reader: bytes, public: bytes) -> GrantRow:
    place = GrantPlace(file.directory.installation, file.case.id, chain, epoch, reader, commitment(key))
    return GrantRow(file.case.id, int(chain), epoch, reader, "hpke", seal_grant(public, key, place))
