"""What a timer does every night, without any key: it decides nothing, and deletes of cases what two officers signed."""

from collections.abc import Collection
from datetime import timedelta

from whistle.services import purging, transparency
from whistle.services.context import Context
from whistle.services.evidence import SETTLED_AFTER
from whistle.services.tries import LONGEST_WAIT
from whistle.services.unlock import SKEW
from whistle.store import attached, invitations, officers, resets
from whistle.store.database import compact

REMEMBERED = 24 * 3600  # seconds after which a failed sign-in no longer slows that name
SHOWN = 30 * 24 * 3600  # seconds for which the officers' page still says that a link has run out


def tick(ctx: Context) -> str:
    """Order the logs, end old sessions, forget old failures, delete what was signed, sort files, rewrite the tables.

    Returns a sentence. Names that anybody may type at the sign-in would otherwise gather for ever.
    """
    now = int(ctx.clock.now().timestamp())
    with ctx.store.write() as tx:
        ended = officers.sweep_sessions(tx, now, now + SKEW)
        forgotten = officers.sweep_throttles(tx, now - REMEMBERED, now + LONGEST_WAIT)
        invitations.sweep(tx, now - SHOWN)
        resets.sweep(tx, now - REMEMBERED)
    placed = transparency.order(ctx)
    purged = purging.purge(ctx)
    try:
        kept, swept = settle(ctx)
        swept += purging.purge_files(ctx)
    finally:  # a store of files that is away must not leave the order of arrival in the tables
        compact(ctx.store.engine)
    return (
        f"{placed} reports placed in the logs, {ended} sessions ended, {forgotten} refused names forgotten, "
        f"{kept} attached files kept, {swept} files that nothing attaches removed, {_told(purged)}tables rewritten."
    )


def _told(purged: purging.Purged) -> str:
    """What was done of the lists that two officers signed; nothing where none is due."""
    deleted = f"the contents of {purged.cases} cases deleted as two officers signed, " if purged.cases else ""
    left = f"{purged.left} signed lists not carried out (peluit verify says why), " if purged.left else ""
    return deleted + left


def settle(ctx: Context) -> tuple[int, int]:
    """Keep the files that something attaches, and remove what was uploaded and never sent; how many of each."""

    def named(ids: Collection[bytes]) -> set[bytes]:
        with ctx.store.read() as tx:
            return attached.kept(tx, ids)

    return ctx.blobs.settle(ctx.clock.today(), named, timedelta(days=SETTLED_AFTER))
