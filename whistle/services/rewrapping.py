"""An officer's grants that are still sealed by HPKE are put under the vault's key, so that lists open quickly."""

from collections.abc import Callable
from contextlib import suppress

from whistle.casefile.canon import UNREADABLE
from whistle.casefile.keys import rewrapped
from whistle.services.aside import give_way
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.store import cases

BATCH = 500  # grants in one transaction
TOGETHER = 50  # grants that are opened before others are let in


def rewrap(ctx: Context, officer: Officer, progress: Callable[[int], None] = lambda done: None) -> None:
    """In batches, and only of cases of days that are over. ``progress`` is told how many were looked at.

    When officers sign in stands in the audit log: which of a case's grants are still sealed would tell between which
    two of them it came in. A grant that does not open stays as it is, and keeps none of those behind it: anybody can
    send reports that hold such grants. Raises StoreUnavailable; what was put away by then stays so.
    """
    done, last = 0, None
    while True:
        with ctx.store.read() as tx:
            installation = ctx.directory(tx).installation
            sealed = cases.sealed_grants(tx, officer.id, BATCH, ctx.clock.today(), last)
        fresh = []
        for number, (grant, commitment) in enumerate(sealed):
            if number % TOGETHER == 0:
                give_way()
            with suppress(*UNREADABLE):
                fresh.append(rewrapped(installation, grant, commitment, officer.holder))
        if fresh:
            with ctx.store.write() as tx:
                cases.rewrap_grants(tx, fresh)
        done += len(sealed)
        progress(done)
        if len(sealed) < BATCH:
            return
        last = sealed[-1][0]
