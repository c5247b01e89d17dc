"""The audit log edited, cut, forged: the page shows it, verify names the row, and a printed head convicts."""

from collections.abc import Callable, Iterable
from dataclasses import astuple, fields, replace

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from tests.services.verify.checking import codes, faults
from whistle.services import audit_log, casework
from whistle.services.audit_check import hash_of
from whistle.services.audit_point import Head as Printed
from whistle.services.verify import Head
from whistle.store import audit
from whistle.store.rows import AuditRow

Named = Callable[..., None]


def rows(office: Inspectorate) -> list[AuditRow]:
    with office.ctx.store.read() as tx:
        return audit.following(tx, 0, 10_000)


def written_anew(office: Inspectorate, changed: Iterable[AuditRow]) -> None:
    """The log in the database is these rows from now on, as they are."""
    names = [field.name for field in fields(AuditRow)]
    columns, values = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    with database(office) as db:
        db.execute("DELETE FROM audit")
        for row in changed:
            db.execute(f"INSERT INTO audit ({columns}) VALUES ({values})", dict(zip(names, astuple(row), strict=True)))


def linked(log: list[AuditRow]) -> list[AuditRow]:
    """The rows with every number, link and hash computed anew, as anybody can."""
    done: list[AuditRow] = []
    for row in log:
        previous = done[-1].hash if done else bytes(32)
        fresh = replace(row, seq=len(done) + 1, prev=previous)
        done.append(replace(fresh, hash=hash_of(fresh)))
    return done


def shown(office: Inspectorate) -> dict[int, tuple[str, ...]]:
    """The rows that the auditor's page marks, with what it says of each."""
    page = audit_log.audit_page(office.ctx, office.officer("auditor"))
    return {line.seq: line.faults for line in page.lines if line.faults}


def test_a_row_edited_with_all_later_hashes_computed_anew(office: Inspectorate, named: Named) -> None:
    office.triaged()
    office.officer("auditor")
    log = rows(office)
    at = next(index for index, row in enumerate(log) if row.action == "declare")
    log[at] = replace(log[at], action="look")
    written_anew(office, linked(log))
    assert "audit-signature" in shown(office)[at + 1]
    named("audit-signature", f"seq {at + 1}")
    # Every later signature is over the hash of the row before, so none of them fits any more.
    named("audit-signature", f"seq {at + 2}")


def test_who_acted_exchanged(office: Inspectorate, named: Named) -> None:
    office.triaged()
    yusuf = office.officer("yusuf")
    office.officer("auditor")
    log = rows(office)
    at = next(index for index, row in enumerate(log) if row.action == "declare")
    log[at] = replace(log[at], officer=yusuf.id)
    written_anew(office, linked(log))
    assert "audit-signature" in shown(office)[at + 1]
    named("audit-signature", f"seq {at + 1}")


def test_a_row_taken_out_of_the_middle(office: Inspectorate, named: Named) -> None:
    office.triaged()
    office.officer("auditor")
    with database(office) as db:
        db.execute("DELETE FROM audit WHERE seq = 3")
    assert shown(office)[4] == ("audit-gap",)
    named("audit-gap", "seq 4")


def test_a_signature_removed(office: Inspectorate, named: Named) -> None:
    office.triaged()
    office.officer("auditor")
    log = rows(office)
    at = next(index for index, row in enumerate(log) if row.action == "declare")
    log[at] = replace(log[at], signature=b"")
    written_anew(office, linked(log))
    assert "audit-unsigned" in shown(office)[at + 1]
    named("audit-unsigned", f"seq {at + 1}")


def test_a_row_forged_at_the_end(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    office.officer("auditor")
    log = rows(office)
    forged = replace(log[-1], action="look", case=case, officer=office.officer("yusuf").id, signature=bytes(64))
    log = rows(office)
    written_anew(office, linked([*log, forged]))
    assert "audit-signature" in shown(office)[len(log) + 1]
    named("audit-signature", f"seq {len(log) + 1}")


def test_the_end_cut_off(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    office.officer("auditor")
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Catatan.")
    last = rows(office)[-1]
    with database(office) as db:
        db.execute("DELETE FROM audit WHERE seq = :seq", {"seq": last.seq})
    # A printed head knows of the row that is gone; the case's own signed entry does too.
    assert "audit-shortened" in codes(office, None, Head(last.seq, last.hash))
    named("entry-unrecorded", case.hex(), "file 3", login="rahma")


def test_the_end_cut_off_and_the_log_gone_on(office: Inspectorate) -> None:
    office.triaged()
    auditor = office.officer("auditor")
    head = audit_log.printed_head(office.ctx, auditor)
    with database(office) as db:
        db.execute("DELETE FROM audit WHERE seq >= :seq", {"seq": head.seq - 1})
    for _ in range(4):
        audit_log.audit_page(office.ctx, auditor)
    found = audit_log.compare(office.ctx, auditor, Printed(head.seq, head.hash))
    assert found.verdict == "other"
    named_rows = [f.row for f in faults(office, None, Head(head.seq, head.hash)) if f.code == "audit-head-differs"]
    assert named_rows == [f"seq {head.seq}"]


def test_the_end_cut_off_behind_the_point_that_was_checked(office: Inspectorate) -> None:
    office.triaged()
    auditor = office.officer("auditor")
    standing = audit_log.check_on(office.ctx, auditor)
    assert standing.whole is not None and standing.moved is None
    with database(office) as db:
        db.execute("DELETE FROM audit WHERE seq >= :seq", {"seq": standing.whole.head.seq})
    page = audit_log.audit_page(office.ctx, auditor)
    assert page.standing.moved in ("audit-shortened", "audit-head-differs")


@pytest.mark.parametrize("cut", [0, 3])
def test_an_empty_or_short_log_ends_in_a_report(office: Inspectorate, cut: int) -> None:
    _, _, case = office.triaged()
    rahma = office.officer("rahma")
    with database(office) as db:
        db.execute("DELETE FROM audit WHERE seq > :cut", {"cut": cut})
    assert [f.row for f in faults(office, "rahma") if f.code == "entry-unrecorded"]
    assert rahma.login == "rahma" and case
