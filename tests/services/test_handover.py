"""Keys for colleagues: who is given which of the cases that were there before."""

import os
import signal
import time

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from tests.services import staff
from tests.services.keys_at_work import KHUSUS, SITI, kinds, opens, sign_in, tomorrow, work
from whistle.casefile import summaries
from whistle.services import casework, followup, handover, rewrapping, routing
from whistle.services.invitations import Person
from whistle.store import audit, cases, handing


def test_a_newcomer_is_given_what_is_meant_for_them_and_nothing_else(office: Inspectorate) -> None:
    # Given a case that nobody opened, one at work, one about the inspectorate, one about its head
    _, _, fresh = office.report()
    _, _, worked = office.triaged()
    _, _, inside = office.report(office="INSP")
    _, _, above = office.report(accused=("inspektur",))
    tomorrow(office)
    siti = staff.admitted(office)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 1
    line = handover.lines(office.ctx, office.officer("rahma"))[0]
    assert (line.kind, line.name, line.state, line.most) == ("grant", SITI.name, "new", 2)
    # When a colleague of triage, the head and an outside reader each work it off
    assert work(office, "rahma", siti).given == 2
    assert (work(office, "inspektur", siti).given, work(office, "prov1", siti).given) == (0, 0)
    # Then the newcomer opens the two, reads on, and finds no other
    officer = sign_in(office, "siti")
    assert [opens(office, officer, case) for case in (fresh, worked, inside, above)] == [True, True, False, False]
    assert casework.open_case(office.ctx, officer, worked).summary.title == "Uang untuk KTP"
    assert handover.waiting(office.ctx, office.officer("rahma")) == 0


def test_the_verified_file_decides_also_where_no_summary_does(office: Inspectorate) -> None:
    # Given summaries that somebody with every right on the database spoilt
    _, _, ordinary = office.report()
    _, _, inside = office.report(office="INSP")
    with database(office) as admin:
        admin.execute("UPDATE summary SET sealed = :junk", {"junk": bytes(2048)})
    tomorrow(office)
    siti = staff.admitted(office)
    # Then each case is opened, and only what is for the newcomer is given
    line = work(office, "inspektur", siti)
    assert (line.done, line.given) == (2, 1)
    officer = sign_in(office, "siti")
    assert [opens(office, officer, case) for case in (ordinary, inside)] == [True, False]


def test_an_unopened_file_is_opened_for_all_readers_of_its_track(office: Inspectorate) -> None:
    _, _, case = office.report()
    tomorrow(office)
    work(office, "rahma", staff.admitted(office))
    assert kinds(office, case) == ["opened"]
    # Then nobody declared anything by it, and every reader opens it as before
    assert not casework.open_case(office.ctx, office.officer("rahma"), case).declared
    for login in ("yusuf", "inspektur", "siti"):
        assert opens(office, sign_in(office, login), case), login


def test_a_newcomer_of_a_unit_is_given_the_cases_that_lie_with_it_now(office: Inspectorate) -> None:
    _, _, theirs = office.triaged()
    _, _, moved_on = office.triaged()
    _, _, never = office.triaged()
    rahma = office.officer("rahma")
    routing.route(office.ctx, rahma, theirs, act(), "irban-khusus", "Pungli.")
    routing.route(office.ctx, rahma, moved_on, act(), "irban-khusus", "Pungli.")
    routing.route(office.ctx, rahma, moved_on, act(), "irban-1", "Wilayah I.")
    tomorrow(office)
    budi = staff.admitted(office, KHUSUS)
    assert work(office, "gunawan", budi).given == 1
    assert work(office, "rahma", budi).given == 0
    officer = sign_in(office, "budi")
    assert [opens(office, officer, case) for case in (theirs, moved_on, never)] == [True, False, False]


def test_cases_of_today_and_those_whose_reporter_wrote_today_wait(office: Inspectorate) -> None:
    _, keys, answered = office.triaged()
    office.triaged()
    tomorrow(office)
    siti = staff.admitted(office)
    followup.add(office.ctx, keys.root, os.urandom(16), "Masih ada lagi.", None)
    line = work(office, "rahma", siti)
    assert (line.state, line.given, line.later) == ("tomorrow", 1, 1)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 0
    # Then the next day they are given
    tomorrow(office)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 1
    assert handover.lines(office.ctx, office.officer("rahma"))[0].most == 1
    line = work(office, "rahma", siti)
    assert (line.state, line.given) == ("done", 1)
    assert opens(office, sign_in(office, "siti"), answered)


def test_a_report_of_the_day_on_which_the_newcomer_was_admitted_is_not_forgotten(office: Inspectorate) -> None:
    _, _, early = office.report()
    siti = staff.admitted(office)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 0
    tomorrow(office)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 1
    assert work(office, "rahma", siti).given == 1
    assert opens(office, sign_in(office, "siti"), early)


def test_it_can_be_left_and_taken_up_by_another_colleague(office: Inspectorate) -> None:
    ids = [office.triaged()[2] for _ in range(4)]
    tomorrow(office)
    siti = staff.admitted(office)
    line = handover.step(office.ctx, office.officer("rahma"), "grant", siti, seconds=0)
    assert (line.state, line.done, line.most, line.percent) == ("open", 1, 4, 25)
    assert work(office, "yusuf", siti).given == 3
    line = work(office, "rahma", siti)
    assert (line.state, line.given, line.percent) == ("done", 1, 100)
    assert [kinds(office, case).count("regranted") for case in ids] == [1] * 4


def test_doing_it_again_from_the_beginning_changes_nothing(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    tomorrow(office)
    siti = staff.admitted(office)
    work(office, "rahma", siti)
    before = kinds(office, case)
    line = handover.step(office.ctx, office.officer("rahma"), "grant", siti, again=True)
    assert (line.state, line.given, kinds(office, case)) == ("done", 0, before)


def test_a_fault_in_the_middle_of_a_case_leaves_it_as_it_was(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, case = office.triaged()
    tomorrow(office)
    siti = staff.admitted(office)
    before = kinds(office, case)
    with monkeypatch.context() as patch:
        patch.setattr(summaries, "save", lambda *args: (_ for _ in ()).throw(RuntimeError("pulled out")))
        with pytest.raises(RuntimeError):
            handover.step(office.ctx, office.officer("rahma"), "grant", siti)
    assert kinds(office, case) == before
    with office.ctx.store.read() as tx:
        assert not cases.grants(tx, case, siti)
    assert work(office, "rahma", siti).given == 1


def test_a_killed_process_loses_nothing_and_doubles_nothing(office: Inspectorate) -> None:
    ids = [office.triaged()[2] for _ in range(12)]
    tomorrow(office)
    siti = staff.admitted(office)
    office.officer("rahma")
    for pause in (0.02, 0.05):
        child = os.fork()
        if child == 0:
            try:
                handover.step(office.ctx, office.officer("rahma"), "grant", siti, seconds=60)
            finally:
                os._exit(0)
        time.sleep(pause)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert work(office, "yusuf", siti).state == "done"
    officer = sign_in(office, "siti")
    assert [kinds(office, case).count("regranted") for case in ids] == [1] * 12
    assert all(opens(office, officer, case) for case in ids)


def test_a_case_that_does_not_open_is_counted_and_stops_nothing(office: Inspectorate) -> None:
    ids = [office.triaged()[2] for _ in range(3)]
    with database(office) as admin:
        admin.execute("UPDATE entry SET sealed = :junk WHERE \"case\" = :case", {"junk": bytes(4124), "case": ids[1]})
    tomorrow(office)
    line = work(office, "rahma", staff.admitted(office))
    assert (line.state, line.given, line.broken) == ("done", 2, 1)


def test_each_case_is_in_the_audit_log_with_whom_it_was_given_to(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    tomorrow(office)
    siti = staff.admitted(office)
    work(office, "rahma", siti)
    with office.ctx.store.read() as tx:
        row = audit.page(tx, 1)[0]
    assert (row.action, row.case, row.detail, bool(row.signature)) == ("regrant", case, siti.hex(), True)
    assert row.entry is not None


# New keys for somebody who was there before


def test_new_keys_are_sealed_to_without_a_new_entry(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    office.officer("yusuf")  # his grants are under the vault of before
    tomorrow(office)
    yusuf = staff.admitted(office, Person("yusuf", "Yusuf Maulana", "penelaah", "triase"))
    office._signed_in.pop("yusuf", None)
    before = kinds(office, case)
    assert not opens(office, sign_in(office, "yusuf"), case)
    # When a colleague seals his cases to the new keys
    assert handover.lines(office.ctx, office.officer("rahma"))[0].most == 1
    assert work(office, "rahma", yusuf).given == 1
    assert kinds(office, case) == before
    # Then he opens them, and with the next list they are under the new vault
    assert opens(office, office.officer("yusuf"), case)
    rewrapping.rewrap(office.ctx, sign_in(office, "yusuf"))
    with office.ctx.store.read() as tx:
        assert {grant.form for grant in cases.grants(tx, case, yusuf) if grant.chain != 3} == {"vault"}
        assert handing.count_stale(tx, yusuf) == 0


def test_the_new_head_holds_the_identity_records_of_before(office: Inspectorate) -> None:
    _, _, case = office.report()
    tomorrow(office)
    head = staff.admitted(office, Person("kepala", "Ir. Noor Aida", "pimpinan", "pimpinan"))
    work(office, "rahma", head)
    with office.ctx.store.read() as tx:
        assert 3 not in {grant.chain for grant in cases.grants(tx, case, head)}
    # When who holds them gives them on
    handover.step(office.ctx, office.officer("inspektur"), "grant", head)
    with office.ctx.store.read() as tx:
        held = {grant.chain for grant in cases.grants(tx, case, head)}
    assert held == {1, 2, 3}
