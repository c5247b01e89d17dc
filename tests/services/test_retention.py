"""Reports whose time is over: what may be put on a list, and how two officers sign one."""

from datetime import timedelta

import pytest

from tests.attaching import exhibits_of, opened, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate, act
from tests.retiring import (
    FIRST,
    SECOND,
    TWO_YEARS,
    actions,
    closed,
    end,
    over,
    password,
    past_the_wait,
    proposed,
    remains,
    signed,
    states,
)
from whistle.services import (
    casework,
    exhibits,
    followup,
    holding,
    housekeeping,
    purging,
    retention,
)
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import NotYours, Refusal
from whistle.store import attached, cases


def test_a_report_is_over_when_its_years_have_passed_since_it_was_closed(office: Inspectorate) -> None:
    # Given a report that ended without proof, one that was proven in part, and one that is open
    _, _, unproven = closed(office)
    _, _, proven = closed(office, "terbukti_sebagian")
    office.triaged()
    # Then none is over on the last day of two years, the first one is on the next, and the second after five
    office.clock.advance(timedelta(days=731))
    assert over(office) == set()
    office.clock.advance(timedelta(days=1))
    assert over(office) == {unproven} == over(office, SECOND)
    office.clock.advance(timedelta(days=3 * 366))
    assert over(office) == {unproven, proven}


def test_one_officer_alone_deletes_nothing(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    # Given the head of the inspectorate, who alone may sign as the second person, and therefore not as the first
    with pytest.raises(Refusal, match="list_no_second"):
        proposed(office, [case], SECOND)
    list_id = proposed(office, [case])
    with pytest.raises(Refusal, match="second_person"):
        retention.approve(office.ctx, office.officer(FIRST), list_id, password(office, FIRST))
    # Nor does somebody sign as the second who answers for no report
    with pytest.raises(Refusal, match="list_not_custodian"):
        retention.approve(office.ctx, office.officer("yusuf"), list_id, password(office, "yusuf"))
    past_the_wait(office)
    assert purging.purge(office.ctx) == purging.Purged(0, 0)
    assert remains(office, case) and states(office) == ["proposed"]


@pytest.mark.parametrize("step", ["propose", "approve"])
def test_nobody_signs_without_the_password(office: Inspectorate, step: str) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    list_id = proposed(office, [case]) if step == "approve" else b""
    with pytest.raises(WrongPassword):
        if step == "approve":
            retention.approve(office.ctx, office.officer(SECOND), list_id, "salah")
        else:
            retention.propose(office.ctx, office.officer(FIRST), [case], "salah")
    assert states(office) == (["proposed"] if step == "approve" else [])


def test_what_is_not_over_or_held_or_nobodys_or_listed_is_put_on_no_list(office: Inspectorate) -> None:
    _, _, old = closed(office)
    _, _, held = closed(office)
    _, _, listed = closed(office)
    _, _, proven = closed(office, "terbukti_sebagian")
    _, _, foreign = closed_elsewhere(office)
    _, _, freed = closed(office)
    for case in (held, freed):
        holding.hold(office.ctx, office.officer(FIRST), case, act(), "Diminta pengadilan.")
    with office.ctx.store.write() as tx:  # an administrator makes the hold in the clear look lifted
        cases.set_legal_hold(tx, freed, False)
    office.clock.advance(TWO_YEARS)
    assert over(office) == {old, listed, freed}
    with pytest.raises(Refusal, match="is_held"):
        proposed(office, [freed])
    proposed(office, [listed])
    refused = {"list_empty": [], "not_over": [old, proven], "is_held": [old, held], "list_taken": [listed]}
    for code, chosen in refused.items():
        with pytest.raises(Refusal, match=code):
            proposed(office, chosen)
    with pytest.raises(Refusal, match="list_long"):
        proposed(office, [act() for _ in range(101)])
    with pytest.raises(NotYours):
        proposed(office, [old, foreign])
    assert states(office) == ["proposed"] and over(office) == {old, freed}


def closed_elsewhere(office: Inspectorate) -> tuple[object, object, bytes]:
    """A report that accuses the head of the inspectorate: no officer of the inner tracks reads it."""
    return office.report(office="INSP", accused=["pimpinan_kantor"])


def test_a_list_can_be_withdrawn_before_and_stopped_after_its_second_signature(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    list_id = proposed(office, [case])
    retention.withdraw(office.ctx, office.officer(SECOND), list_id)
    assert states(office) == [] and over(office) == {case}
    list_id = signed(office, [case])
    retention.stop(office.ctx, office.officer(FIRST), list_id)
    past_the_wait(office)
    assert purging.purge(office.ctx) == purging.Purged(0, 0)
    assert remains(office, case) and states(office) == ["stopped"] and over(office) == {case}
    # And what is gone or done is neither withdrawn nor stopped
    with pytest.raises(Refusal, match="list_gone"):
        retention.withdraw(office.ctx, office.officer(FIRST), list_id)
    done = signed(office, [case])
    past_the_wait(office)
    purging.purge(office.ctx)
    with pytest.raises(Refusal, match="list_done"):
        retention.stop(office.ctx, office.officer(FIRST), done)
    with pytest.raises(Refusal, match="list_gone"):
        retention.stop(office.ctx, office.officer(FIRST), act())


def test_whoever_looks_before_signing_may_sign_all_the_same(office: Inspectorate) -> None:
    # Given a list, and the second person who opens its case for the first time and looks at its file
    case = with_files(office, picture("JPEG"))
    opened(office, case)
    end(office, case)
    office.clock.advance(TWO_YEARS)
    list_id = proposed(office, [case])
    casework.declare(office.ctx, office.officer(SECOND), case)
    exhibits.show(office.ctx, office.officer(SECOND), case, exhibits_of(office, case)[0].id)
    # When that person signs, then all of it goes
    retention.approve(office.ctx, office.officer(SECOND), list_id, password(office, SECOND))
    past_the_wait(office)
    housekeeping.tick(office.ctx)
    assert remains(office, case) == []
    with office.ctx.store.read() as tx:
        assert list(attached.everything(tx)) == []


def test_what_a_second_person_adds_to_the_files_needs_a_new_list(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"))
    end(office, case)
    office.clock.advance(TWO_YEARS)
    list_id = proposed(office, [case])
    casework.declare(office.ctx, office.officer(SECOND), case)
    opened(office, case, login=SECOND)
    with pytest.raises(Refusal, match="list_changed"):
        retention.approve(office.ctx, office.officer(SECOND), list_id, password(office, SECOND))


@pytest.mark.parametrize("what", ["message", "note"])
def test_what_happened_before_the_second_signature_needs_a_new_list(office: Inspectorate, what: str) -> None:
    _, keys, case = closed(office)
    office.clock.advance(TWO_YEARS)
    list_id = proposed(office, [case])
    if what == "message":
        followup.add(office.ctx, keys.root, act(), "Terjadi lagi.", None)
    else:
        casework.note(office.ctx, office.officer(FIRST), case, act(), "Diminta pengadilan.")
    with pytest.raises(Refusal, match="list_changed") as told:
        retention.approve(office.ctx, office.officer(SECOND), list_id, password(office, SECOND))
    assert len(told.value.values["registers"]) == 1
    assert states(office) == ["proposed"]


def test_each_case_bears_who_signed_in_the_audit_log(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    list_id = signed(office, [case])
    retention.stop(office.ctx, office.officer(FIRST), list_id)
    retention.withdraw(office.ctx, office.officer(FIRST), proposed(office, [case]))
    assert actions(office, case) == ["disposal-propose", "disposal-approve", "disposal-propose"]
    assert actions(office) == ["disposal-stop", "disposal-withdraw"]


def test_the_second_person_is_told_how_many_lists_wait_for_them(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    assert retention.waiting(office.ctx, office.officer(SECOND)) == 0
    list_id = proposed(office, [case])
    assert retention.waiting(office.ctx, office.officer(SECOND)) == 1
    assert [retention.waiting(office.ctx, office.officer(who)) for who in (FIRST, "sekda")] == [0, 0]
    shown, lines = retention.review(office.ctx, office.officer(SECOND), list_id)
    assert shown.may_sign and shown.files == 0 and [line.case for line in lines] == [case]
    assert lines[0].summary is not None and lines[0].until is not None and lines[0].until < office.clock.today()


@pytest.mark.parametrize("step", ["propose", "approve"])
def test_nobody_waits_for_the_store_of_files_while_a_list_is_signed(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    # Given a case with a file, and a store that is slow: meanwhile a report comes in
    case = with_files(office, picture("JPEG"))
    end(office, case)
    office.clock.advance(TWO_YEARS)
    list_id = proposed(office, [case]) if step == "approve" else b""
    read, sent = office.ctx.blobs.read, []

    def slowly(id_: bytes, start: int, stop: int) -> bytes:
        sent.append(office.report()[2])
        return read(id_, start, stop)

    monkeypatch.setattr(office.ctx.blobs, "read", slowly)
    # When an officer signs, then the report is taken while the file is read
    if step == "approve":
        retention.approve(office.ctx, office.officer(SECOND), list_id, password(office, SECOND))
    else:
        proposed(office, [case])
    assert sent and states(office) == ["signed" if step == "approve" else "proposed"]
