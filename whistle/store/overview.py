"""An officer's list, page by page, from 100,000 cases and more."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, and_, exists, func, select

from whistle.store import tables as t
from whistle.store._sql import columns
from whistle.store.engine import Tx
from whistle.store.rows import CaseHead, GrantRow, OverviewRow, SummaryRow

_HEAD = columns(t.case, CaseHead)
_ORDER = (t.case.c.next_day.asc().nulls_last(), t.case.c.day, t.case.c.id)
THREAD = 1  # every reader of a case holds the key of its thread
_IDS_AT_ONCE = 500  # SQLite's limit on variables is 32,766; one plan serves lists of one length


def overview(
    tx: Tx,
    reader: bytes,
    states: Collection[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
    ids: Collection[bytes] | None = None,
) -> list[OverviewRow]:
    """The cases that ``reader`` holds a grant of: by next day (none last), day received, then id.

    A case whose summary is missing, or is under a key that the reader has no grant of, is in the list all the same:
    nobody hides a case by touching its summary.

    ``states`` and ``ids`` narrow the list; ``ids`` may be of any length and takes no limit or offset.
    """
    if ids is not None:
        wanted = sorted(set(ids))
        parts = [wanted[start : start + _IDS_AT_ONCE] for start in range(0, len(wanted), _IDS_AT_ONCE)]
        rows = [row for part in parts for row in _rows(tx, page(reader, states).where(t.case.c.id.in_(part)), reader)]
        return sorted(rows, key=_key)
    return _rows(tx, page(reader, states, limit, offset), reader)


def counts(tx: Tx, reader: bytes) -> dict[str, int]:
    """How many cases the reader's list holds in each state (states without a case are left out)."""
    query = select(t.case.c.state, func.count()).where(_readable(reader)).group_by(t.case.c.state)
    return {state: count for state, count in tx.execute(query)}


def page(reader: bytes, states: Collection[str] | None, limit: int | None = None, offset: int = 0) -> Select[Any]:
    """The query of one page. Cases are chosen by small columns first; sealed ones are read for those chosen only."""
    chosen = select(t.case.c.id).where(_readable(reader))
    if states is not None:
        chosen = chosen.where(t.case.c.state.in_(sorted(states)))
    order = _ORDER if limit is not None or offset else (t.case.c.id,)
    if limit is not None or offset:
        chosen = chosen.order_by(*_ORDER).limit(-1 if limit is None else limit).offset(offset)
    picked = chosen.subquery("picked")
    return (
        select(
            *_HEAD,
            t.summary.c.chain,
            t.summary.c.epoch,
            t.summary.c.sealed,
            t.grant.c.form,
            t.grant.c.sealed,
            _places(1),
            _places(2),
            t.epoch.c.commitment,
        )
        # Outer joins, since SQLite then begins with the cases that were picked.
        .select_from(picked)
        .outerjoin(t.case, t.case.c.id == picked.c.id)
        .outerjoin(t.summary, t.summary.c.case == picked.c.id)
        .outerjoin(t.grant, and_(_of_summary(t.grant), t.grant.c.reader == reader))
        .outerjoin(t.epoch, _of_summary(t.epoch))
        .order_by(*order)
    )


def _of_summary(table: Table) -> ColumnElement[bool]:
    return and_(*(table.c[name] == t.summary.c[name] for name in ("case", "chain", "epoch")))


def _readable(reader: bytes) -> ColumnElement[bool]:
    # EXISTS and not a join: SQLite then walks the cases in the order of the list and stops when the page is full.
    held = (t.grant.c.reader == reader, t.grant.c.case == t.case.c.id, t.grant.c.chain < 3)
    return exists().where(*held)


def _places(chain: int) -> ScalarSelect[int]:
    in_chain = (t.entry.c.case == t.case.c.id, t.entry.c.chain == chain)
    return select(func.count()).select_from(t.entry).where(*in_chain).correlate(t.case).scalar_subquery()


def _rows(tx: Tx, query: Select[Any], reader: bytes) -> list[OverviewRow]:
    found = []
    for *head, chain, epoch, sealed, form, key, commitment, thread, file in tx.execute(query):
        id_ = head[0]
        summary = SummaryRow(id_, chain, epoch, sealed) if sealed is not None else None
        grant = GrantRow(id_, chain, epoch, reader, form, key) if key is not None else None
        found.append(OverviewRow(CaseHead(*head), summary, grant, commitment, thread, file))
    return found


def _key(row: OverviewRow) -> tuple[Any, ...]:
    return (row.case.next_day is None, row.case.next_day or row.case.day, row.case.day, row.case.id)
