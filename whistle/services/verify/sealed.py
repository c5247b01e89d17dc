"""Grants, summary and identity of a case, without any key: who holds what, and the sizes of what is sealed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whistle.casefile.manifest import RECOVERY, REPORTER, Directory, Manifest
from whistle.crypto.envelope import GRANT_SIZE, IDENTITY_SIZE, SUMMARY_SIZE, WRAPPED_SIZE, Chain
from whistle.services.verify.findings import Findings
from whistle.store.slots import grant_slot
from whistle.store.walk import CaseRows, GrantSeen

SIZES = {"hpke": GRANT_SIZE, "vault": WRAPPED_SIZE}
THREAD, FILE, IDENTITY = int(Chain.THREAD), int(Chain.FILE), int(Chain.IDENTITY)


@dataclass(frozen=True)
class Admitted:
    """Whom manifests ever admitted, and the complete sets of readers that the tracks of each log ever had."""

    officers: frozenset[bytes]
    custodians: frozenset[bytes]
    sets: Mapping[str, tuple[frozenset[bytes], ...]]


def admitted(manifests: Iterable[Manifest], directory: Directory, logs: Mapping[str, str]) -> Admitted:
    """``logs``: the log of each track."""
    sets: dict[str, set[frozenset[bytes]]] = {}
    custodians: set[bytes] = set()
    for manifest in manifests:
        for track, ids in manifest.tracks.items():
            sets.setdefault(logs.get(track, ""), set()).add(frozenset(ids))
        custodians.update(id_ for ids in manifest.custodians.values() for id_ in ids)
        custodians.update(acting.officer for acting in manifest.acting)
    known = frozenset(directory.officers)
    return Admitted(known, frozenset(custodians), {log: tuple(found) for log, found in sets.items()})


def check_grants(findings: Findings, rows: CaseRows, known: Admitted | None) -> None:
    """Every grant is for somebody who may have one; recovery, reporter and a track's readers have theirs."""
    epochs = {(epoch.chain, epoch.epoch) for epoch in rows.epochs} | {(IDENTITY, 0)}
    held: dict[tuple[int, int], set[bytes]] = {key: set() for key in epochs}
    for grant in rows.grants:
        findings.count("grants")
        _check_grant(findings, rows, grant, epochs, known)
        held.setdefault((grant.chain, grant.epoch), set()).add(grant.reader)
    recovery = RECOVERY.get(rows.case.log, b"")
    for chain, epoch in sorted(epochs):
        where = f"{rows.case.id.hex()} chain {chain} epoch {epoch}"
        if recovery not in held[(chain, epoch)]:
            findings.fault("recovery-grant-missing", "grant", where, f"nothing is sealed to {rows.case.log} recovery")
        if chain == THREAD and REPORTER not in held[(chain, epoch)]:
            findings.fault("reporter-grant-missing", "grant", where, "nothing is sealed to the reporter")
        officers = held[(chain, epoch)] - {REPORTER, *RECOVERY.values()}
        if not officers:
            findings.fault("grant-missing", "grant", where, "nothing is sealed to any officer")
    if known is not None and (THREAD, 0) in held:
        complete = known.sets.get(rows.case.log, ())
        if complete and not any(ids <= held[(THREAD, 0)] for ids in complete):
            found = "no track's readers all hold the report's key"
            findings.fault("grant-missing", "grant", f"{rows.case.id.hex()} chain 1 epoch 0", found)


def _check_grant(
    findings: Findings, rows: CaseRows, grant: GrantSeen, epochs: set[tuple[int, int]], known: Admitted | None
) -> None:
    name = f"{grant.case.hex()} chain {grant.chain} epoch {grant.epoch} reader {grant.reader.hex()}"
    if grant.slot != grant_slot(grant.case, grant.reader, grant.chain, grant.epoch):
        findings.fault("slot-wrong", "grant", name, "its slot is not the one of its fields")
    offline = {REPORTER, *RECOVERY.values()}
    mine = {RECOVERY.get(rows.case.log), REPORTER if grant.chain == THREAD else None}
    impossible = [
        what
        for what, is_so in (
            ("a key that is not there", (grant.chain, grant.epoch) not in epochs),
            ("a wrong size", SIZES.get(grant.form) != grant.size),
            ("a reader who never holds this key", grant.reader in offline and grant.reader not in mine),
            ("a form that this reader has not", grant.reader in offline and grant.form != "hpke"),
        )
        if is_so
    ]
    if impossible:
        findings.fault("grant-impossible", "grant", name, f"it has {', '.join(impossible)}")
    if known is None or grant.reader in offline:
        return
    may = known.custodians if grant.chain == IDENTITY else known.officers
    if grant.reader not in may:
        what = "custodian" if grant.chain == IDENTITY else "officer"
        findings.fault("grant-stranger", "grant", name, f"no manifest ever named this {what}")


def check_summary(findings: Findings, rows: CaseRows) -> None:
    """One summary of one size, under the file's key as soon as there is a file."""
    name, summary = rows.case.id.hex(), rows.summary
    if summary is None:
        findings.fault("summary-missing", "summary", name, "there is none")
        return
    findings.count("summaries")
    if len(summary.sealed) != SUMMARY_SIZE:
        findings.fault("summary-size", "summary", name, f"{len(summary.sealed)} bytes")
    keys = {(epoch.chain, epoch.epoch) for epoch in rows.epochs}
    opened = any(entry.chain == FILE for entry in rows.entries)
    if (summary.chain, summary.epoch) not in keys:
        found = f"it is under chain {summary.chain} epoch {summary.epoch}, which has no key"
        findings.fault("summary-place", "summary", name, found)
    elif opened and summary.chain != FILE:
        findings.fault("summary-place", "summary", name, "it is under the thread's key, though the file was opened")


def check_identity(findings: Findings, rows: CaseRows) -> None:
    """One record of one size, whether or not anything is in it."""
    name, identity = rows.case.id.hex(), rows.identity
    if identity is None:
        findings.fault("identity-missing", "identity", name, "there is none")
        return
    findings.count("identity records")
    if len(identity.sealed) != IDENTITY_SIZE or len(identity.commitment) != 32:
        findings.fault("identity-size", "identity", name, f"{len(identity.sealed)} bytes")
