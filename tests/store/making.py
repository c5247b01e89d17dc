"""Rows for the tests of the store. What is sealed is random: the store does not look inside."""

import os
from collections.abc import Iterable
from datetime import date, timedelta

from whistle.store import attached, audit, bulk, cases, disposals, log, officers
from whistle.store.database import Tx
from whistle.store.rows import (
    AuditRow,
    CaseRow,
    DisposalRow,
    DraftRow,
    EntryRow,
    EpochRow,
    GrantRow,
    IdentityRow,
    LeafRow,
    ManifestRow,
    OfficerRow,
    SummaryRow,
)

DAY = date(2026, 10, 5)
READER = b"reader-penelaah\0"
OTHER = b"reader-irban\0\0\0\0"


def a_case(
    id_: bytes | None = None,
    day: date = DAY,
    state: str = "open",
    next_day: date | None = DAY + timedelta(days=14),
    lookup_hash: bytes | None = None,
) -> CaseRow:
    return CaseRow(
        id_ or os.urandom(16),
        day,
        "inner",
        state,
        next_day,
        False,
        lookup_hash or os.urandom(32),
        os.urandom(1216),
        os.urandom(32),
    )


def an_entry(case: bytes, chain: int = 1, place: int = 0, id_: bytes | None = None) -> EntryRow:
    return EntryRow(id_ or os.urandom(16), case, chain, 0, place, DAY, os.urandom(4124), os.urandom(32))


def a_grant(case: bytes, reader: bytes = READER, chain: int = 1, epoch: int = 0, form: str = "hpke") -> GrantRow:
    return GrantRow(case, chain, epoch, reader, form, os.urandom(1168 if form == "hpke" else 60))


def insert_case(tx: Tx, case: CaseRow) -> None:
    """The case alone, which the product never stores without the rest."""
    bulk.store(tx, bulk.NewRows(cases=[case]))


def insert_leaf(tx: Tx, leaf: LeafRow) -> None:
    bulk.store(tx, bulk.NewRows(leaves=[leaf]))


def insert_identity(tx: Tx, identity: IdentityRow) -> None:
    bulk.store(tx, bulk.NewRows(identities=[identity]))


def take_in(tx: Tx, case: CaseRow, readers: Iterable[bytes] = (READER,), chains: Iterable[int] = (1,)) -> CaseRow:
    """Store a whole report, as one transaction takes it in. The summary is under the last of ``chains``."""
    insert_case(tx, case)
    last = 1
    for chain in chains:
        cases.insert_epoch(tx, EpochRow(case.id, chain, 0, os.urandom(32)))
        cases.insert_entry(tx, an_entry(case.id, chain))
        cases.insert_grants(tx, [a_grant(case.id, reader, chain) for reader in readers])
        last = chain
    cases.put_summary(tx, SummaryRow(case.id, last, 0, os.urandom(2048)))
    insert_identity(tx, IdentityRow(case.id, os.urandom(32), os.urandom(4124)))
    insert_leaf(tx, LeafRow(os.urandom(16), case.day, case.log, os.urandom(32)))
    return case


def an_officer(login: str = "rahma") -> OfficerRow:
    return OfficerRow(
        os.urandom(16),
        login,
        "Rahmawati",
        "penelaah",
        "triase",
        "active",
        os.urandom(1216),
        os.urandom(32),
        b"{}",
        os.urandom(156),
        os.urandom(48),
        0,
        None,
        os.urandom(1984),
    )


def an_audit_row(seq: int, prev: bytes, detail: str = "") -> AuditRow:
    return AuditRow(
        seq,
        prev,
        1_790_000_000 + seq,
        os.urandom(16),
        "opened",
        os.urandom(16),
        None,
        detail,
        bytes(64),
        os.urandom(32),
    )


def a_manifest(sequence: int) -> ManifestRow:
    return ManifestRow(sequence, b"{}", bytes(3373), bytes(1984))


def a_draft(id_: bytes | None = None) -> DraftRow:
    return DraftRow(id_ or os.urandom(16), b"a list", OTHER, bytes(64))


def a_disposal(id_: bytes | None = None) -> DisposalRow:
    return DisposalRow(id_ or os.urandom(16), b"a list", OTHER, bytes(64), b"the list", READER, bytes(64))


def fill(tx: Tx) -> CaseRow:
    """A row in every table that is only ever added to; the case that nobody buried."""
    living, buried = (take_in(tx, a_case(), chains=(1, 2)) for _ in range(2))
    log.place(tx, "inner", [row.leaf for row in cases.leaves(tx)])
    kept, gone, disposal = os.urandom(16), os.urandom(16), a_disposal()
    attached.keep(tx, [kept, gone])
    officers.insert_manifest(tx, a_manifest(1))
    disposals.add(tx, disposal)
    disposals.bury(tx, buried.id, disposal.id, buried.day)
    disposals.bury_files(tx, [gone], disposal.id)
    audit.append(tx, an_audit_row(1, bytes(32)))
    return living
