"""The audit log: every look and every act of an officer, hash-chained and signed with the officer's key.

In the clear stand who, when, a coarse action and the case's random id; what exactly was written is inside the case
file's own signed entry, which the row names. A reporter's acts are never recorded.
"""

from whistle.crypto.signing import sign
from whistle.crypto.suite import LABELS
from whistle.services.audit_check import finished, message
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.store import audit
from whistle.store.database import Tx
from whistle.store.rows import AuditRow

OF_FILES = frozenset({"file-look", "file-prepare", "file-download", "file-original"})
"""Acts that concern a file of a case: ``about`` is the exhibit's `mark`."""


def record(
    ctx: Context,
    tx: Tx,
    officer: Officer,
    action: str,
    case: bytes | None = None,
    entry: bytes | None = None,
    about: bytes | None = None,
) -> None:
    """Append a signed row in the transaction of what it records.

    ``about``: the id of the officer whom it concerns, or what an exhibit is marked with (`OF_FILES`); 16 bytes.
    """
    row = _next(ctx, tx, officer.id, action, case, entry, about.hex() if about else "")
    signature = sign(officer.sign_seed, LABELS["audit"], message(row))
    audit.append(tx, finished(row, signature))


def record_recovery(ctx: Context, tx: Tx, recovery: bytes, seed: bytes, action: str, detail: str = "") -> None:
    """Append a row for what was done with a recovery key: ``recovery`` is its reader id, ``seed`` its signing seed.

    ``detail``: the officer's id in hexadecimal, or the `counts` of a run.
    """
    row = _next(ctx, tx, recovery, action, detail=detail)
    audit.append(tx, finished(row, sign(seed, LABELS["audit"], message(row))))


def counts(cases: int, keys: int, broken: int) -> str:
    """What a run of recovery did: cases gone through, keys sealed, cases that did not open."""
    return f"{cases} {keys} {broken}"


def record_unsigned(ctx: Context, tx: Tx, action: str, officer: bytes | None, about: bytes | None = None) -> None:
    """Append a row for what nobody's key can sign, such as a refused sign-in."""
    audit.append(tx, finished(_next(ctx, tx, officer, action, detail=about.hex() if about else ""), b""))


def _next(
    ctx: Context,
    tx: Tx,
    officer: bytes | None,
    action: str,
    case: bytes | None = None,
    entry: bytes | None = None,
    detail: str = "",
) -> AuditRow:
    seq, previous = audit.head(tx)
    at = int(ctx.clock.now().timestamp())
    return AuditRow(seq + 1, previous, at, officer, action, case, entry, detail, b"", b"")
