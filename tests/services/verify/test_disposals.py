"""What was deleted, in `verify`: as two signed and all of it, or it is named."""

from datetime import date, timedelta

import pytest

from tests.attaching import UNKNOWN, with_files
from tests.inspectorate import Inspectorate, act
from tests.retiring import FIRST, SECOND, TWO_YEARS, closed, end, past_the_wait, proposed, signed
from tests.security.administrator import database
from tests.services.verify import checking
from whistle.casefile.disposal import Disposal, Doomed, sign_approved, sign_proposed
from whistle.casefile.links import Ends, ends
from whistle.services import holding, housekeeping, purging, retention
from whistle.services.recording import record_unsigned
from whistle.services.verify import Fault
from whistle.store import cases, disposals
from whistle.store.rows import DisposalRow

KEYS = (None, FIRST, SECOND)
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # test_purging deletes on both databases


@pytest.fixture
def listed(office: Inspectorate) -> tuple[bytes, list[bytes]]:
    """A list that two signed, of two cases, one of which has a file; it is due today and not carried out."""
    case = with_files(office, UNKNOWN)
    end(office, case)
    _, _, other = closed(office)
    closed(office)
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    list_id = signed(office, [case, other])
    past_the_wait(office)
    return list_id, sorted([case, other])


Listed = tuple[bytes, list[bytes]]


def faults(office: Inspectorate, login: str | None = None) -> list[Fault]:
    """What `verify` names, but that the manifest of two years ago has expired."""
    return [fault for fault in checking.faults(office, login) if fault.code != "manifest-expired"]


def codes(office: Inspectorate) -> set[str]:
    return {fault.code for fault in faults(office)}


@pytest.mark.parametrize("login", KEYS)
def test_what_two_signed_and_the_night_deleted_is_no_fault(
    office: Inspectorate, listed: Listed, login: str | None
) -> None:
    assert faults(office, login) == []
    housekeeping.tick(office.ctx)
    assert faults(office, login) == []
    found = checking.findings(office, login)
    assert found.checked["cases deleted as two officers signed"] == 2
    office.clock.advance(timedelta(days=40))
    housekeeping.tick(office.ctx)
    assert faults(office, login) == []


def test_lists_that_wait_were_stopped_or_withdrawn_are_no_fault(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    retention.withdraw(office.ctx, office.officer(FIRST), proposed(office, [case]))
    retention.stop(office.ctx, office.officer(FIRST), signed(office, [case]))
    proposed(office, [case])
    office.clock.advance(timedelta(days=30))
    assert faults(office) == []


def test_a_list_that_no_night_carried_out_is_named_after_three_days(office: Inspectorate, listed: Listed) -> None:
    office.clock.advance(timedelta(days=3))
    assert faults(office) == []
    office.clock.advance(timedelta(days=1))
    (fault,) = faults(office)
    assert (fault.code, fault.row) == ("disposal-waiting", listed[0].hex()) and "does not hold" not in fault.found
    with office.ctx.store.write() as tx:
        cases.set_legal_hold(tx, listed[1][0], True)
    fault = next(fault for fault in faults(office) if fault.code == "disposal-waiting")
    assert fault.found.endswith("does not hold: held")


def test_a_case_that_was_removed_without_a_list_is_named_whatever_tombstone_it_got(
    office: Inspectorate, listed: Listed
) -> None:
    # Given an administrator who lays a tombstone, and takes everything away that a deletion does
    _, _, alone = closed(office)
    housekeeping.tick(office.ctx)
    with office.ctx.store.write() as tx:
        disposals.bury(tx, alone, listed[0], office.clock.today())
    assert {"tombstone-unsigned", "thread-empty"} <= codes(office)
    # Then the case alone is named, and not those that two signed
    named = [fault.row for fault in faults(office) if fault.code == "tombstone-unsigned"]
    assert named == [alone.hex()]


def test_half_a_list_is_named(office: Inspectorate, listed: Listed) -> None:
    list_id, (first, _) = listed
    with office.ctx.store.write() as tx:
        disposals.bury(tx, first, list_id, office.clock.today())
    partly = [fault.found for fault in faults(office) if fault.code == "disposal-partly"]
    assert partly == ["1 of its 2 cases were deleted"]


def test_a_list_that_was_carried_out_though_it_was_stopped_is_named(office: Inspectorate, listed: Listed) -> None:
    list_id, doomed = listed
    retention.stop(office.ctx, office.officer(FIRST), list_id)
    with office.ctx.store.write() as tx:
        for case in doomed:
            disposals.bury(tx, case, list_id, office.clock.today())
    assert codes(office) == {"disposal-partly", "disposal-overtaken", "disposal-unrecorded"}


@pytest.mark.parametrize("part", ["proposed", "approved", "body"])
def test_a_list_whose_signatures_do_not_hold_is_named_and_never_carried_out(
    office: Inspectorate, listed: Listed, part: str
) -> None:
    with database(office) as run:
        run.execute(f"UPDATE disposal SET {part} = approver")  # noqa: S608
    (fault,) = faults(office)
    assert (fault.code, fault.row) == ("disposal-forged", listed[0].hex())
    assert purging.purge(office.ctx) == purging.Purged(0, 1)
    with office.ctx.store.read() as tx:
        assert all(disposals.remains(tx, case) for case in listed[1])
    # And where it was carried out before, its cases are no longer gone by two signatures
    with office.ctx.store.write() as tx:
        disposals.bury(tx, listed[1][0], listed[0], office.clock.today())
    assert {"disposal-forged", "tombstone-unsigned", "thread-empty"} <= codes(office)


def test_what_is_there_again_of_a_deleted_case_is_named(office: Inspectorate, listed: Listed) -> None:
    _, (first, _) = listed
    with office.ctx.store.read() as tx:
        grants, epochs = cases.grants(tx, first), cases.epochs(tx, first)
    purging.purge(office.ctx)
    with office.ctx.store.write() as tx:
        cases.insert_epoch(tx, epochs[0])
        cases.insert_grants(tx, grants[:1])
    (fault,) = faults(office)
    assert (fault.code, fault.row) == ("disposal-remains", first.hex()) and "epochs, grants" in fault.found


def test_a_file_that_was_to_go_and_is_there_is_named_after_three_days(office: Inspectorate, listed: Listed) -> None:
    purging.purge(office.ctx)
    assert faults(office) == []
    office.clock.advance(timedelta(days=4))
    (fault,) = faults(office)
    assert fault.code == "disposal-remains" and fault.table == "blob"
    assert purging.purge_files(office.ctx) == 1
    assert faults(office) == []


def test_a_file_with_a_tombstone_that_nobody_signed_is_named(office: Inspectorate, listed: Listed) -> None:
    with office.ctx.store.write() as tx:
        disposals.bury_files(tx, [bytes(16)], listed[0])
    (fault,) = faults(office)
    assert (fault.code, fault.row) == ("tombstone-unsigned", bytes(16).hex())


@pytest.mark.parametrize("gone", ["the case's own row", "the list"])
def test_a_tombstone_does_not_hide_that_the_case_itself_or_the_list_was_removed(
    office: Inspectorate, listed: Listed, gone: str
) -> None:
    housekeeping.tick(office.ctx)
    removed = {
        "the case's own row": 'DELETE FROM "case" WHERE id IN (SELECT "case" FROM tombstone)',
        "the list": "DELETE FROM disposal",
    }
    with database(office) as run:
        run.execute(removed[gone])
    named = codes(office)
    assert named & {"leaves-differ", "row-orphaned", "tombstone-unsigned"}
    assert ("leaves-differ" in named) == (gone == "the case's own row")


def carried_out_by_hand(office: Inspectorate, listed: Listed, day: date | None = None) -> None:
    """By somebody with every right on the database, as the night's work does it."""
    list_id, doomed = listed
    with office.ctx.store.write() as tx:
        for case in doomed:
            disposals.bury(tx, case, list_id, day or office.clock.today())
        record_unsigned(office.ctx, tx, purging.DONE, None, about=list_id)


@pytest.mark.parametrize("login", KEYS)
def test_a_case_that_was_held_after_both_signed_is_named_when_it_is_deleted_all_the_same(
    office: Inspectorate, listed: Listed, login: str | None
) -> None:
    holding.hold(office.ctx, office.officer(FIRST), listed[1][0], act(), "Diminta pengadilan.")
    carried_out_by_hand(office, listed)
    found = {(fault.code, fault.row) for fault in faults(office, login)}
    assert found == {("disposal-overtaken", listed[1][0].hex())}


def test_a_list_without_its_officers_rows_in_the_audit_log_is_named(office: Inspectorate) -> None:
    # Given somebody who has both officers' keys and the database, and writes a list past the desk
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    made = a_list_past_the_desk(office, case)
    with office.ctx.store.write() as tx:
        disposals.add(tx, made)
    past_the_wait(office)
    with office.ctx.store.write() as tx:
        disposals.bury(tx, case, made.id, office.clock.today())
    found = [fault.found for fault in faults(office) if fault.code == "disposal-unrecorded"]
    assert len(found) == 3 and codes(office) == {"disposal-unrecorded"}
    # And the night's work carries out no such list
    with database(office) as admin:
        admin.execute("DELETE FROM tombstone")
    assert purging.purge(office.ctx) == purging.Purged(0, 1)


def a_list_past_the_desk(office: Inspectorate, case: bytes, log: str = "inner") -> DisposalRow:
    directory, today = office.ctx.newest(), office.clock.today()
    with office.ctx.store.read() as tx:
        row, reach = cases.get_case(tx, case), ends(tx, directory.installation, case)
    reach = reach or Ends(bytes(32), 1, bytes(32), 1, bytes(32))
    assert row is not None
    made = Disposal(directory.installation, act(), 1, today, (Doomed(case, row.day, log, reach),), ())
    one, two, body = office.officer(FIRST), office.officer(SECOND), made.to_bytes()
    proposed_by = sign_proposed(one.sign_seed, body)
    approved_by = sign_approved(two.sign_seed, body, proposed_by, body)
    return DisposalRow(made.id, body, one.id, proposed_by, body, two.id, approved_by)


def test_an_outer_report_that_two_inner_officers_call_inner_is_named(office: Inspectorate) -> None:
    _, _, case = office.report(office="INSP", accused=["pimpinan_kantor"])
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    made = a_list_past_the_desk(office, case)
    with office.ctx.store.write() as tx:
        disposals.add(tx, made)
        disposals.bury(tx, case, made.id, office.clock.today())
    found = [fault.found for fault in faults(office) if fault.code == "disposal-differs"]
    assert len(found) == 1 and "the list says inner" in found[0] and "the case outer" in found[0]
    with database(office) as admin:
        admin.execute("DELETE FROM tombstone")
    past_the_wait(office)
    assert purging.purge(office.ctx) == purging.Purged(0, 1)


def test_a_list_that_was_carried_out_before_its_week_was_over_is_named(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    made = signed(office, [case])
    carried_out_by_hand(office, (made, [case]))
    assert codes(office) == {"disposal-early"}


def test_a_clock_that_was_set_ahead_for_one_night_is_named(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    signed(office, [case])
    office.clock.advance(timedelta(days=8))
    housekeeping.tick(office.ctx)
    office.clock.advance(timedelta(days=-8))
    retention.desk(office.ctx, office.officer(FIRST))
    closed(office)
    office.clock.advance(timedelta(days=9))
    housekeeping.tick(office.ctx)
    (fault,) = faults(office)
    assert fault.code == "audit-time" and fault.found.startswith("it is 8 days older")


def test_a_list_that_was_withdrawn_and_put_back_is_named(office: Inspectorate) -> None:
    # Given a draft that its officer withdrew, and somebody with the database and the second officer's key
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    list_id = proposed(office, [case])
    with office.ctx.store.read() as tx:
        draft = disposals.draft(tx, list_id)
    assert draft is not None
    retention.withdraw(office.ctx, office.officer(FIRST), list_id)
    with office.ctx.store.write() as tx:
        disposals.add_draft(tx, draft)
    retention.approve(office.ctx, office.officer(SECOND), list_id, office.credentials[SECOND].password)
    past_the_wait(office)
    # Then no night carries it out, and who does so by hand is named
    assert purging.purge(office.ctx) == purging.Purged(0, 0)
    assert codes(office) == set()
    carried_out_by_hand(office, (list_id, [case]))
    assert codes(office) == {"disposal-overtaken", "disposal-partly"}


def test_a_clock_that_was_set_back_for_a_closing_is_named_once_the_case_is_deleted(office: Inspectorate) -> None:
    # Given a case that came in long ago, and is closed with the clock two years back
    _, _, case = office.triaged()
    office.clock.advance(TWO_YEARS + timedelta(days=20))
    _, _, other = office.triaged()
    office.clock.advance(-TWO_YEARS)
    end(office, case)
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    signed(office, [case])
    past_the_wait(office)
    housekeeping.tick(office.ctx)
    found = [fault.found for fault in faults(office) if fault.code == "audit-time"]
    assert len(found) == 1 and "days older than the row before it" in found[0]
