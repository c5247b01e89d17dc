"""Invitations that wait for their officer. A link's token is never stored, only its hash."""

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store._sql import columns, insert, is_called
from whistle.store.engine import Tx
from whistle.store.rows import InvitationRow

_ROW = select(*columns(t.invitation, InvitationRow))


def put(tx: Tx, row: InvitationRow) -> None:
    """Store an invitation in place of the one that its login or its officer had."""
    same = (t.invitation.c.login == row.login) | (t.invitation.c.officer == row.officer)
    tx.execute(t.invitation.delete().where(same))
    insert(tx, t.invitation, [row])


def get(tx: Tx, token_hash: bytes) -> InvitationRow | None:
    row = tx.execute(_ROW.where(t.invitation.c.id == token_hash)).first()
    return InvitationRow(*row) if row else None


def of_officer(tx: Tx, officer: bytes) -> InvitationRow | None:
    row = tx.execute(_ROW.where(t.invitation.c.officer == officer)).first()
    return InvitationRow(*row) if row else None


def by_login(tx: Tx, login: str) -> InvitationRow | None:
    row = tx.execute(_ROW.where(is_called(t.invitation.c.login, login))).first()
    return InvitationRow(*row) if row else None


def every(tx: Tx) -> list[InvitationRow]:
    """All invitations, by login."""
    return sorted((InvitationRow(*row) for row in tx.execute(_ROW)), key=lambda row: row.login)


def delete(tx: Tx, officer: bytes) -> bool:
    """Withdraw the invitation of ``officer``; False when there was none."""
    return tx.execute(t.invitation.delete().where(t.invitation.c.officer == officer)).rowcount == 1


def sweep(tx: Tx, before: int) -> int:
    """Remove the invitations that ended before ``before`` (Unix seconds), and say how many they were.

    Those with which keys were made stay until the signature.
    """
    ended = t.invitation.c.expires <= before
    unused = t.invitation.c.officer.not_in(select(t.enrolment.c.officer))
    return tx.execute(t.invitation.delete().where(ended, unused)).rowcount
