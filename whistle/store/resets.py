"""A colleague's signed word that an officer lost the second factor; one at a time for each officer."""

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store._sql import columns, upsert, values
from whistle.store.engine import Tx
from whistle.store.rows import ResetRow

_ROW = select(*columns(t.totp_reset, ResetRow))


def put(tx: Tx, row: ResetRow) -> None:
    """Store a reset in place of the one that this officer had."""
    upsert(tx, t.totp_reset, values(row), ("code_hash", "by", "created", "expires", "signature"))


def get(tx: Tx, officer: bytes) -> ResetRow | None:
    row = tx.execute(_ROW.where(t.totp_reset.c.officer == officer)).first()
    return ResetRow(*row) if row else None


def every(tx: Tx) -> list[ResetRow]:
    """All resets that wait, the newest first."""
    query = _ROW.order_by(t.totp_reset.c.created.desc(), t.totp_reset.c.officer)
    return [ResetRow(*row) for row in tx.execute(query)]


def delete(tx: Tx, officer: bytes) -> bool:
    """Withdraw the reset of ``officer``; False when there was none."""
    return tx.execute(t.totp_reset.delete().where(t.totp_reset.c.officer == officer)).rowcount == 1


def use(tx: Tx, officer: bytes, code_hash: bytes) -> bool:
    """Use up this very reset; False when it is used or was replaced (of two at once the second is told)."""
    same = (t.totp_reset.c.officer == officer, t.totp_reset.c.code_hash == code_hash)
    return tx.execute(t.totp_reset.delete().where(*same)).rowcount == 1


def sweep(tx: Tx, now: int) -> int:
    """Remove the resets that ended before ``now`` (Unix seconds) and say how many they were."""
    return tx.execute(t.totp_reset.delete().where(t.totp_reset.c.expires <= now)).rowcount
