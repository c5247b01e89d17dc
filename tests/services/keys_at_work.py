"""Colleagues who work off the queue of keys, for tests."""

from datetime import timedelta

from tests.inspectorate import Inspectorate
from tests.services import staff
from whistle.casefile.reading import CaseBroken
from whistle.services import casework, handover
from whistle.services.invitations import Person
from whistle.services.officer import Officer
from whistle.services.refusals import NotYours
from whistle.services.work import locked

SITI = staff.NEWCOMER
KHUSUS = Person("budi", "Budi Santoso", "irban", "irban-khusus")


def tomorrow(office: Inspectorate) -> None:
    office.clock.advance(timedelta(days=1))
    office._signed_in.clear()


def sign_in(office: Inspectorate, login: str) -> Officer:
    office.clock.advance(timedelta(seconds=31))
    office._signed_in.pop(login, None)
    return office.officer(login)


def work(office: Inspectorate, by: str, about: bytes, kind: handover.Kind = "grant") -> handover.Line:
    """All of it, a batch at a time."""
    line = handover.step(office.ctx, office.officer(by), kind, about)
    while line.state == "open":
        line = handover.step(office.ctx, office.officer(by), kind, about)
    return line


def kinds(office: Inspectorate, case: bytes, by: str = "rahma") -> list[str]:
    """The kinds of the entries of a case's file."""
    officer = office.officer(by)
    with office.ctx.store.write() as tx:
        return [entry.kind for entry in locked(office.ctx, tx, officer, case).file]


def opens(office: Inspectorate, officer: Officer, case: bytes) -> bool:
    try:
        casework.declare(office.ctx, officer, case)
    except (NotYours, CaseBroken):
        return False
    return casework.open_case(office.ctx, officer, case).complaint is not None
