"""The audit log: every look and every act of an officer, hash-chained and signed with the officer's key.

In the clear stand who, when, a coarse action and the case's random id; what exactly was written is inside the case
file's own signed entry, which the row names. A reporter's acts are never recorded.
"""

import hashlib

from whistle.crypto.signing import sign, verify
from whistle.crypto.suite import LABELS, Refused, lp
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.store import audit
from whistle.store.database import Tx
from whistle.store.rows import AuditRow


def record(
    ctx: Context, tx: Tx, officer: Officer, action: str, case: bytes | None = None, entry: bytes | None = None
) -> None:
    """Append a signed row in the transaction of what it records."""
    row = _next(ctx, tx, officer.id, action, case, entry)
    signature = sign(officer.sign_seed, LABELS["audit"], _message(row))
    audit.append(tx, _sealed(row, signature))


def record_unsigned(ctx: Context, tx: Tx, action: str, officer: bytes | None) -> None:
    """Append a row for what nobody's key can sign, such as a refused sign-in."""
    audit.append(tx, _sealed(_next(ctx, tx, officer, action, None, None), b""))


def check(rows: list[AuditRow], sign_keys: dict[bytes, tuple[bytes, ...]], previous: bytes) -> str | None:
    """What is wrong with consecutive rows that follow the row whose hash is ``previous``; None when nothing is."""
    for row in rows:
        if row.prev != previous or row.hash != _hash(row):
            return f"audit row {row.seq} does not follow the one before"
        if row.signature or row.action not in UNSIGNED:
            if not any(_signed_by(key, row) for key in sign_keys.get(row.officer or b"", ())):
                return f"audit row {row.seq} is not signed by its officer"
        previous = row.hash
    return None


UNSIGNED = {"sign-in-refused", "set-up"}


def _signed_by(key: bytes, row: AuditRow) -> bool:
    try:
        verify(key, LABELS["audit"], _message(row), row.signature)
    except Refused:
        return False
    return True


def _next(
    ctx: Context, tx: Tx, officer: bytes | None, action: str, case: bytes | None, entry: bytes | None
) -> AuditRow:
    seq, previous = audit.head(tx)
    at = int(ctx.clock.now().timestamp())
    return AuditRow(seq + 1, previous, at, officer, action, case, entry, "", b"", b"")


def _sealed(row: AuditRow, signature: bytes) -> AuditRow:
    signed = AuditRow(
        row.seq, row.prev, row.at, row.officer, row.action, row.case, row.entry, row.detail, signature, b""
    )
    return AuditRow(
        row.seq, row.prev, row.at, row.officer, row.action, row.case, row.entry, row.detail, signature, _hash(signed)
    )


def _message(row: AuditRow) -> bytes:
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


def _hash(row: AuditRow) -> bytes:
    return hashlib.sha256(_message(row) + row.signature).digest()
