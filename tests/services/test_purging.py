"""The night's work on signed lists: what it deletes, what it leaves, and what keeps a list from being carried out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.attaching import UNKNOWN, exhibits_of, opened, reported, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate, act
from tests.retiring import (
    FIRST,
    SECOND,
    TWO_YEARS,
    closed,
    end,
    over,
    past_the_wait,
    remains,
    signed,
    states,
)
from tests.security.administrator import database
from whistle.domain.month import Month
from whistle.services import (
    casework,
    followup,
    holding,
    housekeeping,
    listing,
    purging,
    recovery,
    reporting,
    retention,
)
from whistle.services.refusals import NotYours
from whistle.store import attached, cases, disposals, handing


def test_two_signatures_and_a_week_delete_all_that_could_be_read(office: Inspectorate) -> None:
    # Given a report with a file that an officer opened, and a report of the same day that stays
    case = with_files(office, UNKNOWN, picture("JPEG"), original=True)
    opened(office, case)
    opened(office, case, 1)
    end(office, case)
    receipt, _, other = closed(office)
    with office.ctx.store.read() as tx:
        files = set(attached.everything(tx))
        row = cases.get_case(tx, case)
    assert files and row is not None
    office.clock.advance(TWO_YEARS)
    housekeeping.tick(office.ctx)
    # When two sign the list, then nothing is deleted before the week is over
    signed(office, [case])
    assert states(office) == ["signed"] and over(office) == {other}
    office.clock.advance(timedelta(days=6))
    housekeeping.tick(office.ctx)
    assert remains(office, case) and set(office.ctx.blobs.ids()) == files
    # And all of it in the night after
    office.clock.advance(timedelta(days=1))
    said = housekeeping.tick(office.ctx)
    assert "the contents of 1 cases deleted as two officers signed" in said
    assert remains(office, case) == [] and list(office.ctx.blobs.ids()) == []
    assert states(office) == ["done"]
    # And the officers find it nowhere, while the other report is as it was
    with pytest.raises(NotYours):
        casework.open_case(office.ctx, office.officer(FIRST), case)
    assert {row.id for row in listing.all_rows(office.ctx, office.officer(SECOND))} == {other}
    assert followup.open_with_words(office.ctx, str(receipt)).closed
    # And another night changes nothing
    assert "deleted" not in housekeeping.tick(office.ctx)


def test_the_reporter_is_told_that_the_contents_were_deleted_and_when(office: Inspectorate) -> None:
    receipt, keys, case = closed(office)
    received = office.clock.today()
    office.clock.advance(TWO_YEARS)
    signed(office, [case])
    past_the_wait(office)
    assert purging.purge(office.ctx) == purging.Purged(1, 0)
    for back in (
        lambda: followup.open_with_words(office.ctx, str(receipt)),
        lambda: followup.add(office.ctx, keys.root, act(), "Masih terjadi.", None),
    ):
        with pytest.raises(followup.Deleted) as told:
            back()
        assert (told.value.received, told.value.day) == (received, office.clock.today())


@pytest.mark.parametrize("what", ["message", "note", "hold", "held by hand", "reopened", "opened by hand"])
def test_a_case_that_moved_after_both_signed_keeps_the_whole_list(office: Inspectorate, what: str) -> None:
    # Given a list of two cases
    _, keys, case = closed(office)
    _, _, other = closed(office)
    office.clock.advance(TWO_YEARS)
    signed(office, [case, other])
    # When something happens in one of them
    if what == "message":
        followup.add(office.ctx, keys.root, act(), "Terjadi lagi.", None)
    elif what == "note":
        casework.note(office.ctx, office.officer(FIRST), case, act(), "Diminta pengadilan.")
    elif what == "hold":
        holding.hold(office.ctx, office.officer(FIRST), case, act(), "Diminta pengadilan.")
    elif what == "held by hand":
        with office.ctx.store.write() as tx:
            cases.set_legal_hold(tx, case, True)
    elif what == "opened by hand":
        with office.ctx.store.write() as tx:
            cases.set_state(tx, case, "open", None)
    else:
        casework.move(office.ctx, office.officer(FIRST), case, act(), "DIBUKA_KEMBALI", "Ada keberatan.")
    # Then neither is deleted, the desk says so, and the other can be put on a new list
    past_the_wait(office)
    assert purging.purge(office.ctx) == purging.Purged(0, 1)
    assert remains(office, case) and remains(office, other) and states(office) == ["apart"]
    (shown,) = retention.desk(office.ctx, office.officer(FIRST)).lists
    assert shown.at == case
    assert other in over(office)


def test_files_of_another_case_stay_whoever_names_them(office: Inspectorate) -> None:
    # Given a report that names another's file as its own, with a key that it made up
    victim = with_files(office, picture("JPEG"))
    theirs = exhibits_of(office, victim)[0].attachment
    claimed = replace(theirs, file=replace(theirs.file, key=act() + act()))
    case = reported(office, [claimed])
    end(office, case)
    office.clock.advance(TWO_YEARS)
    # When it is deleted, then the file is there still, and opens
    signed(office, [case])
    past_the_wait(office)
    assert "1 cases deleted" in housekeeping.tick(office.ctx)
    housekeeping.tick(office.ctx)
    assert theirs.file.id in set(office.ctx.blobs.ids())
    with office.ctx.store.read() as tx:
        assert theirs.file.id in attached.kept(tx, [theirs.file.id])


def test_an_act_that_the_audit_log_tells_of_keeps_a_case_that_was_put_back_as_it_was(office: Inspectorate) -> None:
    # Given a hold after both signed, and somebody with the database who takes it back
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    signed(office, [case])
    holding.hold(office.ctx, office.officer(FIRST), case, act(), "Diminta pengadilan.")
    with database(office) as admin:
        admin.execute('UPDATE "case" SET legal_hold = :no', {"no": False})
        last = 'SELECT max(place) FROM entry WHERE "case" = :case AND chain = 2'
        admin.execute(f'DELETE FROM entry WHERE "case" = :case AND chain = 2 AND place = ({last})', {"case": case})
    assert states(office) == ["signed"]
    past_the_wait(office)
    assert purging.purge(office.ctx) == purging.Purged(0, 1)
    assert remains(office, case)


def test_what_a_backup_brings_back_of_a_deleted_case_goes_again_the_next_night(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    with office.ctx.store.read() as tx:
        grants, epochs = cases.grants(tx, case), cases.epochs(tx, case)
    signed(office, [case])
    past_the_wait(office)
    purging.purge(office.ctx)
    with office.ctx.store.write() as tx:
        cases.insert_epoch(tx, epochs[0])
        cases.insert_grants(tx, grants)
    assert remains(office, case) and over(office) == set()
    assert purging.purge(office.ctx) == purging.Purged(1, 0)
    assert remains(office, case) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_the_night_nothing_of_it_is_in_the_databases_files(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    with office.ctx.store.read() as tx:
        sealed = [row.sealed for row in (*cases.entries(tx, case), *cases.grants(tx, case))]
        summary, identity = cases.get_summary(tx, case), cases.get_identity(tx, case)
    assert summary is not None and identity is not None
    sealed = [whole[40:120] for whole in (*sealed, summary.sealed, identity.sealed)]

    def found() -> list[bytes]:
        files = [path.read_bytes() for path in office.ctx.settings.data_dir.glob("peluit.db*")]
        return [part for part in sealed if any(part in data for data in files)]

    housekeeping.tick(office.ctx)
    assert found() == sealed  # it is there to be found
    signed(office, [case])
    past_the_wait(office)
    housekeeping.tick(office.ctx)
    assert found() == []


def test_who_holds_no_key_of_a_case_has_not_seen_what_they_signed(office: Inspectorate) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    signed(office, [case])
    past_the_wait(office)
    with database(office) as admin:
        mine = {"reader": office.officer(FIRST).id}
        admin.execute('DELETE FROM "grant" WHERE reader = :reader AND chain = 1', mine)
    assert purging.purge(office.ctx) == purging.Purged(0, 1)
    assert remains(office, case)


@pytest.mark.parametrize("column", ["day", "log"])
def test_a_case_that_is_not_of_the_day_or_the_log_that_was_signed_stays(office: Inspectorate, column: str) -> None:
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    signed(office, [case])
    past_the_wait(office)
    with database(office) as admin:
        value = {"day": "2024-01-01", "log": "outer"}[column]
        admin.execute(f"""UPDATE "case" SET {column} = '{value}'""")  # noqa: S608
    assert purging.purge(office.ctx) == purging.Purged(0, 1)
    assert remains(office, case)


def test_a_crash_in_the_middle_deletes_nothing_and_the_next_night_all(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, case = closed(office)
    _, _, other = closed(office)
    office.clock.advance(TWO_YEARS)
    signed(office, [case, other])
    past_the_wait(office)
    before = [remains(office, case), remains(office, other)]
    with monkeypatch.context() as broken:
        broken.setattr(disposals, "bury_files", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            purging.purge(office.ctx)
    assert [remains(office, case), remains(office, other)] == before and states(office) == ["signed"]
    assert purging.purge(office.ctx) == purging.Purged(2, 0)


def test_nobody_waits_for_keys_of_what_was_deleted_and_recovery_passes_it_over(office: Inspectorate) -> None:
    _, _, case = closed(office)
    _, _, kept = closed(office, "terbukti_sebagian")
    office.clock.advance(TWO_YEARS)
    signed(office, [case])
    past_the_wait(office)
    purging.purge(office.ctx)
    found = recovery.unlock(office.ctx, "inner", office.recovery["inner"][:3])
    assert recovery.rehearse(office.ctx, found).case == kept
    last = list(recovery.run(office.ctx, found))[-1]
    assert (last.done, last.total, last.broken) == (1, 1, ())
    with office.ctx.store.read() as tx:
        assert not handing.lacks_any(tx, office.officer(FIRST).id, office.clock.today())


def test_figures_of_old_months_say_how_many_reports_they_lack(office: Inspectorate) -> None:
    _, _, case = closed(office)
    received = Month.of(office.clock.today())
    office.clock.advance(TWO_YEARS)
    head = office.officer(SECOND)
    assert reporting.deleted(office.ctx, head, received) == 0
    signed(office, [case])
    past_the_wait(office)
    purging.purge(office.ctx)
    assert reporting.deleted(office.ctx, head, received) == reporting.deleted(office.ctx, head, received.next()) == 1
    assert reporting.deleted(office.ctx, head, received.previous()) == 0
    assert reporting.deleted(office.ctx, office.officer("prov1"), received) == 0
