"""The audit log: a chain of rows, each signed by the officer who acted and carrying the hash of the one before."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from whistle.store import tables as t
from whistle.store._sql import columns, insert
from whistle.store.engine import Tx, is_write
from whistle.store.errors import Conflict
from whistle.store.rows import AuditRow

EMPTY = (0, bytes(32))  # the head of a log without rows
_LOCK = 0x70656C75  # the number of PostgreSQL's advisory lock on the chain's end
_ROW = select(*columns(t.audit, AuditRow))


def head(tx: Tx) -> tuple[int, bytes]:
    """The last row's number and hash. In a write transaction nobody else appends before it ends."""
    if is_write(tx) and tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    row = tx.execute(select(t.audit.c.seq, t.audit.c.hash).order_by(t.audit.c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else EMPTY


def append(tx: Tx, row: AuditRow) -> None:
    """Add the row that follows `head`. Raises Conflict for any other."""
    seq, digest = head(tx)
    if row.seq != seq + 1 or row.prev != digest:
        raise Conflict(f"audit row {row.seq} does not follow row {seq}")
    insert(tx, t.audit, [row])


def page(tx: Tx, limit: int, offset: int = 0) -> list[AuditRow]:
    """The log, the newest row first."""
    return [AuditRow(*row) for row in tx.execute(_ROW.order_by(t.audit.c.seq.desc()).limit(limit).offset(offset))]


def following(tx: Tx, seq: int, limit: int) -> list[AuditRow]:
    """Up to ``limit`` rows after row ``seq``, in the order in which they were added (to walk the chain)."""
    query = _ROW.where(t.audit.c.seq > seq).order_by(t.audit.c.seq).limit(limit)
    return [AuditRow(*row) for row in tx.execute(query)]


def about(tx: Tx, officer: bytes, actions: Collection[str], since: int, limit: int) -> list[AuditRow]:
    """These acts on an officer's account from ``since`` (Unix seconds) on, the newest first; nothing of cases."""
    c = t.audit.c
    mine = (c.detail == officer.hex(), c.detail != "", c.case.is_(None), c.at >= since, c.action.in_([*actions]))
    return [AuditRow(*row) for row in tx.execute(_ROW.where(*mine).order_by(t.audit.c.seq.desc()).limit(limit))]


def told_of(tx: Tx, action: str) -> set[str]:
    """What the rows of an act that concerns no case name, such as the lists that were stopped."""
    c = t.audit.c
    query = select(c.detail).where(c.detail != "", c.case.is_(None), c.action == action)
    return set(tx.execute(query.distinct()).scalars())


def last_of(tx: Tx, action: str, detail: str) -> int | None:
    """The number of the last row of an act that names ``detail``."""
    c = t.audit.c
    found = tx.execute(select(func.max(c.seq)).where(c.action == action, c.detail == detail)).scalar_one()
    return None if found is None else int(found)


def acted_since(tx: Tx, seq: int, cases: Collection[bytes], passing: Collection[str]) -> bool:
    """Whether a row after ``seq`` is an act on one of ``cases`` other than those of ``passing``."""
    c = t.audit.c
    later = select(c.seq).where(c.seq > seq, c.case.in_([*cases]), c.action.not_in([*passing]))
    return tx.execute(later.limit(1)).first() is not None


@dataclass(frozen=True)
class Wanted:
    """What rows are looked for; None means any. Times are Unix seconds, ``case`` the first digits in hexadecimal.

    ``marked``: actions of which a row also fits when its detail begins with the digits of ``case``.
    """

    officer: bytes | None = None
    nobody: bool = False
    action: str | None = None
    first: int | None = None
    end: int | None = None
    case: str = ""
    marked: Collection[str] = ()
    before: int | None = None


def count(tx: Tx, wanted: Wanted | None = None) -> int:
    """How many rows the log holds, or how many of them fit."""
    return int(tx.execute(select(func.count()).select_from(t.audit).where(*_rules(wanted or Wanted()))).scalar_one())


def search(tx: Tx, wanted: Wanted, limit: int) -> list[AuditRow]:
    """The newest rows that fit, newest first."""
    query = _ROW.where(*_rules(wanted)).order_by(t.audit.c.seq.desc()).limit(limit)
    return [AuditRow(*row) for row in tx.execute(query)]


def _rules(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = t.audit.c
    rules: list[ColumnElement[bool]] = []
    if wanted.nobody:
        rules.append(c.officer.is_(None))
    if wanted.officer is not None:
        rules.append(c.officer == wanted.officer)
    if wanted.action is not None:
        rules.append(c.action == wanted.action)
    if wanted.first is not None:
        rules.append(c.at >= wanted.first)
    if wanted.end is not None:
        rules.append(c.at < wanted.end)
    if wanted.case:
        low, high = bytes.fromhex(wanted.case.ljust(32, "0")), bytes.fromhex(wanted.case.ljust(32, "f"))
        of_case = and_(c.case >= low, c.case <= high)
        rules.append(or_(of_case, and_(c.action.in_([*wanted.marked]), c.detail.startswith(wanted.case))))
    if wanted.before is not None:
        rules.append(c.seq < wanted.before)
    return rules


def hashes(tx: Tx, numbers: Iterable[int]) -> dict[int, bytes]:
    """The stored hashes of these rows, by number; rows that are not there are left out."""
    query = select(t.audit.c.seq, t.audit.c.hash).where(t.audit.c.seq.in_([*numbers]))
    return {seq: digest for seq, digest in tx.execute(query)}


def actions(tx: Tx) -> list[str]:
    """The actions that the log holds, each once."""
    return sorted(tx.execute(select(t.audit.c.action).distinct()).scalars())
