"""A colleague's signed word that an officer lost the second factor; one at a time for each officer."""

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store._sql import columns, insert
from whistle.store.engine import Tx
from whistle.store.rows import ResetRow

_ROW = select(*columns(t.totp_reset, ResetRow))


def put(tx: Tx, row: ResetRow) -> None:
    """Store a reset in place of the one that this officer had."""
    tx.execute(t.totp_reset.delete().where(t.totp_reset.c.officer == row.officer))
    insert(tx, t.totp_reset, [row])


def get(tx: Tx, officer: bytes) -> ResetRow | None:
    row = tx.execute(_ROW.where(t.totp_reset.c.officer == officer)).first()
    return ResetRow(*row) if row else None


def every(tx: Tx) -> list[ResetRow]:
    """All resets that wait, the newest first."""
    query = _ROW.order_by(t.totp_reset.c.created.desc(), t.totp_reset.c.officer)
    return [ResetRow(*row) for row in tx.execute(query)]


def delete(tx: Tx, officer: bytes) -> bool:
    """Use up or withdraw the reset of ``officer``; False when there was none (of two at once the second is told)."""
    return tx.execute(t.totp_reset.delete().where(t.totp_reset.c.officer == officer)).rowcount == 1


def sweep(tx: Tx, now: int) -> int:
    """Remove the resets that ended before ``now`` (Unix seconds) and say how many they were."""
    return tx.execute(t.totp_reset.delete().where(t.totp_reset.c.expires <= now)).rowcount
