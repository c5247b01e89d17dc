"""Whole new cases in one transaction: one that comes in, or the many that a demonstration is filled with.

Rows go in by the order in which they lie, so that a batch touches each page once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle.store import audit
from whistle.store import tables as t
from whistle.store._sql import insert, insert_together, insert_values, values
from whistle.store.engine import Tx
from whistle.store.errors import Conflict
from whistle.store.rows import (
    AuditRow,
    CaseRow,
    EntryRow,
    EpochRow,
    GrantRow,
    IdentityRow,
    LeafRow,
    SummaryRow,
)
from whistle.store.slots import grant_slot, slot_of

CACHE = 128 * 1024  # kB of SQLite's page cache, so that a batch's pages are written once and not at every step


@dataclass
class NewRows:
    """The rows of new cases. ``cases`` may be of any number; the others belong to them."""

    cases: list[CaseRow] = field(default_factory=list)
    epochs: list[EpochRow] = field(default_factory=list)
    entries: list[EntryRow] = field(default_factory=list)
    grants: list[GrantRow] = field(default_factory=list)
    identities: list[IdentityRow] = field(default_factory=list)
    summaries: list[SummaryRow] = field(default_factory=list)
    leaves: list[LeafRow] = field(default_factory=list)

    def add(self, other: "NewRows") -> None:
        """Take in the rows of ``other``."""
        for name in self.__dataclass_fields__:
            getattr(self, name).extend(getattr(other, name))


def roomy(tx: Tx) -> None:
    """Give this connection to SQLite a page cache that holds a batch; PostgreSQL has its own."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")


def store(tx: Tx, rows: NewRows) -> None:
    """Insert all rows. Raises Duplicate, for a receipt that was used before with columns ("lookup_hash",)."""
    small = [{"slot": slot_of(row.id), **values(row)} for row in rows.cases]
    public = [{"slot": row["slot"], "case": row["id"], "reporter_hpke": row.pop("reporter_hpke")} for row in small]
    # First: the channel's role on PostgreSQL may add to a case that it sees.
    insert_values(tx, t.case, _sorted(small, "id"))
    insert_together(
        tx,
        [
            (t.reporter, _sorted(public, "slot")),
            (t.epoch, _sorted([values(row) for row in rows.epochs], "case")),
            (t.entry, _slotted(rows.entries, lambda row: slot_of(row.id))),
            (t.grant, _slotted(rows.grants, lambda g: grant_slot(g.case, g.reader, g.chain, g.epoch))),
            (t.identity, _slotted(rows.identities, lambda row: slot_of(row.case))),
            (t.summary, _slotted(rows.summaries, lambda row: slot_of(row.case))),
            (t.leaf, _sorted([values(row) for row in rows.leaves], "id")),
        ],
    )


def record(tx: Tx, rows: Sequence[AuditRow]) -> None:
    """Add several rows to the audit log: the first follows its head, each the one before. Raises Conflict."""
    seq, digest = audit.head(tx)
    for row in rows:
        if row.seq != seq + 1 or row.prev != digest:
            raise Conflict(f"audit row {row.seq} does not follow row {seq}")
        seq, digest = row.seq, row.hash
    insert(tx, t.audit, rows)


def _slotted(rows: Sequence[Any], slot: Callable[[Any], int]) -> list[dict[str, Any]]:
    return _sorted([{"slot": slot(row), **values(row)} for row in rows], "slot")


def _sorted(batch: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    return sorted(batch, key=lambda row: row[order])
