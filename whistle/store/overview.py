"""An officer's list, page by page, from 100,000 cases and more."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    Table,
    and_,
    exists,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from whistle.store import tables as t
from whistle.store.engine import Tx
from whistle.store.rows import CaseHead, GrantRow, OverviewRow, SummaryRow

_HEAD: list[Column[Any]] = [t.case.c[field.name] for field in fields(CaseHead)]
_FEW = 5000  # grants; a reader of fewer is listed by grants, one of more by cases
_IDENTITY = 3  # the chain of identity keys, which show no case by themselves
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
        return _sorted(row for part in parts for row in _rows(tx, some(reader, states, part), reader))
    if limit is None:
        return _sorted(_rows(tx, everything(reader, states), reader))[offset:]
    return list(_rows(tx, page(reader, states, limit, offset, holds_few(tx, reader, _FEW)), reader))


def counts(tx: Tx, reader: bytes) -> dict[str, int]:
    """How many cases the reader's list holds in each state (states without a case are left out)."""
    chosen = _chosen(reader, None, holds_few(tx, reader, _FEW)).subquery("chosen")
    query = select(chosen.c.state, func.count()).group_by(chosen.c.state)
    return {state: count for state, count in tx.execute(query)}


def page(reader: bytes, states: Collection[str] | None, limit: int, offset: int = 0, few: bool = False) -> Select[Any]:
    """One page in the order of the list: chosen by small columns, and only what was chosen is read as a whole."""
    picked = _chosen(reader, states, few).order_by(*_order(t.case.c)).limit(limit).offset(offset).subquery("picked")
    return _whole(picked, reader).order_by(*_order(picked.c))


def everything(
    reader: bytes, states: Collection[str] | None, raw: bool = False, at_once: bool = False
) -> Select[Any]:
    """The whole list in the order in which it lies on disk, which is read several times faster than any other.

    ``raw``: values as the driver gives them. ``at_once``: count all entries there are in one go instead of those of
    each case, which PostgreSQL would look up in the table itself.
    """
    return _whole(_chosen(reader, states, few=True).subquery("picked"), reader, raw, at_once)


def some(reader: bytes, states: Collection[str] | None, ids: Collection[bytes], raw: bool = False) -> Select[Any]:
    """The cases of ``ids``, in no order."""
    return _whole(_chosen(reader, states, few=False).where(t.case.c.id.in_(ids)).subquery("picked"), reader, raw)


def holds_few(tx: Tx, reader: bytes, few: int = _FEW) -> bool:
    """Whether the reader holds fewer than ``few`` grants."""
    held = select(literal(1)).where(t.grant.c.reader == reader).limit(few).subquery()
    return int(tx.execute(select(func.count()).select_from(held)).scalar_one()) < few


def _chosen(reader: bytes, states: Collection[str] | None, few: bool) -> Select[Any]:
    """What stands in the clear of the cases of the list.

    ``few``: begin with the reader's grants. Otherwise begin with the cases, in the order of the list, and ask of
    each whether there is a grant (EXISTS, which SQLite does not turn around), so that it ends when a page is full.
    """
    grant = t.grant.c
    held = and_(grant.reader == reader, grant.chain + 0 < _IDENTITY)  # + 0: look it up by reader, not by chain
    if few:
        ids = select(grant.case).where(held).distinct().subquery("held")
        chosen = select(*_HEAD, t.case.c.slot).select_from(ids).join(t.case, t.case.c.id == ids.c.case)
    else:
        chosen = select(*_HEAD, t.case.c.slot).where(exists().where(held, grant.case == t.case.c.id))
    return chosen if states is None else chosen.where(t.case.c.state.in_(sorted(states)))


def _whole(picked: Subquery, reader: bytes, raw: bool = False, at_once: bool = False) -> Select[Any]:
    """All of the cases that were picked. Outer joins, so that no row is lost, and SQLite begins with the cases."""
    counted = _counted()
    asked: tuple[ColumnElement[Any], ...] = (
        *(picked.c[column.name] for column in _HEAD),
        t.summary.c.chain,
        t.summary.c.epoch,
        t.summary.c.sealed,
        t.grant.c.form,
        t.grant.c.sealed,
        t.epoch.c.commitment,
        *(func.coalesce(count, 0) if at_once else _places(picked, n) for n, count in enumerate(counted.c[1:], 1)),
    )
    whole = (
        select(*(type_coerce(column, NullType()) for column in asked) if raw else asked)
        .select_from(picked)
        .outerjoin(t.summary, t.summary.c.slot == picked.c.slot)
        .outerjoin(t.grant, and_(_of_summary(t.grant), t.grant.c.reader == reader))
        .outerjoin(t.epoch, _of_summary(t.epoch))
    )
    return whole.outerjoin(counted, counted.c.case == picked.c.id) if at_once else whole


def _counted() -> Subquery:
    counts = (func.count().filter(t.entry.c.chain == chain) for chain in (1, 2))
    return select(t.entry.c.case, *counts).group_by(t.entry.c.case).subquery("counted")


def _of_summary(table: Table) -> ColumnElement[bool]:
    return and_(*(table.c[name] == t.summary.c[name] for name in ("case", "chain", "epoch")))


def _order(columns: Any) -> tuple[ColumnElement[Any], ...]:
    return (columns.next_day.asc().nulls_last(), columns.day, columns.id)


def _places(picked: Subquery, chain: int) -> ScalarSelect[int]:
    in_chain = (t.entry.c.case == picked.c.id, t.entry.c.chain == chain)
    return select(func.count()).select_from(t.entry).where(*in_chain).correlate(picked).scalar_subquery()


def _rows(tx: Tx, query: Select[Any], reader: bytes) -> Iterator[OverviewRow]:
    for *head, chain, epoch, sealed, form, key, commitment, thread, file in tx.execute(query).yield_per(500):
        id_ = head[0]
        summary = SummaryRow(id_, chain, epoch, sealed) if sealed is not None else None
        grant = GrantRow(id_, chain, epoch, reader, form, key) if key is not None else None
        yield OverviewRow(CaseHead(*head), summary, grant, commitment, thread, file)


def _sorted(rows: Iterable[OverviewRow]) -> list[OverviewRow]:
    never = date.max
    return sorted(rows, key=lambda row: (row.case.next_day or never, row.case.day, row.case.id))
