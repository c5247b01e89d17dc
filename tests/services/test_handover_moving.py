"""Keys for colleagues: whoever was moved to another unit reads on what is theirs, and nothing new of what is not."""

from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from tests.services import staff
from tests.services.keys_at_work import KHUSUS, SITI, kinds, opens, sign_in, tomorrow, work
from tests.services.moving import move
from tests.services.verify.checking import codes
from whistle.casefile.manifest import Acting
from whistle.services import casework, handover, listing, recovery, routing
from whistle.services.invitations import Person
from whistle.services.proposal import Choices
from whistle.services.refusals import NotYours
from whistle.services.work import locked
from whistle.store import audit, cases

YUSUF = Person("yusuf", "Yusuf Maulana", "irban", "irban-khusus")


def readers(office: Inspectorate, case: bytes, by: str = "inspektur") -> set[str]:
    """The logins of the readers of a case."""
    officer = office.officer(by)
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, officer, case)
        return {file.directory.officers[id_].login for id_ in file.readers()}


def routed(office: Inspectorate, *units: str) -> bytes:
    """A case that rahma triaged and sent to one unit after the other."""
    _, _, case = office.triaged()
    for unit in units:
        routing.route(office.ctx, office.officer("rahma"), case, act(), unit, "Untuk diperiksa.")
    return case


def listed(office: Inspectorate, login: str) -> dict[bytes, bool]:
    """The officer's list: case -> broken. Read as a whole, and in pages."""
    officer = office.officer(login)
    rows = {row.id: row.broken for row in listing.all_rows(office.ctx, officer)}
    page = listing.cases_for(office.ctx, officer, listing.Query())
    assert {row.id: row.broken for row in page.rows} == rows
    assert page.total == len(rows)
    return rows


def acting(office: Inspectorate, login: str, first: int, last: int) -> Acting:
    """As Plh of the head, from and to so many days from today."""
    today = office.clock.today()
    days = (today + timedelta(days=first), today + timedelta(days=last))
    return Acting(staff.id_of(office, login), "pimpinan", "plh", *days, "800/12/BKD/2026")


def test_who_was_moved_is_left_out_of_what_is_not_theirs_and_keeps_what_is(office: Inspectorate) -> None:
    # Given a case that stayed with triage and one that was sent on, and yusuf, whom the same signature moves there
    stayed, sent = routed(office), routed(office, "irban-khusus")
    tomorrow(office)
    yusuf = staff.admitted(office, YUSUF)
    line = next(line for line in handover.lines(office.ctx, office.officer("rahma")) if line.kind == "epoch")
    assert (line.name, line.moved, line.state, line.most) == (YUSUF.name, True, "new", 2)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 2
    # When a colleague's session works off what it finds
    assert work(office, "rahma", yusuf, "epoch").given == 1
    assert work(office, "rahma", yusuf).given == 1
    # Then both cases have the readers that are due, and his list holds the one that is his
    assert readers(office, stayed) == {"rahma", "inspektur"}
    assert readers(office, sent) == {"rahma", "inspektur", "yusuf", "gunawan"}
    assert kinds(office, sent).count("epoch") == 0
    yusufs = sign_in(office, "yusuf")
    assert opens(office, yusufs, sent)
    assert listed(office, "yusuf") == {sent: False}
    with pytest.raises(NotYours):
        casework.open_case(office.ctx, yusufs, stayed)
    assert handover.missing(office.ctx, yusufs) == 0
    assert handover.waiting(office.ctx, office.officer("rahma")) == 0
    # And nothing of it is a fault, with whosever keys it is looked at
    assert codes(office) | codes(office, "rahma") | codes(office, "yusuf") == set()


def test_until_the_keys_are_changed_who_was_moved_reads_and_afterwards_no_more(office: Inspectorate) -> None:
    case = routed(office)
    tomorrow(office)
    move(office, {"yusuf": "irban-1"})
    yusuf = office.officer("yusuf")
    assert opens(office, yusuf, case)
    assert listed(office, "yusuf") == {case: False}
    # When the keys are changed while his session stands
    work(office, "rahma", yusuf.id, "epoch")
    # Then the very same session finds the case gone, in the list that it holds as well
    assert listed(office, "yusuf") == {}
    with pytest.raises(NotYours):
        casework.note(office.ctx, yusuf, case, act(), "Masih saya.")
    assert codes(office, "yusuf") | codes(office, "rahma") == set()


def test_a_case_whose_entries_were_damaged_is_broken_for_its_readers_and_not_theirs_for_who_was_moved(
    office: Inspectorate,
) -> None:
    case = routed(office)
    tomorrow(office)
    move(office, {"yusuf": "irban-1"})
    work(office, "rahma", staff.id_of(office, "yusuf"), "epoch")
    with database(office) as admin:
        for table, size in (("entry", 4124), ("summary", 2048)):
            damage = f'UPDATE {table} SET sealed = :junk WHERE "case" = :case'
            admin.execute(damage, {"junk": bytes(size), "case": case})
    assert listed(office, "yusuf") == {}
    assert {row.id: row.broken for row in listing.all_rows(office.ctx, office.officer("rahma"))} == {case: True}


def test_a_unit_that_sent_the_case_on_keeps_its_keys(office: Inspectorate) -> None:
    # Given a case that went on from Irban Khusus, which gunawan did not leave
    case = routed(office, "irban-khusus", "irban-1")
    tomorrow(office)
    move(office, {"yusuf": "irban-2"})
    work(office, "rahma", staff.id_of(office, "yusuf"), "epoch")
    assert readers(office, case) == {"rahma", "inspektur", "gunawan", "hendra"}
    assert opens(office, office.officer("gunawan"), case)


def test_somebody_is_always_left_who_reads(office: Inspectorate) -> None:
    # Given that all of triage are others now, and nobody gave them any key yet
    case = routed(office)
    tomorrow(office)
    siti = staff.admitted(office)
    move(office, {"yusuf": "irban-1", "rahma": "irban-2"})
    # When the last who has the keys is one of those who were moved
    assert work(office, "rahma", staff.id_of(office, "yusuf"), "epoch").given == 1
    # Then who is due was given all keys before the others were left out, and each is accounted for
    assert readers(office, case) == {"siti", "inspektur"}
    assert opens(office, sign_in(office, "siti"), case)
    assert not opens(office, office.officer("rahma"), case)
    with office.ctx.store.read() as tx:
        rows = [row for row in audit.following(tx, 0, 10_000) if row.case == case and row.action == "regrant"]
    assert [row.detail for row in rows] == [siti.hex()]


def test_who_comes_back_to_the_same_unit_loses_nothing(office: Inspectorate) -> None:
    case, siti = routed(office), staff.admitted(office)
    tomorrow(office)
    work(office, "rahma", siti)
    staff.signed(office, Choices(remove=(siti,)))
    assert staff.admitted(office) == siti
    assert [line.kind for line in handover.lines(office.ctx, office.officer("rahma"))] == ["grant"]
    # Nor does who was elsewhere in between
    move(office, {"yusuf": "irban-1"})
    move(office, {"yusuf": "triase"})
    assert work(office, "rahma", staff.id_of(office, "yusuf"), "epoch").given == 0
    assert readers(office, case) == {"rahma", "yusuf", "inspektur", "siti"}


def test_who_left_and_was_admitted_to_another_unit_before_the_keys_were_changed_is_found(office: Inspectorate) -> None:
    case = routed(office)
    siti = staff.admitted(office)
    tomorrow(office)
    work(office, "rahma", siti)
    staff.signed(office, Choices(remove=(siti,)))
    assert staff.admitted(office, Person(SITI.login, SITI.name, "irban", "irban-1")) == siti
    assert work(office, "rahma", siti, "epoch").given == 1
    assert readers(office, case) == {"rahma", "yusuf", "inspektur"}


def test_whose_days_as_acting_head_are_over_goes_with_the_next_change_of_keys(office: Inspectorate) -> None:
    # Given gunawan, who acted for the head yesterday and will again, by one and the same manifest
    staff.signed(office, Choices(act=(acting(office, "gunawan", 0, 0), acting(office, "gunawan", 5, 6))))
    case = routed(office)
    assert readers(office, case) == {"rahma", "yusuf", "inspektur", "gunawan"}
    tomorrow(office)
    # Then the end of his days asks for nothing by itself
    assert handover.lines(office.ctx, office.officer("rahma")) == []
    assert readers(office, case) == {"rahma", "yusuf", "inspektur", "gunawan"}
    # When the keys are changed for another reason
    move(office, {"yusuf": "irban-1"})
    work(office, "rahma", staff.id_of(office, "yusuf"), "epoch")
    assert readers(office, case) == {"rahma", "inspektur"}
    # Then he is given them again when his days come
    office.clock.advance(timedelta(days=4))
    office._signed_in.clear()
    assert work(office, "rahma", staff.id_of(office, "gunawan")).given == 1
    assert opens(office, office.officer("gunawan"), case)


def test_recovery_leaves_out_who_was_moved(office: Inspectorate) -> None:
    stayed, sent = routed(office), routed(office, "irban-1")
    tomorrow(office)
    move(office, {"yusuf": "irban-1"})
    key = recovery.unlock(office.ctx, "inner", office.recovery["inner"])
    assert list(recovery.run(office.ctx, key))[-1].epochs == 1
    assert readers(office, stayed) == {"rahma", "inspektur"}
    assert readers(office, sent) == {"rahma", "inspektur", "yusuf", "hendra"}
    assert codes(office, "rahma") | codes(office, "yusuf") == set()


def test_a_newcomer_to_a_unit_is_given_no_case_that_was_sent_on_from_it(office: Inspectorate) -> None:
    case = routed(office, "irban-khusus", "irban-1")
    tomorrow(office)
    budi = staff.admitted(office, KHUSUS)
    move(office, {"yusuf": "irban-2"})
    work(office, "rahma", staff.id_of(office, "yusuf"), "epoch")
    with office.ctx.store.read() as tx:
        assert cases.grants(tx, case, budi) == []
