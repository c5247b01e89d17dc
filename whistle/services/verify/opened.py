"""A case with a reader's keys: that it opens, and that everything beside its entries says what they say."""

import hashlib
from dataclasses import dataclass, fields, replace

from whistle.casefile.canon import UNREADABLE
from whistle.casefile.derive import derive
from whistle.casefile.keys import open_one
from whistle.casefile.manifest import Directory
from whistle.casefile.readership import begin
from whistle.casefile.reading import CaseBroken, CaseFile, read_rows
from whistle.casefile.summaries import open_case_summary
from whistle.crypto.envelope import Chain
from whistle.crypto.suite import Refused
from whistle.domain.deadlines import next_due
from whistle.domain.stages import STAGES
from whistle.domain.summary import Summary
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.verify.auditing import Recorded
from whistle.services.verify.files import check_exhibits
from whistle.services.verify.findings import Findings
from whistle.services.verify.holds import check_hold
from whistle.services.verify.registers import Registers
from whistle.services.work import UNREMARKABLE
from whistle.store.database import Tx
from whistle.store.walk import CaseRows

Keys = dict[tuple[Chain, int], bytes]
RECORDED = {
    "declared", "triage", "note", "route", "asked", "replied", "move", "close_proposed", "close_returned", "closed",
    "attached", "prepared", "held", "released",
}  # fmt: skip
"""Kinds of entry that an act writes, so that a row of the audit log names each."""


@dataclass
class Reading:
    """Whose eyes a run has, and what it remembers from case to case."""

    officer: Officer
    recorded: Recorded | None
    registers: Registers


def check_opened(
    ctx: Context, findings: Findings, tx: Tx, directory: Directory, reading: Reading, rows: CaseRows
) -> None:
    """Nothing when this reader holds no key of the case, or only those of before a change of keys left them out."""
    held = {(grant.chain, grant.epoch) for grant in rows.mine}
    newest = max((epoch.epoch for epoch in rows.epochs if epoch.chain == Chain.THREAD), default=0)
    if not any(chain != Chain.IDENTITY for chain, _ in held):
        return
    if (Chain.THREAD, 0) in held and (Chain.THREAD, newest) not in held:
        return
    findings.count("cases opened")
    name = rows.case.id.hex()
    keys = _keys(findings, directory, reading.officer, rows)
    try:
        file = read_rows(directory, rows.case, rows.entries, rows.epochs, keys, reading.officer.id)
        derived = derive(file).summary
    except CaseBroken as error:
        findings.fault("case-broken", "case", name, str(error))
        return
    with findings.surviving("case-broken", "case", name):
        _check_days(findings, file, rows)
        _check_epochs(findings, file, rows)
        _check_readers(findings, file, rows)
        _check_identity(findings, file, rows)
        _check_summary(findings, file, rows, derived)
        _check_recorded(findings, tx, file, reading.recorded)
        check_hold(findings, file)
        check_exhibits(ctx, findings, tx, file)
        reading.registers.note(findings, rows.case, derived.register)


def _keys(findings: Findings, directory: Directory, officer: Officer, rows: CaseRows) -> Keys:
    """What this reader's grants open, each that does not being a fault."""
    commitments = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in rows.epochs}
    if rows.identity is not None:
        commitments[(Chain.IDENTITY, 0)] = rows.identity.commitment
    keys: Keys = {}
    for grant in rows.mine:
        where = f"{rows.case.id.hex()} chain {grant.chain} epoch {grant.epoch}"
        try:
            committed = commitments[(grant.chain, grant.epoch)]
            key = open_one(directory.installation, grant, committed, officer.holder)
        except UNREADABLE:
            findings.fault("grant-unopened", "grant", where, f"the grant to {officer.login} does not open")
            continue
        if grant.chain != Chain.IDENTITY:
            keys[(Chain(grant.chain), grant.epoch)] = key
    return keys


def _check_days(findings: Findings, file: CaseFile, rows: CaseRows) -> None:
    """The day that stands beside an entry is the one that its author signed."""
    signed = {entry.id: entry.day for chain in file.entries.values() for entry in chain}
    for row in rows.entries:
        if signed.get(row.id, row.day) != row.day:
            where = f"{row.case.hex()} chain {row.chain} place {row.place}"
            findings.fault("entry-day", "entry", where, f"it says {row.day}, its author said {signed[row.id]}")


def _check_epochs(findings: Findings, file: CaseFile, rows: CaseRows) -> None:
    """Every epoch but the first was opened by a signed entry that names its commitment."""
    for epoch in rows.epochs:
        chain = Chain(epoch.chain)
        opener = next((e for e in file.entries[chain] if e.kind == "epoch" and e.epoch == epoch.epoch - 1), None)
        named = opener.data["commitment"] if opener else None
        if epoch.epoch > 0 and named != epoch.commitment.hex():
            where = f"{rows.case.id.hex()} chain {epoch.chain} epoch {epoch.epoch}"
            findings.fault("epoch-forged", "epoch", where, "no signed entry names its commitment")


def _check_readers(findings: Findings, file: CaseFile, rows: CaseRows) -> None:
    """Officers with a grant are named for its epoch by a signed entry, and whom an entry names has a grant."""
    name, found = rows.case.id.hex(), begin(file)
    for entry in file.file:
        for reader in sorted(found.follow(entry)):
            where, who = f"{name} file {entry.place} reader {reader.hex()}", file.directory.name(reader)
            findings.fault("epoch-reader", "entry", where, f"it names {who}, for whom the case was not any more")
    held = {(grant.chain, grant.epoch, grant.reader) for grant in rows.grants}
    officers = file.directory.officers
    for chain, epoch, reader in sorted(held):
        if reader in officers and chain != Chain.IDENTITY and reader not in found.named_from(epoch):
            where = f"{name} chain {chain} epoch {epoch} reader {reader.hex()}"
            findings.fault("grant-unnamed", "grant", where, f"no entry names {file.directory.name(reader)} for it")
    for chain, reader in sorted(_named(file)):
        newest = max(epoch.epoch for epoch in rows.epochs if epoch.chain == chain)
        if reader in file.readers() and (chain, newest, reader) not in held:
            where = f"{name} chain {chain} epoch {newest} reader {reader.hex()}"
            findings.fault("grant-missing", "grant", where, f"{file.directory.name(reader)} is named and holds no key")


def _named(file: CaseFile) -> set[tuple[int, bytes]]:
    """(chain, reader) of all readers whom entries name now."""
    chains = (Chain.THREAD, Chain.FILE) if file.file else (Chain.THREAD,)
    opened = {bytes.fromhex(id_) for entry in file.file if "readers" in entry.data for id_ in entry.data["readers"]}
    named = {(int(Chain.THREAD), reader) for reader in file.readers()}
    return named | {(int(chain), reader) for chain in chains for reader in opened & file.readers()}


def _check_identity(findings: Findings, file: CaseFile, rows: CaseRows) -> None:
    if rows.identity is None:
        return
    if hashlib.sha256(rows.identity.sealed).hexdigest() != file.complaint.data["identity"]:
        found = "its hash is not the one in the report's first entry"
        findings.fault("identity-swapped", "identity", rows.case.id.hex(), found)


def _check_summary(findings: Findings, file: CaseFile, rows: CaseRows, now: Summary) -> None:
    """The stored summary says what the entries said that it reflects; the day and state in the clear follow from it.

    A reporter writes no summary, so what they wrote since is no fault; what officers wrote since is.
    """
    row, name = rows.summary, rows.case.id.hex()
    if row is None or (Chain(row.chain), row.epoch) not in file.keys:
        return
    key = file.keys[(Chain(row.chain), row.epoch)]
    try:
        stored = open_case_summary(file.directory.installation, row, key)
    except Refused:
        findings.fault("summary-unreadable", "summary", name, "it does not open under its key")
        return
    if stored.thread_places > len(file.thread) or stored.file_places > len(file.file):
        findings.fault("case-broken", "case", name, "the summary counts entries that are not there")
        return
    newer = [*file.thread[stored.thread_places :], *file.file[stored.file_places :]]
    if any(entry.author is not None and entry.kind not in UNREMARKABLE for entry in newer):
        found = f"it reflects {stored.thread_places} and {stored.file_places} entries of {len(file.thread)} and "
        findings.fault("summary-rolled-back", "summary", name, f"{found}{len(file.file)}")
        return
    expected = _as_of(file, stored) if newer else now
    if stored.files is None:  # of before files were counted: no figure follows from it
        expected = replace(expected, files=None)
    if stored != expected:
        findings.fault("summary-differs", "summary", name, f"not as the entries: {', '.join(_apart(stored, expected))}")
    _check_clear(findings, rows, expected, now)


def _as_of(file: CaseFile, stored: Summary) -> Summary:
    """What the entries said when the stored summary was written."""
    then = {Chain.THREAD: file.thread[: stored.thread_places], Chain.FILE: file.file[: stored.file_places]}
    return derive(replace(file, entries=then)).summary


def _apart(stored: Summary, expected: Summary) -> list[str]:
    names = [field.name for field in fields(expected)]
    return [name for name in names if getattr(stored, name) != getattr(expected, name)]


def _check_clear(findings: Findings, rows: CaseRows, then: Summary, now: Summary) -> None:
    case, name = rows.case, rows.case.id.hex()
    coarse = STAGES[now.stage].coarse
    if case.state != coarse:
        findings.fault("state-differs", "case", name, f"it says {case.state}, the entries say {coarse}")
    dues = {due.day if due else None for due in (next_due(then), next_due(now))}
    if case.next_day not in dues:
        found = f"it says {case.next_day}, the entries say {', '.join(sorted(map(str, dues)))}"
        findings.fault("next-day-differs", "case", name, found)


def _check_recorded(findings: Findings, tx: Tx, file: CaseFile, recorded: Recorded | None) -> None:
    """Each act of an officer is a row of the audit log, which names its entry."""
    for entry in file.file if recorded is not None else ():
        if entry.kind in RECORDED and recorded is not None and not recorded.names(tx, file.case.id, entry.id):
            where = f"{file.case.id.hex()} file {entry.place}"
            found = f"no row of the audit log names entry {entry.id.hex()}"
            findings.fault("entry-unrecorded", "entry", where, found)
