"""Cases with their entries, epochs, grants, summaries, identities and leaves."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, select

from whistle.store import tables as t
from whistle.store._sql import columns, insert, insert_of, upsert, values
from whistle.store.engine import Tx
from whistle.store.errors import Conflict
from whistle.store.overview import counts, overview
from whistle.store.rows import (
    CaseHead,
    CaseRow,
    EntryRow,
    EpochRow,
    GrantRow,
    IdentityRow,
    LeafRow,
    SummaryRow,
)
from whistle.store.slots import first_grant_slot, grant_slot, last_grant_slot, slot_of

__all__ = [
    "all_case_ids",
    "case_by_lookup",
    "count_grants",
    "count_leaves",
    "count_sealed",
    "counts",
    "entries",
    "epochs",
    "get_case",
    "get_identity",
    "get_summary",
    "grants",
    "hold_receipt",
    "insert_entry",
    "insert_epoch",
    "insert_grants",
    "leaves",
    "lock_case",
    "next_number",
    "next_numbers",
    "overview",
    "put_summary",
    "rewrap_grant",
    "rewrap_grants",
    "sealed_grants",
    "set_legal_hold",
    "set_state",
    "tip",
]

_HEAD = columns(t.case, CaseHead)
_CASE: Select[Any] = (
    # A case whose reporter's key somebody removed is still found, and does not open.
    select(*_HEAD, t.case.c.lookup_hash, func.coalesce(t.reporter.c.reporter_hpke, b""), t.case.c.reporter_sign)
    .select_from(t.case)
    .outerjoin(t.reporter, t.reporter.c.slot == t.case.c.slot)
)
# In words, so that the partial index is seen to fit.
_SEALED: tuple[ColumnElement[bool], ...] = (
    t.grant.c.form == literal_column("'hpke'"),
    t.grant.c.chain < literal_column("3"),
)
_ENTRY = select(*columns(t.entry, EntryRow))
_EPOCH = select(*columns(t.epoch, EpochRow))
_GRANT = select(*columns(t.grant, GrantRow))


_BY_ID = _CASE.where(t.case.c.id == bindparam("id"))
_LOCKED = _BY_ID.with_for_update(of=t.case)
_BY_LOOKUP = _CASE.where(t.case.c.lookup_hash == bindparam("lookup"))


def get_case(tx: Tx, case: bytes) -> CaseRow | None:
    row = tx.execute(_BY_ID, {"id": case}).first()
    return CaseRow(*row) if row else None


def case_by_lookup(tx: Tx, lookup_hash: bytes) -> CaseRow | None:
    """The case of a receipt, by the hash of its lookup id."""
    hold_receipt(tx, lookup_hash)
    row = tx.execute(_BY_LOOKUP, {"lookup": lookup_hash}).first()
    return CaseRow(*row) if row else None


_RECEIPT = select(func.set_config("peluit.receipt", bindparam("receipt"), literal_column("true")))


def hold_receipt(tx: Tx, lookup_hash: bytes) -> None:
    """For the rest of the transaction: the channel's role on PostgreSQL sees the case of this receipt and no other."""
    if tx.dialect.name == "postgresql":
        tx.execute(_RECEIPT, {"receipt": lookup_hash.hex()})


def lock_case(tx: Tx, case: bytes) -> CaseRow | None:
    """The case, which nobody else changes or appends to before this transaction ends.

    On SQLite the one writer holds everything; on PostgreSQL the row is locked.
    """
    row = tx.execute(_LOCKED, {"id": case}).first()
    return CaseRow(*row) if row else None


def all_case_ids(tx: Tx) -> list[bytes]:
    """The ids of all cases, in the order of the ids."""
    return list(tx.execute(select(t.case.c.id).order_by(t.case.c.id)).scalars())


def set_state(tx: Tx, case: bytes, state: str, next_day: date | None) -> None:
    """Set the coarse state and the day of the next deadline. Raises Conflict when there is no such case."""
    changed = tx.execute(t.case.update().where(t.case.c.id == case).values(state=state, next_day=next_day))
    if changed.rowcount != 1:
        raise Conflict("there is no such case")


def set_legal_hold(tx: Tx, case: bytes, hold: bool) -> None:
    """Keep a case from being removed when its time is over. Raises Conflict when there is no such case."""
    changed = tx.execute(t.case.update().where(t.case.c.id == case).values(legal_hold=hold))
    if changed.rowcount != 1:
        raise Conflict("there is no such case")


def insert_entry(tx: Tx, row: EntryRow) -> None:
    """Raises Duplicate: ("slot",) for a repeated id, ("case", "chain", "place") when the place is taken."""
    insert(tx, t.entry, [row], lambda entry: slot_of(entry.id))


_OF_CASE = _ENTRY.where(t.entry.c.case == bindparam("of")).order_by(t.entry.c.chain, t.entry.c.place)
_OF_CHAIN = _OF_CASE.where(t.entry.c.chain == bindparam("chain"))
_TIP = (
    _ENTRY.where(t.entry.c.case == bindparam("of"), t.entry.c.chain == bindparam("chain"))
    .order_by(t.entry.c.place.desc())
    .limit(1)
)


def entries(tx: Tx, case: bytes, chain: int | None = None) -> list[EntryRow]:
    """The entries of a case, or of one of its chains, by chain and place."""
    if chain is None:
        return [EntryRow(*row) for row in tx.execute(_OF_CASE, {"of": case})]
    return [EntryRow(*row) for row in tx.execute(_OF_CHAIN, {"of": case, "chain": chain})]


def tip(tx: Tx, case: bytes, chain: int) -> EntryRow | None:
    """The last entry of a chain."""
    row = tx.execute(_TIP, {"of": case, "chain": chain}).first()
    return EntryRow(*row) if row else None


def insert_epoch(tx: Tx, row: EpochRow) -> None:
    insert(tx, t.epoch, [row])


_EPOCHS = _EPOCH.where(t.epoch.c.case == bindparam("of")).order_by(t.epoch.c.chain, t.epoch.c.epoch)


def epochs(tx: Tx, case: bytes) -> list[EpochRow]:
    """The epochs of a case, by chain and epoch."""
    return [EpochRow(*row) for row in tx.execute(_EPOCHS, {"of": case})]


def insert_grants(tx: Tx, rows: Iterable[GrantRow]) -> None:
    """Raises Duplicate when a reader has a grant of that epoch."""
    insert(tx, t.grant, rows, lambda grant: grant_slot(grant.case, grant.reader, grant.chain, grant.epoch))


_GRANTS = _GRANT.where(
    t.grant.c.case == bindparam("of"), t.grant.c.slot.between(bindparam("first"), bindparam("last"))
).order_by(t.grant.c.chain, t.grant.c.epoch, t.grant.c.reader)
_GRANTS_OF = _GRANTS.where(t.grant.c.reader == bindparam("reader"))


def grants(tx: Tx, case: bytes, reader: bytes | None = None) -> list[GrantRow]:
    """The grants of a case, or one reader's, by chain, epoch and reader."""
    near = {"of": case, "first": first_grant_slot(case), "last": last_grant_slot(case)}
    if reader is None:
        return [GrantRow(*row) for row in tx.execute(_GRANTS, near)]
    return [GrantRow(*row) for row in tx.execute(_GRANTS_OF, {**near, "reader": reader})]


def sealed_grants(
    tx: Tx, reader: bytes, limit: int, before: date | None = None, after: GrantRow | None = None
) -> list[tuple[GrantRow, bytes]]:
    """Grants of the case chains that are still sealed by HPKE, each with the commitment of its key, in a fixed order.

    ``before``: only of cases that came in on an earlier day; ``after``: only those behind this one.
    """
    same = (t.epoch.c.case == t.grant.c.case, t.epoch.c.chain == t.grant.c.chain, t.epoch.c.epoch == t.grant.c.epoch)
    query = select(*columns(t.grant, GrantRow), t.epoch.c.commitment).join(t.epoch, and_(*same))
    query = query.where(t.grant.c.reader == reader, *_SEALED).order_by(t.grant.c.slot).limit(limit)
    if after is not None:
        query = query.where(t.grant.c.slot > _slot_of_grant(after))
    if before is not None:
        query = query.join(t.case, t.case.c.id == t.grant.c.case).where(t.case.c.day < before)
    return [(GrantRow(*row[:-1]), row[-1]) for row in tx.execute(query)]


def count_sealed(tx: Tx, reader: bytes) -> int:
    """How many of the reader's grants of the case chains are still sealed by HPKE."""
    query = select(func.count()).select_from(t.grant).where(t.grant.c.reader == reader, *_SEALED)
    return int(tx.execute(query).scalar_one())


def count_grants(tx: Tx, reader: bytes) -> int:
    """How many grants the reader holds."""
    return int(tx.execute(select(func.count()).select_from(t.grant).where(t.grant.c.reader == reader)).scalar_one())


def _slot_of_grant(row: GrantRow) -> int:
    return grant_slot(row.case, row.reader, row.chain, row.epoch)


def rewrap_grant(tx: Tx, row: GrantRow) -> None:
    """Replace how a grant is sealed. Raises Conflict when there is no such grant."""
    rewrap_grants(tx, [row])


_REWRAP = (
    t.grant.update()
    .where(t.grant.c.slot == bindparam("at"))
    .values(form=bindparam("new_form"), sealed=bindparam("new_sealed"))
)


def rewrap_grants(tx: Tx, rows: Iterable[GrantRow]) -> None:
    """Replace how many grants are sealed. Raises Conflict when one of them does not exist."""
    batch: list[dict[str, Any]] = [
        {
            "at": _slot_of_grant(row),
            "new_form": row.form,
            "new_sealed": row.sealed,
        }
        for row in rows
    ]
    batch.sort(key=lambda one: one["at"])  # two sessions of one officer then never wait for each other
    if batch and tx.execute(_REWRAP, batch).rowcount != len(batch):
        raise Conflict("there is no such grant")


def put_summary(tx: Tx, row: SummaryRow) -> None:
    """Store a case's summary in place of the one before."""
    upsert(tx, t.summary, {"slot": slot_of(row.case), **values(row)}, ("chain", "epoch", "sealed"))


def get_summary(tx: Tx, case: bytes) -> SummaryRow | None:
    row = tx.execute(select(*columns(t.summary, SummaryRow)).where(t.summary.c.slot == slot_of(case))).first()
    return SummaryRow(*row) if row else None


def get_identity(tx: Tx, case: bytes) -> IdentityRow | None:
    row = tx.execute(select(*columns(t.identity, IdentityRow)).where(t.identity.c.slot == slot_of(case))).first()
    return IdentityRow(*row) if row else None


def leaves(tx: Tx, log: str | None = None) -> list[LeafRow]:
    """The leaves, or those of one log, in the order of their random ids."""
    query = select(*columns(t.leaf, LeafRow)).order_by(t.leaf.c.id)
    if log is not None:
        query = query.where(t.leaf.c.log == log)
    return [LeafRow(*row) for row in tx.execute(query)]


def count_leaves(tx: Tx) -> dict[str, int]:
    """How many leaves each log holds."""
    query = select(t.leaf.c.log, func.count()).group_by(t.leaf.c.log)
    return {log: count for log, count in tx.execute(query)}


def next_number(tx: Tx, name: str) -> int:
    """The next number of a series, from 1 on: none twice, and none lost unless the transaction is.

    One statement takes the row's lock and counts, so that two writers never see the same value.
    """
    return next_numbers(tx, name, 1)[0]


def next_numbers(tx: Tx, name: str, count: int) -> range:
    """The next ``count`` numbers of a series, as `next_number` one by one."""
    statement = insert_of(tx.dialect.name, t.counter).values(name=name, value=count)
    more = {"value": t.counter.c.value + count}
    statement = statement.on_conflict_do_update(index_elements=["name"], set_=more)
    last = int(tx.execute(statement.returning(t.counter.c.value)).scalar_one())
    return range(last - count + 1, last + 1)


def counters(tx: Tx) -> dict[str, int]:
    """The last number given of each series."""
    return {name: value for name, value in tx.execute(select(t.counter.c.name, t.counter.c.value))}
