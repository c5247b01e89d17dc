"""The chains of a case, without any key: places, epochs, links, sizes. What an entry says is not looked at."""

from datetime import date, timedelta

from whistle.casefile.links import stored_hash
from whistle.crypto.padding import SMALLEST, bucket
from whistle.crypto.suite import NONCE, TAG
from whistle.services.verify.findings import Findings
from whistle.store.rows import EntryRow
from whistle.store.slots import slot_of
from whistle.store.walk import CaseRows

PUBLIC_KEY, SIGN_KEY = 1216, 32  # bytes of the reporter's public keys
CHAINS = {1: "thread", 2: "file"}


def check_case_row(findings: Findings, rows: CaseRows, today: date, buried: bool = False) -> None:
    """What stands in the clear of the case itself. Of one that was deleted (``buried``) the reporter's key is gone."""
    case, name = rows.case, rows.case.id.hex()
    wrong = [
        what
        for what, holds in (
            ("its id", len(case.id) == 16),
            ("the log", case.log in ("inner", "outer")),
            ("the state", case.state in ("open", "waiting", "closed")),
            ("the day it came in", date(2020, 1, 1) <= case.day <= today + timedelta(days=1)),
            ("the next day", case.next_day is None or case.next_day >= case.day),
            ("the hash of the receipt", len(case.lookup_hash) == 32),
            ("the reporter's signing key", len(case.reporter_sign) == SIGN_KEY),
        )
        if not holds
    ]
    if wrong:
        findings.fault("case-values", "case", name, f"{', '.join(wrong)}: not what Peluit writes")
    if rows.slots["case"] != slot_of(case.id):
        findings.fault("slot-wrong", "case", name, "its slot is not the one of its id")
    if not buried and ("reporter" not in rows.slots or len(case.reporter_hpke) != PUBLIC_KEY):
        findings.fault("reporter-key-missing", "reporter", name, "there is no public key of 1,216 bytes")


def check_chains(findings: Findings, rows: CaseRows, installation: bytes | None, today: date) -> None:
    """Both chains of the case. Without the ``installation`` (no manifest verifies) links are not computed."""
    by_chain: dict[int, list[EntryRow]] = {1: [], 2: []}
    for entry, slot in zip(rows.entries, rows.entry_slots, strict=True):
        by_chain.setdefault(entry.chain, []).append(entry)
        if slot != slot_of(entry.id):
            findings.fault("slot-wrong", "entry", _name(entry), "its slot is not the one of its id")
    findings.count("entries", len(rows.entries))
    if not by_chain[1]:
        findings.fault("thread-empty", "entry", rows.case.id.hex(), "the thread has no entry")
    for chain, entries in by_chain.items():
        _check_chain(findings, rows, chain, entries, installation)
        for entry in entries:
            _check_entry(findings, rows, entry, today)
    _check_epochs(findings, rows, by_chain)


def _check_chain(
    findings: Findings, rows: CaseRows, chain: int, entries: list[EntryRow], installation: bytes | None
) -> None:
    """Places from 0 on, epochs that follow each other, and each entry with the hash of the one before."""
    commitments = {epoch.epoch: epoch.commitment for epoch in rows.epochs if epoch.chain == chain}
    epoch, before = 0, bytes(32)
    for expected, entry in enumerate(entries):
        if entry.place != expected:
            found = f"there is no entry at place {expected} of the {_chain(chain)}"
            findings.fault("entry-missing", "entry", _name(entry), found)
            return
        if entry.epoch not in (epoch, epoch + 1) or (expected == 0 and entry.epoch != 0):
            found = f"it stands in epoch {entry.epoch} after epoch {epoch}"
            findings.fault("entry-epoch", "entry", _name(entry), found)
            return
        epoch = entry.epoch
        if entry.prev != before and installation is not None:
            findings.fault("entry-link", "entry", _name(entry), "the hash that it carries is not of the entry before")
            return
        if epoch not in commitments:
            findings.fault("epoch-missing", "epoch", _name(entry), f"there is no commitment of epoch {epoch}")
            return
        if installation is not None:
            before = stored_hash(installation, entry, commitments[epoch]) or b""  # which no entry carries


def _check_entry(findings: Findings, rows: CaseRows, entry: EntryRow, today: date) -> None:
    padded = len(entry.sealed) - NONCE - TAG
    if padded < SMALLEST or bucket(padded) != padded:
        findings.fault("entry-size", "entry", _name(entry), f"{len(entry.sealed)} bytes")
    if entry.day < rows.case.day - timedelta(days=1) or entry.day > today + timedelta(days=1):
        findings.fault("entry-day", "entry", _name(entry), f"{entry.day.isoformat()} is before its case or to come")


def _check_epochs(findings: Findings, rows: CaseRows, by_chain: dict[int, list[EntryRow]]) -> None:
    """No key without entries: a chain has one more epoch than its entries stand in at the most."""
    for chain in {*by_chain, *(epoch.chain for epoch in rows.epochs)}:
        numbers = sorted(epoch.epoch for epoch in rows.epochs if epoch.chain == chain)
        entries = by_chain.get(chain, [])
        used = max((entry.epoch for entry in entries), default=-1)
        if numbers and (chain not in CHAINS or not entries or numbers[-1] > used + 1):
            found = f"epoch {numbers[-1]} of the {_chain(chain)}, whose entries stand in epochs up to {used}"
            findings.fault("epoch-unused", "epoch", rows.case.id.hex(), found)
        elif numbers != list(range(len(numbers))):
            found = f"the {_chain(chain)} has the epochs {', '.join(map(str, numbers))}"
            findings.fault("epoch-missing", "epoch", rows.case.id.hex(), found)
    findings.count("epochs", len(rows.epochs))


def _name(entry: EntryRow) -> str:
    return f"{entry.case.hex()} {_chain(entry.chain)} {entry.place}"


def _chain(chain: int) -> str:
    return CHAINS.get(chain, f"chain {chain}")
