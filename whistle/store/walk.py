"""Walk all cases with all that belongs to each, a page at a time, so that a check of 100,000 takes little memory.

The pages divide the whole space of ids and slots between them: what lies in a page's part and belongs to none of its
cases comes along as a stray, so that nothing is passed over, however it was moved.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, and_, case, func, select, type_coerce

from whistle.store import tables as t
from whistle.store._sql import columns
from whistle.store.database import Store, Tx
from whistle.store.examine import examining
from whistle.store.rows import CaseRow, EntryRow, EpochRow, GrantRow, IdentityRow, SummaryRow
from whistle.store.slots import first_grant_slot, last_grant_slot, slot_of

PAGE = 250  # cases; some ten megabytes of entries
_TOP = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """A grant without what it seals: only how long that is (-1 when it is no bytes)."""

    slot: int
    case: bytes
    chain: int
    epoch: int
    reader: bytes
    form: str
    size: int


@dataclass
class CaseRows:
    """A case as it lies in the tables. ``slots`` are where its single rows lie, by table."""

    case: CaseRow
    slots: dict[str, int] = field(default_factory=dict)
    entries: list[EntryRow] = field(default_factory=list)
    entry_slots: list[int] = field(default_factory=list)
    epochs: list[EpochRow] = field(default_factory=list)
    grants: list[GrantSeen] = field(default_factory=list)
    mine: list[GrantRow] = field(default_factory=list)
    summary: SummaryRow | None = None
    identity: IdentityRow | None = None


@dataclass
class Page:
    """Cases in the order of their ids, and ``strays``: (table, row, its case) that lie here and belong nowhere."""

    cases: list[CaseRows]
    strays: list[tuple[str, str, bytes]] = field(default_factory=list)


@dataclass(frozen=True)
class _Part:
    """The ids after ``low`` up to ``high``, None at the ends of all; and the slots that belong to them."""

    low: bytes | None
    high: bytes | None

    def ids(self, column: Any) -> list[ColumnElement[bool]]:
        bounds = [column > self.low] if self.low is not None else []
        return bounds + ([column <= self.high] if self.high is not None else [])

    def slots(self, column: Any, grants: bool = False) -> ColumnElement[bool]:
        low, high = (first_grant_slot, last_grant_slot) if grants else (slot_of, slot_of)
        least = low(_whole(self.low)) if self.low is not None else -1 - _TOP
        most = high(_whole(self.high)) if self.high is not None else _TOP
        return and_(column >= least, column <= most)

    def holds(self, id_: bytes) -> bool:
        return (self.low is None or id_ > self.low) and (self.high is None or id_ <= self.high)


def _whole(id_: bytes) -> bytes:
    return id_[:16].ljust(16, b"\0")  # an id that somebody shortened still lies somewhere


def walk(store: Store, reader: bytes | None = None, size: int = PAGE) -> Iterator[tuple[Tx, Page]]:
    """All cases, each page in a transaction of its own; with a ``reader`` also what that reader's grants seal.

    Raises StoreUnavailable.
    """
    low: bytes | None = None
    while True:
        with examining(store) as tx:
            page, last = _page(tx, low, size, reader)
            yield tx, page
        if last is None:
            return
        low = last


def _page(tx: Tx, low: bytes | None, size: int, reader: bytes | None) -> tuple[Page, bytes | None]:
    cases = _cases(tx, low, size)
    full = len(cases) == size and (low is None or cases[-1].case.id > low)
    part = _Part(low, cases[-1].case.id if full else None)
    page = Page(cases)
    by_id = {rows.case.id: rows for rows in cases}
    for fill in (_entries, _epochs, _grants, _summaries, _identities):
        fill(tx, part, by_id, page)
    if reader is not None:
        _mine(tx, part, by_id, reader)
    return page, part.high


_CASE = select(
    *(t.case.c[name] for name in ("id", "day", "log", "state", "next_day", "legal_hold", "lookup_hash")),
    func.coalesce(t.reporter.c.reporter_hpke, b""),
    t.case.c.reporter_sign,
    t.case.c.slot,
    t.reporter.c.slot,
    t.reporter.c.case,
).select_from(t.case.outerjoin(t.reporter, t.reporter.c.slot == t.case.c.slot))


def _cases(tx: Tx, low: bytes | None, size: int) -> list[CaseRows]:
    query = _CASE.where(*_Part(low, None).ids(t.case.c.id)).order_by(t.case.c.id).limit(size)
    found = []
    for *row, slot, reporter, of in tx.execute(query):
        rows = CaseRows(CaseRow(*row), {"case": slot})
        if reporter is not None and of == rows.case.id:
            rows.slots["reporter"] = reporter
        found.append(rows)
    return found


Cases = dict[bytes, CaseRows]


def _entries(tx: Tx, part: _Part, by_id: Cases, page: Page) -> None:
    query = select(t.entry.c.slot, *columns(t.entry, EntryRow)).where(*part.ids(t.entry.c.case))
    for slot, *row in tx.execute(query.order_by(t.entry.c.case, t.entry.c.chain, t.entry.c.place)):
        entry = EntryRow(*row)
        rows = by_id.get(entry.case)
        if rows is None:
            page.strays.append(("entry", f"slot {slot}", entry.case))
        else:
            rows.entries.append(entry)
            rows.entry_slots.append(slot)


def _epochs(tx: Tx, part: _Part, by_id: Cases, page: Page) -> None:
    for row in tx.execute(select(*columns(t.epoch, EpochRow)).where(*part.ids(t.epoch.c.case))):
        epoch = EpochRow(*row)
        rows = by_id.get(epoch.case)
        if rows is None:
            page.strays.append(("epoch", f"chain {epoch.chain} epoch {epoch.epoch}", epoch.case))
        else:
            rows.epochs.append(epoch)


def _grants(tx: Tx, part: _Part, by_id: Cases, page: Page) -> None:
    c = t.grant.c
    query = select(c.slot, c.case, c.chain, c.epoch, c.reader, c.form, _size(tx, c.sealed))
    for row in tx.execute(query.where(part.slots(c.slot, grants=True))):
        grant = GrantSeen(*row)
        rows = by_id.get(grant.case)
        if rows is not None:
            rows.grants.append(grant)
        elif part.holds(grant.case) or not _near(grant):
            page.strays.append(("grant", f"slot {grant.slot}", grant.case))


def _near(grant: GrantSeen) -> bool:
    """Whether a grant lies beside its case, which another page then shows."""
    return len(grant.case) == 16 and first_grant_slot(grant.case) <= grant.slot <= last_grant_slot(grant.case)


def _summaries(tx: Tx, part: _Part, by_id: Cases, page: Page) -> None:
    query = select(t.summary.c.slot, *columns(t.summary, SummaryRow)).where(part.slots(t.summary.c.slot))
    for slot, *row in tx.execute(query):
        summary = SummaryRow(*row)
        rows = by_id.get(summary.case)
        if rows is not None and slot == slot_of(summary.case):
            rows.summary, rows.slots["summary"] = summary, slot
        elif rows is not None or part.holds(summary.case) or slot != _slot(summary.case):
            page.strays.append(("summary", f"slot {slot}", summary.case))


def _identities(tx: Tx, part: _Part, by_id: Cases, page: Page) -> None:
    query = select(t.identity.c.slot, *columns(t.identity, IdentityRow)).where(part.slots(t.identity.c.slot))
    for slot, *row in tx.execute(query):
        identity = IdentityRow(*row)
        rows = by_id.get(identity.case)
        if rows is not None and slot == slot_of(identity.case):
            rows.identity, rows.slots["identity"] = identity, slot
        elif rows is not None or part.holds(identity.case) or slot != _slot(identity.case):
            page.strays.append(("identity", f"slot {slot}", identity.case))


def _slot(id_: bytes) -> int:
    return slot_of(id_) if len(id_) == 16 else -1


def _mine(tx: Tx, part: _Part, by_id: Cases, reader: bytes) -> None:
    query = select(*columns(t.grant, GrantRow)).where(t.grant.c.reader == reader, *part.ids(t.grant.c.case))
    for row in tx.execute(query.order_by(t.grant.c.case)):
        grant = GrantRow(*row)
        if grant.case in by_id:
            by_id[grant.case].mine.append(grant)


def _size(tx: Tx, column: Any) -> ColumnElement[Any]:
    if tx.dialect.name == "postgresql":
        return func.length(column)
    return case((func.typeof(column) == "blob", func.length(type_coerce(column, LargeBinary))), else_=-1)


def counted(tx: Tx) -> tuple[dict[tuple[str, Any], int], dict[tuple[str, Any], int]]:
    """How many cases, and how many leaves, each log holds of each day."""
    both = []
    for table in (t.case, t.leaf):
        query = select(table.c.log, table.c.day, func.count()).group_by(table.c.log, table.c.day)
        found: dict[tuple[str, Any], int] = defaultdict(int)
        for log, day, number in tx.execute(query):
            found[(log, day)] += number
        both.append(dict(found))
    return both[0], both[1]
