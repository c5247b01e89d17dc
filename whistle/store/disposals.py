"""Lists of cases to be deleted, tombstones, and the deletion itself: nothing else in Peluit deletes of a case."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, Table, delete, exists, func, select

from whistle.store import tables as t
from whistle.store._sql import columns, insert, insert_values
from whistle.store.engine import Tx
from whistle.store.rows import DisposalRow, DraftRow
from whistle.store.slots import first_grant_slot, last_grant_slot, slot_of

_DRAFT = select(*columns(t.draft, DraftRow))
_DISPOSAL = select(*columns(t.disposal, DisposalRow))
_OF_A_CASE = (t.stale_grant, t.epoch, t.entry)  # by case; beside what lies at the case's slot
_AT_ITS_SLOT = (t.summary, t.identity, t.reporter)


def candidates(tx: Tx, reader: bytes, received: date) -> list[bytes]:
    """The closed cases that ``reader`` has a key of, came in by ``received`` and are not held, oldest first."""
    case, grant = t.case.c, t.grant.c
    held = exists().where(grant.reader == reader, grant.case == case.id, grant.chain < 3)
    chosen = (case.state == "closed", case.day <= received, case.legal_hold.is_(False), held, living())
    query = select(case.id).where(*chosen)
    return list(tx.execute(query.order_by(case.day, case.id)).scalars())


def add_draft(tx: Tx, row: DraftRow) -> None:
    """A list that one officer signed."""
    insert(tx, t.draft, [row])


def drop_draft(tx: Tx, disposal: bytes) -> None:
    """Forget a list that one officer signed: it was withdrawn, or has its second signature."""
    tx.execute(t.draft.delete().where(t.draft.c.id == disposal))


def drafts(tx: Tx) -> list[DraftRow]:
    """All lists that wait for a second signature, by id."""
    return [DraftRow(*row) for row in tx.execute(_DRAFT.order_by(t.draft.c.id))]


def draft(tx: Tx, disposal: bytes) -> DraftRow | None:
    row = tx.execute(_DRAFT.where(t.draft.c.id == disposal)).first()
    return DraftRow(*row) if row else None


def add(tx: Tx, row: DisposalRow) -> None:
    """A list that two officers signed."""
    insert(tx, t.disposal, [row])


def every(tx: Tx) -> list[DisposalRow]:
    """All lists that two officers signed, by id."""
    return [DisposalRow(*row) for row in tx.execute(_DISPOSAL.order_by(t.disposal.c.id))]


def get(tx: Tx, disposal: bytes) -> DisposalRow | None:
    row = tx.execute(_DISPOSAL.where(t.disposal.c.id == disposal)).first()
    return DisposalRow(*row) if row else None


def done(tx: Tx) -> dict[bytes, date]:
    """The lists that were carried out, and the days."""
    query = select(t.tombstone.c.disposal, t.tombstone.c.day).distinct()
    return {disposal: day for disposal, day in tx.execute(query)}


def tombstones(tx: Tx) -> dict[bytes, bytes]:
    """The cases whose contents were deleted, each with its list."""
    return {case: disposal for case, disposal in tx.execute(select(t.tombstone.c.case, t.tombstone.c.disposal))}


def blob_tombstones(tx: Tx) -> dict[bytes, bytes]:
    """The files that were deleted, each with its list."""
    query = select(t.blob_tombstone.c.id, t.blob_tombstone.c.disposal)
    return {id_: disposal for id_, disposal in tx.execute(query)}


def living() -> ColumnElement[bool]:
    """Of a query about cases: those whose contents were not deleted."""
    return ~exists().where(t.tombstone.c.case == t.case.c.id)


def count_buried(tx: Tx, logs: Collection[str], received: date) -> int:
    """How many cases of these logs that came in by ``received`` were deleted."""
    query = select(func.count()).select_from(t.tombstone.join(t.case, t.tombstone.c.case == t.case.c.id))
    return int(tx.execute(query.where(t.case.c.log.in_(logs), t.case.c.day <= received)).scalar_one())


def buried(tx: Tx, case: bytes) -> date | None:
    """The day on which the contents of a case were deleted; None when they were not."""
    return tx.execute(select(t.tombstone.c.day).where(t.tombstone.c.case == case)).scalar_one_or_none()


def bury(tx: Tx, case: bytes, disposal: bytes, day: date) -> None:
    """Delete all that a case holds but its own row, its leaf and what the audit log says of it: the keys first."""
    insert_values(tx, t.tombstone, [{"case": case, "disposal": disposal, "day": day}])
    clear(tx, case)
    tx.execute(t.case.update().where(t.case.c.id == case).values(next_day=None))


def clear(tx: Tx, case: bytes) -> None:
    """Delete what there is of a case that has a tombstone: the keys first."""
    near = t.grant.c.slot.between(first_grant_slot(case), last_grant_slot(case))
    tx.execute(delete(t.grant).where(near, t.grant.c.case == case))
    for table in _OF_A_CASE:
        tx.execute(delete(table).where(table.c.case == case))
    for table in _AT_ITS_SLOT:
        tx.execute(delete(table).where(_its(table, case)))


def bury_files(tx: Tx, blobs: Iterable[bytes], disposal: bytes) -> None:
    """No longer keep these files: the night's work removes them as it does those that nothing attaches."""
    ids = list(blobs)
    insert_values(tx, t.blob_tombstone, [{"id": id_, "disposal": disposal} for id_ in ids])
    for id_ in ids:
        tx.execute(delete(t.blob).where(t.blob.c.id == id_))


def remains(tx: Tx, case: bytes) -> list[str]:
    """The tables that still hold something of a case."""
    near = t.grant.c.slot.between(first_grant_slot(case), last_grant_slot(case))
    asked = [(t.grant, (near, t.grant.c.case == case)), *((table, (table.c.case == case,)) for table in _OF_A_CASE)]
    asked += [(table, (_its(table, case),)) for table in _AT_ITS_SLOT]
    return [table.name for table, where in asked if tx.execute(select(table.c.case).where(*where)).first()]


def _its(table: Table, case: bytes) -> ColumnElement[bool]:
    return (table.c.slot == slot_of(case)) & (table.c.case == case)
