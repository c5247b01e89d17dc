"""Keys for colleagues: who is given which of the cases that were there before, and what is left of who left."""

import os
import signal
import time
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from tests.services import staff
from whistle.casefile import summaries
from whistle.casefile.reading import CaseBroken
from whistle.casefile.writing import When, append, new_epoch
from whistle.crypto.envelope import Chain
from whistle.services import casework, followup, handover, rewrapping, routing
from whistle.services.invitations import Person
from whistle.services.officer import Officer
from whistle.services.proposal import Choices
from whistle.services.refusals import NotYours, Refusal
from whistle.services.work import locked
from whistle.store import audit, cases, handing, jobs

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


# Who left


def test_who_left_is_left_out_of_new_keys_and_the_reporter_reads_on(office: Inspectorate) -> None:
    siti = staff.admitted(office)
    _, keys, case = office.triaged()
    office.report()
    tomorrow(office)
    staff.signed(office, Choices(remove=(siti,)))
    line = handover.lines(office.ctx, office.officer("rahma"))[0]
    assert (line.kind, line.name, line.most) == ("epoch", SITI.name, 2)
    assert work(office, "rahma", siti, "epoch").given == 2
    with office.ctx.store.read() as tx:
        epochs = {(row.chain, row.epoch) for row in cases.epochs(tx, case)}
        held = {(grant.chain, grant.epoch) for grant in cases.grants(tx, case, siti)}
    assert epochs - held == {(1, 1), (2, 1)}
    # Then the others and the reporter go on, and nothing is left to do
    tomorrow(office)
    casework.ask(office.ctx, office.officer("rahma"), case, act(), "Di loket berapa?")
    view = followup.open_with_root(office.ctx, keys.root)
    followup.add(office.ctx, keys.root, os.urandom(16), "Loket dua.", view.questions[0].id)
    assert casework.open_case(office.ctx, office.officer("rahma"), case).thread[-1].text == "Loket dua."
    assert opens(office, office.officer("yusuf"), case)
    assert handover.waiting(office.ctx, office.officer("rahma")) == 0


def test_page_after_page_none_is_passed_over(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "PAGE", 2)
    siti = staff.admitted(office)
    ids = [office.report()[2] for _ in range(5)]
    tomorrow(office)
    staff.signed(office, Choices(remove=(siti,)))
    assert work(office, "rahma", siti, "epoch").given == 5
    # Then somebody who comes now lacks all of them, whatever number their newest key has
    ids += [office.report()[2] for _ in range(2)]
    tomorrow(office)
    budi = staff.admitted(office, Person("budi", "Budi Santoso", "penelaah", "triase"))
    assert handover.lines(office.ctx, office.officer("rahma"))[0].most == 7
    assert work(office, "rahma", budi).given == 7
    assert all(opens(office, sign_in(office, "budi"), case) for case in ids[:1] + ids[-1:])


def test_two_who_left_are_left_out_at_once(office: Inspectorate) -> None:
    people = [staff.admitted(office, Person(f"baru{n}", f"Baru {n}", "penelaah", "triase")) for n in range(2)]
    _, _, case = office.triaged()
    tomorrow(office)
    for one in people:
        staff.signed(office, Choices(remove=(one,)))
    work(office, "rahma", people[0], "epoch")
    assert work(office, "rahma", people[1], "epoch").given == 0
    assert kinds(office, case).count("epoch") == 1


def test_who_comes_back_is_given_all_keys_again(office: Inspectorate) -> None:
    siti = staff.admitted(office)
    _, _, case = office.triaged()
    tomorrow(office)
    staff.signed(office, Choices(remove=(siti,)))
    work(office, "rahma", siti, "epoch")
    assert staff.admitted(office) == siti
    assert work(office, "rahma", siti).given == 1
    assert opens(office, sign_in(office, "siti"), case)


def test_who_was_left_out_on_purpose_stays_out(office: Inspectorate) -> None:
    # Given a case whose keys were changed without yusuf, who is in the manifest all the while
    _, _, case = office.triaged()
    yusuf, rahma = office.officer("yusuf"), office.officer("rahma")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        keep = [file.directory.current.by_id[id_] for id_ in file.readers() - {yusuf.id}]
        new_epoch(tx, file, rahma.author, keep, When(office.clock.today(), office.clock.now()))
        summaries.save(tx, file)
    tomorrow(office)
    staff.admitted(office)  # another manifest, which does not concern yusuf
    with pytest.raises(Refusal, match="nobody"):
        handover.step(office.ctx, office.officer("rahma"), "grant", yusuf.id)
    assert not opens(office, sign_in(office, "yusuf"), case)


# What is written straight into the database, and what a colleague may not


def test_a_row_in_the_officers_table_alone_is_given_nothing(office: Inspectorate) -> None:
    office.triaged()
    tomorrow(office)
    made = staff.made(office)  # keys are there, no signature
    assert handover.lines(office.ctx, office.officer("rahma")) == []
    for who in (made, office.officer("admin").id, os.urandom(16)):
        for kind in ("grant", "epoch"):
            with pytest.raises(Refusal, match="nobody"):
                handover.step(office.ctx, office.officer("rahma"), kind, who)  # type: ignore[arg-type]


def test_forged_marks_of_work_give_nothing_and_hide_nothing_for_good(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    tomorrow(office)
    siti, admin_id = staff.admitted(office), office.officer("admin").id
    handover.step(office.ctx, office.officer("rahma"), "grant", siti, seconds=0)
    with database(office) as admin:
        admin.execute("DELETE FROM \"grant\" WHERE reader = :siti", {"siti": siti})
        forged = "UPDATE work SET about = :admin, kind = 'epoch', state = 'done', done = 9999"
        admin.execute(forged, {"admin": admin_id})
    line = handover.lines(office.ctx, office.officer("rahma"))[0]
    assert (line.name, line.kind, line.percent) == (SITI.name, "grant", 100)
    line = handover.step(office.ctx, office.officer("rahma"), "grant", siti, again=True)
    assert line.given == 1
    with office.ctx.store.read() as tx:
        assert not cases.grants(tx, case, admin_id)


def test_marks_of_grants_as_stale_reach_only_the_signed_keys(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    tomorrow(office)
    yusuf = staff.admitted(office, Person("yusuf", "Yusuf Maulana", "penelaah", "triase"))
    office._signed_in.pop("yusuf", None)
    with database(office) as admin:
        admin.execute("UPDATE officer SET hpke_public = :other WHERE id = :id", {"other": bytes(1216), "id": yusuf})
    work(office, "rahma", yusuf)
    with database(office) as admin:
        keys = staff.directory(office).current.by_id[yusuf].hpke
        admin.execute("UPDATE officer SET hpke_public = :right WHERE id = :id", {"right": keys, "id": yusuf})
    assert opens(office, sign_in(office, "yusuf"), case)


@pytest.mark.parametrize("kind", ["regranted", "route"])
def test_an_entry_that_names_whom_no_manifest_names_for_the_track_is_refused(office: Inspectorate, kind: str) -> None:
    # Given a colleague with the keys who writes, past all rules, that the administrator reads the case
    _, _, case = office.triaged()
    rahma, admin = office.officer("rahma"), office.officer("admin")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, rahma, case)
        data = {"readers": [admin.id.hex()], "manifest": 1, "unit": "irban-1", "text": ""}
        append(tx, file, Chain.FILE, rahma.author, kind, data, When(office.clock.today(), office.clock.now()))
    with office.ctx.store.write() as tx, pytest.raises(CaseBroken, match="no manifest names"):
        locked(office.ctx, tx, rahma, case)


def test_a_job_is_one_officers_and_known_by_what_it_is_about(office: Inspectorate) -> None:
    office.triaged()
    tomorrow(office)
    siti = staff.admitted(office)
    for login in ("rahma", "yusuf"):
        work(office, login, siti)
    with office.ctx.store.read() as tx:
        assert {row.officer for row in jobs.every(tx)} == {office.officer("rahma").id, office.officer("yusuf").id}
