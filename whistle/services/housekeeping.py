"""What a timer does every night, without any key: it decides nothing and deletes nothing of a case."""

from whistle.services.context import Context
from whistle.store import officers
from whistle.store.database import compact


def tick(ctx: Context) -> str:
    """End sessions past their limit and rewrite the tables in the order of their random ids. Returns a sentence."""
    with ctx.store.write() as tx:
        ended = officers.sweep_sessions(tx, int(ctx.clock.now().timestamp()))
    compact(ctx.store.engine)
    return f"{ended} sessions ended; tables rewritten."
