"""An officer's list, page by page, from 100,000 cases and more."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, exists, func, select

from whistle.store import tables as t
from whistle.store._sql import columns
from whistle.store.engine import Tx
from whistle.store.rows import CaseHead, GrantRow, OverviewRow, SummaryRow

_HEAD = columns(t.case, CaseHead)
_ORDER = (t.case.c.next_day.asc().nulls_last(), t.case.c.day, t.case.c.id)
_IDS_AT_ONCE = 500  # SQLite's limit on variables is 32,766; one plan serves lists of one length


def overview(
    tx: Tx,
    reader: bytes,
    states: Collection[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
    ids: Collection[bytes] | None = None,
) -> list[OverviewRow]:
    """The cases whose summary ``reader`` holds a grant for: by next day (none last), day received, then id.

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
        .select_from(picked)
        .join(t.case, t.case.c.id == picked.c.id)
        .join(t.summary, t.summary.c.case == picked.c.id)
        .join(t.grant, _key_of_summary(reader))
        .join(t.epoch, and_(*(t.epoch.c[name] == t.summary.c[name] for name in ("case", "chain", "epoch"))))
        .order_by(*_ORDER)
    )


def _key_of_summary(reader: bytes) -> Any:
    same = (t.grant.c.case == t.summary.c.case, t.grant.c.chain == t.summary.c.chain)
    return and_(*same, t.grant.c.epoch == t.summary.c.epoch, t.grant.c.reader == reader)


def _readable(reader: bytes) -> Any:
    # EXISTS and not a join: SQLite then walks the cases in the order of the list and stops when the page is full.
    return exists().where(t.summary.c.case == t.case.c.id, _key_of_summary(reader))


def _places(chain: int) -> ScalarSelect[int]:
    in_chain = (t.entry.c.case == t.case.c.id, t.entry.c.chain == chain)
    return select(func.count()).select_from(t.entry).where(*in_chain).correlate(t.case).scalar_subquery()


def _rows(tx: Tx, query: Select[Any], reader: bytes) -> list[OverviewRow]:
    found = []
    for id_, day, log, state, next_day, hold, chain, epoch, sealed, form, key, thread, file, bound in tx.execute(query):
        head = CaseHead(id_, day, log, state, next_day, hold)
        grant = GrantRow(id_, chain, epoch, reader, form, key)
        found.append(OverviewRow(head, SummaryRow(id_, chain, epoch, sealed), (grant,), thread, file, bound))
    return found


def _key(row: OverviewRow) -> tuple[Any, ...]:
    return (row.case.next_day is None, row.case.next_day or row.case.day, row.case.day, row.case.id)
