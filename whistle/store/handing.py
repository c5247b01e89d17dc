"""Which cases of one reader another reader lacks the keys of, or should no longer hold: counted and walked in SQL.

What stands in the clear decides here: who holds which grants. Whom a case is for is inside it, and decided there.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from whistle.store import tables as t
from whistle.store.disposals import living
from whistle.store.engine import Tx

IDENTITY = 3  # the chain of identity keys
THREAD = 1  # whoever holds the newest key of the thread holds all of a case's keys: they are given together


@dataclass(frozen=True)
class Search:
    """What ``holder`` has and ``reader`` lacks. ``identity``: the keys of identity records too.

    ``before``: only cases that came in on an earlier day.
    """

    holder: bytes
    reader: bytes
    before: date | None
    identity: bool = False


def lacking(tx: Tx, search: Search, after: bytes = b"", limit: int | None = None) -> list[bytes]:
    """Cases whose newest key the reader lacks, or holds under a key that is gone; by id behind ``after``."""
    return list(tx.execute(_page(_lacking(search), after, limit)).scalars())


def count_lacking(tx: Tx, search: Search) -> int:
    """How many cases `lacking` would list."""
    return _count(tx, _lacking(search))


def held_by(tx: Tx, search: Search, after: bytes = b"", limit: int | None = None) -> list[bytes]:
    """Cases whose newest key the holder and the reader, who left, both have; by id behind ``after``."""
    return list(tx.execute(_page(_held_by(search), after, limit)).scalars())


def count_held_by(tx: Tx, search: Search) -> int:
    """How many cases `held_by` would list."""
    return _count(tx, _held_by(search))


def was_left_out(tx: Tx, reader: bytes, case: bytes) -> bool:
    """Whether ``reader`` holds the first key of a case and not the newest: a change of keys left them out."""
    grant = t.grant.alias()
    first = select(grant.c.case).where(_first(grant, reader), grant.c.case == case, ~_newest(reader, grant.c.case))
    return tx.execute(first).first() is not None


def mark_stale(tx: Tx, reader: bytes) -> None:
    """Note that ``reader`` has other keys now: every grant that is there was sealed to keys that are gone."""
    mine = select(t.grant.c.reader, t.grant.c.case).where(t.grant.c.reader == reader).distinct()
    known = exists().where(t.stale_grant.c.reader == reader, t.stale_grant.c.case == t.grant.c.case)
    tx.execute(t.stale_grant.insert().from_select(["reader", "case"], mine.where(~known)))


def is_stale(tx: Tx, reader: bytes, case: bytes) -> bool:
    """Whether the grants of ``reader`` in a case were sealed to keys that are gone."""
    return tx.execute(select(t.stale_grant.c.case).where(*_stale(reader, case))).first() is not None


def stale(tx: Tx, reader: bytes) -> frozenset[bytes]:
    """The cases in which the grants of ``reader`` wait to be sealed anew."""
    return frozenset(tx.execute(select(t.stale_grant.c.case).where(t.stale_grant.c.reader == reader)).scalars())


def clear_stale(tx: Tx, reader: bytes, case: bytes) -> None:
    """Note that the grants of ``reader`` in a case were sealed anew."""
    tx.execute(t.stale_grant.delete().where(*_stale(reader, case)))


def count_stale(tx: Tx, reader: bytes) -> int:
    """In how many cases the grants of ``reader`` wait to be sealed anew."""
    query = select(func.count()).select_from(t.stale_grant).where(t.stale_grant.c.reader == reader)
    return int(tx.execute(query).scalar_one())


def lacks_any(tx: Tx, reader: bytes, before: date) -> bool:
    """Whether a case that came in on an earlier day was never opened to ``reader``."""
    grant = t.grant.alias()
    opened = exists().where(_first(grant, reader), grant.c.case == t.case.c.id)
    query = select(t.case.c.id).where(t.case.c.day < before, ~opened, living())
    return tx.execute(query.limit(1)).first() is not None


def _stale(reader: bytes, case: bytes) -> tuple[ColumnElement[bool], ...]:
    return (t.stale_grant.c.reader == reader, t.stale_grant.c.case == case)


def _lacking(search: Search) -> Select[Any]:
    mine = t.grant.alias("mine")
    stale = exists().where(t.stale_grant.c.reader == search.reader, t.stale_grant.c.case == mine.c.case)
    lacks = [~_newest(search.reader, mine.c.case), stale]
    if search.identity:
        lacks.append(and_(_identity(search.holder, mine.c.case), ~_identity(search.reader, mine.c.case)))
    return _of_days_before(select(mine.c.case).where(_first(mine, search.holder), or_(*lacks)), mine.c.case, search)


def _held_by(search: Search) -> Select[Any]:
    theirs = t.grant.alias("theirs")
    both = (_newest(search.reader, theirs.c.case), _newest(search.holder, theirs.c.case))
    query = select(theirs.c.case).where(_first(theirs, search.reader), *both)
    return _of_days_before(query, theirs.c.case, search)


def _first(grant: Any, reader: bytes) -> ColumnElement[bool]:
    """The reader's grant of a thread's first key: one a case, and in the index in the order of the cases."""
    first: ColumnElement[bool] = and_(grant.c.reader == reader, grant.c.chain == THREAD, grant.c.epoch == 0)
    return first


def _newest(reader: bytes, case: ColumnElement[bytes]) -> ColumnElement[bool]:
    grant, epoch = t.grant.alias(), t.epoch.alias()
    of_case = select(func.max(epoch.c.epoch)).where(epoch.c.case == grant.c.case, epoch.c.chain == THREAD)
    newest = of_case.correlate(grant).scalar_subquery()
    return exists().where(
        grant.c.reader == reader, grant.c.case == case, grant.c.chain == THREAD, grant.c.epoch == newest
    )


def _identity(reader: bytes, case: ColumnElement[bytes]) -> ColumnElement[bool]:
    grant = t.grant.alias()
    return exists().where(grant.c.reader == reader, grant.c.case == case, grant.c.chain == IDENTITY)


def _of_days_before(query: Select[Any], case: ColumnElement[bytes], search: Search) -> Select[Any]:
    if search.before is None:
        return query
    return query.where(exists().where(t.case.c.id == case, t.case.c.day < search.before))


def _page(query: Select[Any], after: bytes, limit: int | None) -> Select[Any]:
    column = query.selected_columns[0]
    return query.where(column > after).order_by(column).limit(limit)


def _count(tx: Tx, query: Select[Any]) -> int:
    return int(tx.execute(select(func.count()).select_from(query.subquery())).scalar_one())
