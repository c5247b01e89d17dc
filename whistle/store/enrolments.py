"""Keys that officers made and that wait for the signature which admits them."""

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store._sql import columns, insert, is_called
from whistle.store.engine import Tx
from whistle.store.rows import EnrolmentRow

_ROW = select(*columns(t.enrolment, EnrolmentRow))


def add(tx: Tx, row: EnrolmentRow) -> None:
    """Raises Duplicate when this officer's keys wait already (columns ("officer",)), or the login's (("login",))."""
    insert(tx, t.enrolment, [row])


def get(tx: Tx, officer: bytes) -> EnrolmentRow | None:
    row = tx.execute(_ROW.where(t.enrolment.c.officer == officer)).first()
    return EnrolmentRow(*row) if row else None


def by_login(tx: Tx, login: str) -> EnrolmentRow | None:
    row = tx.execute(_ROW.where(is_called(t.enrolment.c.login, login))).first()
    return EnrolmentRow(*row) if row else None


def every(tx: Tx) -> list[EnrolmentRow]:
    """All that wait, by login."""
    return sorted((EnrolmentRow(*row) for row in tx.execute(_ROW)), key=lambda row: row.login)


def use_totp_step(tx: Tx, officer: bytes, step: int) -> bool:
    """Note that a one-time code's step was used; False when it or a later one was used before."""
    same = (t.enrolment.c.officer == officer, t.enrolment.c.totp_step < step)
    return tx.execute(t.enrolment.update().where(*same).values(totp_step=step)).rowcount == 1


def delete(tx: Tx, officer: bytes) -> bool:
    """Forget the keys that ``officer`` made; False when none waited."""
    return tx.execute(t.enrolment.delete().where(t.enrolment.c.officer == officer)).rowcount == 1
