"""Which stored files are attached to something, whatever it is: the others are of uploads that nobody sent."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store._sql import insert_of
from whistle.store.engine import Tx

AT_ONCE = 500  # ids of one query


def keep(tx: Tx, ids: Iterable[bytes]) -> None:
    """Note that files are attached; those that were noted before change nothing."""
    rows = [{"id": id_} for id_ in sorted(ids)]
    if rows:
        tx.execute(insert_of(tx.dialect.name, t.blob).on_conflict_do_nothing(), rows)


def kept(tx: Tx, ids: Collection[bytes]) -> set[bytes]:
    """Those of ``ids`` that are attached."""
    asked, found = list(ids), set[bytes]()
    for at in range(0, len(asked), AT_ONCE):
        found.update(tx.execute(select(t.blob.c.id).where(t.blob.c.id.in_(asked[at : at + AT_ONCE]))).scalars())
    return found


def everything(tx: Tx) -> Iterator[bytes]:
    """The ids of all attached files."""
    yield from tx.execute(select(t.blob.c.id).execution_options(yield_per=AT_ONCE)).scalars()
