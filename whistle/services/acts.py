"""Many acts in the audit log at once, each signed by its officer as one by itself is (`recording`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from whistle.crypto.signing import signer
from whistle.crypto.suite import LABELS
from whistle.services.audit_check import finished, message
from whistle.store import audit, bulk
from whistle.store.database import Tx
from whistle.store.rows import AuditRow


@dataclass(frozen=True, slots=True)
class Act:
    """What an officer did at ``at`` (Unix seconds)."""

    at: int
    officer: bytes
    seed: bytes = field(repr=False)
    action: str
    case: bytes | None = None
    entry: bytes | None = None


def record_all(tx: Tx, acts: Iterable[Act]) -> None:
    """Append a signed row for each act, in this order, in the transaction of what they record."""
    seq, previous = audit.head(tx)
    rows, signers = list[AuditRow](), dict[bytes, Callable[[bytes], bytes]]()
    for act in acts:
        row = AuditRow(seq + 1, previous, act.at, act.officer, act.action, act.case, act.entry, "", b"", b"")
        if act.officer not in signers:
            signers[act.officer] = signer(act.seed, LABELS["audit"])
        rows.append(finished(row, signers[act.officer](message(row))))
        seq, previous = rows[-1].seq, rows[-1].hash
    bulk.record(tx, rows)
