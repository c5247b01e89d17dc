"""Reports that were closed years ago, and lists that two officers sign to have them deleted."""

from collections.abc import Iterable
from datetime import timedelta

from tests.inspectorate import Inspectorate, act
from whistle.crypto.receipt import Receipt, ReceiptKeys
from whistle.domain.retention import WAIT
from whistle.services import casework, closing, retention
from whistle.services.views import Closing
from whistle.store import audit, disposals

FIRST, SECOND = "rahma", "inspektur"
TWO_YEARS = timedelta(days=2 * 366)


def closed(
    office: Inspectorate, result: str = "tidak_cukup_bukti", **answers: object
) -> tuple[Receipt, ReceiptKeys, bytes]:
    """A report that was triaged and closed on the same day."""
    receipt, keys, case = office.triaged(FIRST, **answers)
    end(office, case, result)
    return receipt, keys, case


def end(office: Inspectorate, case: bytes, result: str = "tidak_cukup_bukti") -> None:
    """Close a case, with a second person where its result needs one."""
    values = Closing(result, "Ringkasan.", "Jawaban kepada pelapor.", lhp_number="1", lhp_date="2026-11-02")
    if not closing.close(office.ctx, office.officer(FIRST), case, act(), values):
        casework.declare(office.ctx, office.officer(SECOND), case)
        closing.approve(office.ctx, office.officer(SECOND), case, act())


def password(office: Inspectorate, login: str) -> str:
    return office.credentials[login].password


def proposed(office: Inspectorate, cases: Iterable[bytes], login: str = FIRST) -> bytes:
    """A list with its first signature; its id."""
    return retention.propose(office.ctx, office.officer(login), cases, password(office, login))


def signed(office: Inspectorate, cases: Iterable[bytes], first: str = FIRST, second: str = SECOND) -> bytes:
    """A list with both signatures; its id."""
    list_id = proposed(office, cases, first)
    retention.approve(office.ctx, office.officer(second), list_id, password(office, second))
    return list_id


def past_the_wait(office: Inspectorate) -> None:
    """The day has come on which a list that was signed just now is due."""
    office.clock.advance(WAIT)


def states(office: Inspectorate, login: str = FIRST) -> list[str]:
    return [one.state for one in retention.desk(office.ctx, office.officer(login)).lists]


def over(office: Inspectorate, login: str = FIRST) -> set[bytes]:
    return {line.case for line in retention.desk(office.ctx, office.officer(login)).over}


def remains(office: Inspectorate, case: bytes) -> list[str]:
    with office.ctx.store.read() as tx:
        return disposals.remains(tx, case)


def actions(office: Inspectorate, case: bytes | None = None) -> list[str]:
    with office.ctx.store.read() as tx:
        rows = audit.page(tx, 1000)
    return [row.action for row in reversed(rows) if row.action.startswith("disposal") and row.case == case]
