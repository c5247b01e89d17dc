"""The logs of accepted reports: every leaf gets its place the night after its day.

Leaves of one day stand in an order drawn at random, so that a place tells the day and nothing finer. An hourly batch
would tell the hour.
"""

import secrets
from itertools import groupby

from whistle.domain.tracks import LOGS
from whistle.services.context import Context
from whistle.store import log as log_store
from whistle.store.database import Tx

_RANDOM = secrets.SystemRandom()


def order(ctx: Context) -> int:
    """Give a place to every leaf whose day is over; how many there were. Needs no key. Raises StoreUnavailable."""
    with ctx.store.write() as tx:
        log_store.lock(tx)
        return sum(_order(ctx, tx, log) for log in LOGS)


def _order(ctx: Context, tx: Tx, log: str) -> int:
    leaves = list[bytes]()
    for _, rows in groupby(log_store.waiting(tx, log, ctx.clock.today()), lambda row: row.day):
        of_day = [row.leaf for row in rows]
        _RANDOM.shuffle(of_day)
        leaves += of_day
    log_store.place(tx, log, leaves)
    return len(leaves)
