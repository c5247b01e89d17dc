"""An officer's whole list in the shortest way, for whoever decrypts all of it; and what changed since.

`overview` gives the same as rows with names and checked types, which for 100,000 cases takes longer than to decrypt
them.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from whistle.store import tables as t
from whistle.store.engine import Tx
from whistle.store.overview import everything, some

AT_ONCE = 200  # lines handed over together, after which others may be let in

Line = tuple[bytes, date, int, int, bytes, str, bytes, bytes, int, int]
"""Case, day received; the summary's chain, epoch and sealed bytes; the grant's form and sealed bytes; the commitment of
its key; how many entries the thread and the file hold. What is missing, or was damaged, is of another type."""


def stream(tx: Tx, reader: bytes, ids: Collection[bytes] | None = None) -> Iterator[list[Line]]:
    """All cases that ``reader`` holds a grant of, or those among ``ids``, some at a time and in no order."""
    if ids is None:
        yield from _parts(tx, everything(reader, None, raw=True, at_once=tx.dialect.name == "postgresql"))
        return
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        yield from _parts(tx, some(reader, None, wanted[start : start + AT_ONCE], raw=True))


def _parts(tx: Tx, query: Any) -> Iterator[list[Line]]:
    for part in tx.execute(query.execution_options(yield_per=AT_ONCE)).partitions():
        yield [
            (id_, _day(day), chain, epoch, sealed, form, key, commitment, thread, file)
            for id_, day, _, _, _, _, chain, epoch, sealed, form, key, commitment, thread, file in part
        ]


# Not grouped by the database: SQLite would then walk through all entries of all times, in the order of the groups.
_TOUCHED = select(t.entry.c.case, t.entry.c.chain, t.entry.c.place).where(t.entry.c.day >= bindparam("since"))


def touched(tx: Tx, since: date) -> Sequence[tuple[bytes, int, int]]:
    """(case, chain, places) of every chain that has an entry of ``since`` or later, whoever may read it.

    Whatever changes in a case appends an entry, which is dated; so these are all that can have changed since.
    """
    places: dict[tuple[bytes, int], int] = {}
    for case, chain, place in tx.execute(_TOUCHED, {"since": since}):
        if place >= places.get((case, chain), 0):
            places[case, chain] = place + 1
    return [(case, chain, many) for (case, chain), many in places.items()]


@lru_cache(maxsize=4096)
def _day(value: Any) -> date:
    """SQLite gives what is stored, which may be anything: a day that is none comes out as the first of all days."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return date.min
