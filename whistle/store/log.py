"""The order of each log's leaves. A leaf waits for its place until its day is over, and then keeps it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select, text

from whistle.store import tables as t
from whistle.store._sql import columns, insert_values
from whistle.store.engine import Tx
from whistle.store.rows import LeafRow


def waiting(tx: Tx, log: str, before: date) -> list[LeafRow]:
    """The leaves of days before ``before`` that have no place yet, in the order of their days."""
    query = select(*columns(t.leaf, LeafRow)).outerjoin(t.placed, t.placed.c.leaf == t.leaf.c.leaf)
    query = query.where(t.leaf.c.log == log, t.leaf.c.day < before, t.placed.c.leaf.is_(None))
    return [LeafRow(*row) for row in tx.execute(query.order_by(t.leaf.c.day, t.leaf.c.id))]


def lock(tx: Tx) -> None:
    """Until the transaction ends nobody else gives places. On SQLite there is one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE placed IN SHARE ROW EXCLUSIVE MODE"))  # readers may go on


def place(tx: Tx, log: str, leaves: Sequence[bytes]) -> None:
    """Append leaves to a log, in this order. The ends of the logs are locked."""
    end = size(tx, log)
    insert_values(tx, t.placed, [{"leaf": leaf, "log": log, "position": end + n} for n, leaf in enumerate(leaves)])


def size(tx: Tx, log: str) -> int:
    """How many leaves of a log have a place."""
    return int(tx.execute(select(func.count()).where(t.placed.c.log == log)).scalar_one())


def placed(tx: Tx, log: str) -> list[bytes]:
    """The leaves of a log that have a place, in their order."""
    return [*tx.execute(select(t.placed.c.leaf).where(t.placed.c.log == log).order_by(t.placed.c.position)).scalars()]


def ends(tx: Tx) -> dict[str, tuple[int, int]]:
    """Of each log that has any: how many leaves have a place, and the last place."""
    query = select(t.placed.c.log, func.count(), func.max(t.placed.c.position)).group_by(t.placed.c.log)
    return {log: (number, last) for log, number, last in tx.execute(query)}


def astray(tx: Tx) -> list[tuple[str, int]]:
    """Places, by log and position, of what is no leaf of that log."""
    same = (t.leaf.c.leaf == t.placed.c.leaf) & (t.leaf.c.log == t.placed.c.log)
    query = select(t.placed.c.log, t.placed.c.position).outerjoin(t.leaf, same).where(t.leaf.c.id.is_(None))
    return [(log, position) for log, position in tx.execute(query.order_by(t.placed.c.log, t.placed.c.position))]
