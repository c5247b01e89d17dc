"""What an officer changes about the own account: one column at a time, so that nothing written beside it is lost."""

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store.engine import Tx


def set_vault(tx: Tx, officer: bytes, old: bytes, new: bytes) -> bool:
    """Put a vault in the place of ``old``; False when another one came first."""
    change = t.officer.update().where(t.officer.c.id == officer, t.officer.c.vault == old).values(vault=new)
    return tx.execute(change).rowcount == 1


def vault_of(tx: Tx, officer: bytes) -> bytes | None:
    """The officer's vault as it is now, and stays until the transaction ends."""
    query = select(t.officer.c.vault).where(t.officer.c.id == officer).with_for_update()
    vault: bytes | None = tx.execute(query).scalar_one_or_none()
    return vault


def set_totp(tx: Tx, officer: bytes, totp: bytes, step: int) -> None:
    """Put a second factor in the place of the one before, with the step of the code that proved it."""
    tx.execute(t.officer.update().where(t.officer.c.id == officer).values(totp=totp, totp_step=step))


def end_session(tx: Tx, officer: bytes, session: bytes) -> bool:
    """End one session, if it is this officer's; False when it is not or is over."""
    mine = (t.session.c.id == session, t.session.c.officer == officer)
    return tx.execute(t.session.delete().where(*mine)).rowcount == 1


def end_other_sessions(tx: Tx, officer: bytes, keep: bytes) -> int:
    """End all of an officer's sessions but one; how many they were."""
    others = (t.session.c.officer == officer, t.session.c.id != keep)
    return int(tx.execute(t.session.delete().where(*others)).rowcount)
