"""The main job from end to end, through the use cases alone."""

from datetime import timedelta

import pytest

from tests.inspectorate import STORY, Inspectorate, act, complaint
from whistle.casefile.reading import CaseBroken
from whistle.services import casework, closing, followup, intake, listing, routing
from whistle.services.listing import Query
from whistle.services.refusals import NotYours, Refusal
from whistle.services.views import Closing

DONE = Closing(
    result="terbukti", summary="Petugas mengaku.", answer="Petugas sudah ditindak. Terima kasih.", value=50_000
)


def test_a_report_is_read_asked_about_answered_routed_and_closed(office: Inspectorate) -> None:
    ctx, rahma, gunawan, head = (
        office.ctx,
        office.officer("rahma"),
        office.officer("gunawan"),
        office.officer("inspektur"),
    )
    # Given a report
    _, keys, case = office.report()
    # When triage reads it and asks
    casework.declare(ctx, rahma, case)
    register = casework.triage(
        ctx,
        rahma,
        case,
        act(),
        casework.Triage("Uang KTP", "pungli", "DISDUKCAPIL", "kependudukan", amount_asked=50_000),
    )
    casework.ask(ctx, rahma, case, act(), "Di loket nomor berapa?")
    # Then the reporter sees the question and nothing internal, and answers
    view = followup.open_with_root(ctx, keys.root)
    assert view.stage.code == "BUTUH_KLARIFIKASI"
    assert [item.text for item in view.questions] == ["Di loket nomor berapa?"]
    followup.add(ctx, keys.root, act(), "Loket dua.", view.questions[0].id)
    assert followup.open_with_root(ctx, keys.root).stage.code == "TELAAH"
    # When it goes to the special unit, which examines it and proposes to close
    routing.route(ctx, rahma, case, act(), "irban-khusus", "Pungli oleh pegawai.")
    casework.declare(ctx, gunawan, case)
    casework.move(ctx, gunawan, case, act(), "PEMERIKSAAN", "Surat tugas terbit.", "Tim mulai memeriksa.")
    assert not closing.close(ctx, gunawan, case, act(), DONE)
    with pytest.raises(Refusal, match="second_person"):
        closing.approve(ctx, gunawan, case, act())
    # Then pimpinan approves and the reporter reads the answer
    casework.declare(ctx, head, case)
    closing.approve(ctx, head, case, act(), "Setuju.")
    view = followup.open_with_root(ctx, keys.root)
    assert (view.closed, view.result) == (True, "terbukti")
    assert view.thread[-1].text == "Petugas sudah ditindak. Terima kasih."
    summary = listing.summaries(ctx, head)[0]
    assert (summary.register, summary.stage, summary.unit) == (register, "SELESAI", "irban-khusus")
    assert register == "001/11/2026"


def test_an_officer_without_a_grant_is_told_that_there_is_no_such_case(office: Inspectorate) -> None:
    _, _, case = office.report()
    with pytest.raises(NotYours):
        casework.open_case(office.ctx, office.officer("hendra"), case)
    assert listing.cases_for(office.ctx, office.officer("hendra"), Query()).total == 0


def test_nothing_but_day_and_track_is_shown_before_declaring(office: Inspectorate) -> None:
    _, _, case = office.report()
    view = casework.open_case(office.ctx, office.officer("rahma"), case)
    assert (view.declared, view.summary, view.complaint, view.thread) == (False, None, None, [])
    with pytest.raises(Refusal, match="declare_first"):
        casework.note(office.ctx, office.officer("rahma"), case, act(), "Catatan.")


def test_the_same_report_sent_twice_is_one_report(office: Inspectorate) -> None:
    receipt = intake.fresh_receipt()
    first = intake.submit(office.ctx, complaint(), receipt)
    again = intake.submit(office.ctx, complaint(), receipt)
    assert (first.already, again.already, again.amended) == (False, True, False)
    assert listing.cases_for(office.ctx, office.officer("rahma"), Query()).total == 1


def test_what_was_changed_before_sending_again_is_added_once(office: Inspectorate) -> None:
    receipt, changed = intake.fresh_receipt(), complaint(story=STORY + " Namanya saya lupa.")
    intake.submit(office.ctx, complaint(), receipt)
    assert intake.submit(office.ctx, changed, receipt).amended
    intake.submit(office.ctx, changed, receipt)
    thread = followup.open_with_root(office.ctx, office.keys(receipt).root).thread
    assert [item.kind for item in thread] == ["complaint", "message"]
    assert "Namanya saya lupa." in thread[1].text


def test_an_act_repeated_with_its_id_is_done_once(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    note, message = act(), act()
    for _ in range(2):
        casework.note(office.ctx, office.officer("rahma"), case, note, "Sudah dicek.")
        followup.add(office.ctx, keys.root, message, "Tambahan.", None)
    view = casework.open_case(office.ctx, office.officer("rahma"), case)
    assert [item.text for item in view.file].count("Sudah dicek.") == 1
    assert [item.text for item in view.thread].count("Tambahan.") == 1


def test_a_stale_summary_is_rebuilt_and_marked_unread_when_the_reporter_wrote(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada lagi.", None)
    row = listing.cases_for(office.ctx, office.officer("yusuf"), Query()).rows[0]
    assert row.summary is not None
    assert row.summary.unread
    assert row.summary.thread_places == 3


def test_a_move_that_is_not_in_the_table_is_refused_with_those_that_are(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with pytest.raises(Refusal) as refused:
        casework.move(office.ctx, office.officer("rahma"), case, act(), "TINDAK_LANJUT", "Langsung.")
    assert "PEMERIKSAAN" in refused.value.values["possible"]


@pytest.mark.parametrize(
    ("office_code", "accused", "track", "readers"),
    [
        ("DISDUKCAPIL", (), "biasa", {"rahma", "yusuf", "inspektur"}),
        ("INSP", (), "inspektorat", {"inspektur", "gunawan"}),
        ("INSP", ("pimpinan_kantor",), "inspektur", {"sekda", "prov1", "prov2"}),
        ("SETDA", ("pimpinan_kantor",), "kepala-daerah", {"prov1", "prov2"}),
        ("DISDIK", ("walikota", "inspektorat"), "kepala-daerah", {"prov1", "prov2"}),
    ],
)
def test_who_can_read_is_fixed_by_whom_it_accuses(
    office: Inspectorate, office_code: str, accused: tuple[str, ...], track: str, readers: set[str]
) -> None:
    _, _, case = office.report(office=office_code, accused=accused)
    for login, who in office.credentials.items():
        if who.role in ("admin", "auditor"):
            continue
        officer = office.officer(login)
        if login in readers:
            assert casework.open_case(office.ctx, officer, case).track == track
        else:
            with pytest.raises((NotYours, CaseBroken)):
                casework.open_case(office.ctx, officer, case)


def test_a_track_is_never_routed_outside_its_units(office: Inspectorate) -> None:
    _, _, case = office.triaged("prov1", office="SETDA", accused=("sekda",))
    with pytest.raises(Refusal, match="unit"):
        routing.route(office.ctx, office.officer("prov1"), case, act(), "pimpinan", "Keliru.")


def test_a_case_is_not_handed_to_an_office_whose_head_is_accused(office: Inspectorate) -> None:
    _, _, case = office.triaged(accused=("pimpinan_kantor",))
    with pytest.raises(Refusal, match="head_accused"):
        casework.move(
            office.ctx,
            office.officer("rahma"),
            case,
            act(),
            "DILIMPAHKAN",
            "Ke dinas.",
            "",
            {"handed_to": "kepala_kantor"},
        )


def test_register_numbers_start_anew_each_month(office: Inspectorate) -> None:
    numbers = []
    for _ in range(2):
        office.triaged()
        office.clock.advance(timedelta(days=15))
    office.triaged()
    for row in listing.cases_for(office.ctx, office.officer("rahma"), Query(state="all", sort="received")).rows:
        assert row.summary is not None
        numbers.append(row.summary.register)
    assert numbers == ["001/11/2026", "002/11/2026", "001/12/2026"]
