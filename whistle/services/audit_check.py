"""What is wrong with a row of the audit log, as a code that pages and `verify` put into words."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whistle.casefile.canon import UNREADABLE
from whistle.casefile.manifest import RECOVERY
from whistle.crypto.signing import verify
from whistle.crypto.suite import LABELS, Refused, lp
from whistle.store.rows import AuditRow

UNSIGNED = {"sign-in-refused", "set-up", "enrol", "invited-at-shell", "manifest-installed", "disposal-done"}
"""What nobody's key can sign. A manifest that came as a file is signed itself."""

OF_RECOVERY = {"recover", "recover-for", "recovered", "rehearse"}
"""What is done with a recovery key, and all that it may sign."""

SignKeys = Mapping[bytes, tuple[bytes, ...]]  # officer id -> every Ed25519 public key they ever had


def message(row: AuditRow) -> bytes:
    """What the officer signs of a row."""
    return lp(
        row.seq.to_bytes(8, "big"),
        row.prev,
        row.at.to_bytes(8, "big"),
        row.officer or b"",
        row.action.encode(),
        row.case or b"",
        row.entry or b"",
        row.detail.encode(),
    )


def hash_of(row: AuditRow) -> bytes:
    """The hash that the row after this one carries."""
    return hashlib.sha256(message(row) + row.signature).digest()


def finished(row: AuditRow, signature: bytes) -> AuditRow:
    """The row with its signature and its hash."""
    written = message(row)
    hashed = hashlib.sha256(written + signature).digest()
    return AuditRow(
        row.seq, row.prev, row.at, row.officer, row.action, row.case, row.entry, row.detail, signature, hashed
    )


def faults_of(row: AuditRow, sign_keys: SignKeys) -> list[str]:
    """What is wrong with the row by itself: "audit-changed", "audit-unsigned", "audit-signature"."""
    try:
        found = [] if hash_of(row) == row.hash else ["audit-changed"]
        if not row.signature:
            return found if row.action in UNSIGNED else [*found, "audit-unsigned"]
        if (row.officer in RECOVERY.values()) != (row.action in OF_RECOVERY):
            return [*found, "audit-signature"]
        keys = sign_keys.get(row.officer or b"", ())
        return found if any(_signed_by(key, row) for key in keys) else [*found, "audit-signature"]
    except UNREADABLE:
        return ["audit-changed"]


def link_faults(row: AuditRow, before: tuple[int, bytes]) -> list[str]:
    """What is wrong between a row and the (number, hash) before it: "audit-gap" or "audit-link"."""
    if row.seq != before[0] + 1:
        return ["audit-gap"]
    return [] if row.prev == before[1] else ["audit-link"]


@dataclass(frozen=True)
class RowFault:
    """``code`` is one of those in `whistle.services.verify.codes`."""

    seq: int
    code: str


def faults_in(rows: Iterable[AuditRow], sign_keys: SignKeys, before: tuple[int, bytes]) -> list[RowFault]:
    """What is wrong with consecutive rows that follow the row whose number and hash are ``before``."""
    found = []
    for row in rows:
        codes = link_faults(row, before) + faults_of(row, sign_keys)
        found += [RowFault(row.seq, code) for code in codes]
        before = (row.seq, row.hash)
    return found


def _signed_by(key: bytes, row: AuditRow) -> bool:
    try:
        verify(key, LABELS["audit"], message(row), row.signature)
    except Refused:
        return False
    return True
