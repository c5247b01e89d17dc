"""Several people on one case: who comes second is told, and nothing is written over, doubled or typed twice."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.inspectorate import Inspectorate, act
from tests.web.desk.conftest import Browser
from tests.web.desk.test_closing import close, declare
from whistle.services import casework, followup
from whistle.services.refusals import Refusal

Sit = Callable[[str], Browser]


@pytest.fixture
def shared(office: Inspectorate) -> bytes:
    """A case in *telaah* that two officers of triage may read."""
    _, _, case = office.triaged()
    casework.declare(office.ctx, office.officer("yusuf"), case)
    return case


def kinds(office: Inspectorate, case: bytes) -> list[str]:
    return [item.kind for item in casework.open_case(office.ctx, office.officer("rahma"), case).file]


def triage_form(browser: Browser, path: str, title: str) -> dict[str, Any]:
    return browser.fill(
        browser.get(path), f"{path}/telaah", title=title, category="pungli", office="DISDUKCAPIL",
        service="kependudukan", priority="biasa",
    )  # fmt: skip


def test_who_comes_second_is_told_before_writing_over_a_colleague(
    office: Inspectorate, shared: bytes, sit: Sit
) -> None:
    path = f"/meja/kasus/{shared.hex()}"
    # Given two officers who have the same case before them
    rahma, yusuf = sit("rahma"), sit("yusuf")
    first, second = triage_form(yusuf, path, "Judul Yusuf"), triage_form(rahma, path, "Judul Rahma")
    # When both send
    assert yusuf.post(f"{path}/telaah", first).status_code == 303
    told = rahma.post(f"{path}/telaah", second)
    # Then the second reads who was first, sees what is new, and finds her own text kept
    assert told.status_code == 422
    assert "ada yang baru dari Yusuf Maulana" in told.text and 'value="Judul Rahma"' in told.text
    assert told.text.count(" baru</span>") == 1
    assert kinds(office, shared).count("triage") == 2, "the first one of the case, and Yusuf's"
    # And what she sends once more counts
    again = {**second, **rahma.fill(told, f"{path}/telaah")}
    assert rahma.post(f"{path}/telaah", again).status_code == 303
    assert "Judul Rahma" in rahma.get(path).text


def test_who_moves_a_case_second_reads_who_was_first_and_keeps_the_text(
    office: Inspectorate, shared: bytes, sit: Sit
) -> None:
    path = f"/meja/kasus/{shared.hex()}"
    moving = {"to": "PEMERIKSAAN", "letter_number": "77/ST", "letter_date": "2026-11-02", "team": "Siti"}
    # Given two officers who have the same case before them
    rahma, yusuf = sit("rahma"), sit("yusuf")
    first = yusuf.fill(yusuf.get(path), f"{path}/pindah", **moving, reason="Alasan Yusuf")
    second = rahma.fill(rahma.get(path), f"{path}/pindah", **moving, reason="Alasan Rahma")
    # When both move it
    assert yusuf.post(f"{path}/pindah", first).status_code == 303
    told = rahma.post(f"{path}/pindah", second)
    # Then the second reads who was first and what was done, and why it cannot be done again, and finds her own text
    assert told.status_code == 422
    said = re.search(r'<div class="summary".*?</div>', told.text, re.S)
    assert said and "ada yang baru dari Yusuf Maulana" in said[0] and "tidak dapat pindah ke" in said[0]
    assert told.text.count(" baru</span>") == 2, "the move in the file, and what the reporter reads"
    assert "Alasan Rahma" in told.text and 'value="77/ST"' in told.text
    assert 'href="#move-pemeriksaan"' in said[0] and '<details class="action" id="move-pemeriksaan" open>' in told.text


def test_the_reporters_new_word_stops_a_decision_that_did_not_know_it(office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    browser, path = sit("rahma"), f"/meja/kasus/{case.hex()}/tutup"
    form = browser.fill(
        browser.get(path),
        path,
        result="tidak_cukup_bukti",
        summary="Kosong.",
        answer="Belum cukup.",
        employment="",
        sanction="",
        referral="",
    )
    followup.add(office.ctx, keys.root, act(), "Saya punya kuitansinya.", None)
    told = browser.post(path, form)
    assert told.status_code == 422 and "ada yang baru dari pelapor" in told.text and "Belum cukup." in told.text
    assert "Saya punya kuitansinya." in told.text
    assert "closed" not in kinds(office, case)


def test_a_note_is_only_added_and_asks_nobody(office: Inspectorate, shared: bytes, sit: Sit) -> None:
    path, rahma = f"/meja/kasus/{shared.hex()}", sit("rahma")
    form = rahma.fill(rahma.get(path), f"{path}/catat", text="Catatan Rahma")
    casework.note(office.ctx, office.officer("yusuf"), shared, act(), "Catatan Yusuf")
    assert rahma.post(f"{path}/catat", form).status_code == 303


def test_a_case_whose_closing_waits_stays_as_it_was_proposed(office: Inspectorate, shared: bytes, sit: Sit) -> None:
    rahma = sit("rahma")
    casework.move(office.ctx, office.officer("rahma"), shared, act(), "PEMERIKSAAN", "Cukup bukti.")
    assert close(rahma, shared).status_code == 303  # type: ignore[attr-defined]
    yusuf = office.officer("yusuf")
    deeds: list[Callable[[], object]] = [
        lambda: casework.move(office.ctx, yusuf, shared, act(), "TINDAK_LANJUT", "Lanjut."),
        lambda: casework.ask(office.ctx, yusuf, shared, act(), "Kapan?"),
        lambda: casework.triage(office.ctx, yusuf, shared, act(), casework.Triage("Lain", "pungli", "BKD", "lainnya")),
    ]
    for deed in deeds:
        with pytest.raises(Refusal, match="closing_waits"):
            deed()


def test_what_was_given_back_is_mended_and_not_typed_again(office: Inspectorate, shared: bytes, sit: Sit) -> None:
    path = f"/meja/kasus/{shared.hex()}"
    rahma, head = sit("rahma"), sit("inspektur")
    casework.move(office.ctx, office.officer("rahma"), shared, act(), "PEMERIKSAAN", "Cukup bukti.")
    close(rahma, shared)
    declare(head, shared)
    page = head.get(f"{path}/tutup/periksa")
    stale = head.fill(page, f"{path}/tutup/setujui", agree="y")
    form = head.fill(page, f"{path}/tutup/kembalikan", reason="LHP belum lengkap")
    assert head.post(f"{path}/tutup/kembalikan", form).status_code == 303
    # Then the list and the case tell who composed it
    assert "penutupan dikembalikan" in rahma.get("/meja/laporan-masuk?attention=returned").text
    assert "Perbaiki penutupan" in rahma.get(path).text
    # And the form holds all that stood in it
    begun = rahma.get(f"{path}/tutup").text
    for value in ("Petugas mengaku.", "700/15/LHP", "2026-10-01", "Pasang tarif.", "Sudah ditindak.", "50.000"):
        assert value in begun, value
    assert begun.count("checked") == 3, "the result and two causes"
    # And a second tab that still offers to approve leads back to the case
    late = head.post(f"{path}/tutup/setujui", stale)
    assert late.status_code == 422 and "Tidak ada penutupan yang menunggu" in late.text
    assert "Setujui dan tutup laporan" not in late.text
    # And once it is proposed again nothing speaks of a return
    close(rahma, shared)
    assert "Perbaiki penutupan" not in rahma.get(path).text
    assert "penutupan dikembalikan</span>" not in rahma.get("/meja/laporan-masuk").text


def test_the_second_person_hears_that_the_reporter_wrote_since(office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Cukup bukti.")
    close(sit("rahma"), case)
    head, path = sit("inspektur"), f"/meja/kasus/{case.hex()}/tutup/periksa"
    declare(head, case)
    assert "Pelapor menulis setelah" not in head.get(path).text
    followup.add(office.ctx, keys.root, act(), "Ada satu lagi.", None)
    assert "Pelapor menulis setelah penutupan ini disusun" in head.get(path).text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"lhp_date": "2030-01-01"}, "Tanggal ini belum tiba"),
        ({"lhp_date": "0001-01-01"}, "Tanggal ini terlalu lama"),
        ({"returned_on": "2031-01-01"}, "Tanggal ini belum tiba"),
        ({"recommendation_due": "9999-12-31"}, "Tanggal ini terlalu jauh ke depan"),
        ({"amount_returned": "5 juta"}, "Lebih besar daripada nilai pungli"),
    ],
)
def test_absurd_days_and_amounts_are_asked_about(
    changed: dict[str, object], sentence: str, shared: bytes, sit: Sit
) -> None:
    answer: Any = close(sit("rahma"), shared, **changed)
    assert answer.status_code == 422 and sentence in answer.text


def test_a_register_number_may_be_typed_in_small_letters(shared: bytes, sit: Sit) -> None:
    path, rahma = f"/meja/kasus/{shared.hex()}", sit("rahma")
    page = rahma.get(path)
    form = {**rahma.fill(page, f"{path}/pindah"), "to": "DIGABUNG", "merged_into": "999l/99/9999", "reason": "Sama."}
    answer = rahma.post(f"{path}/pindah", form)
    assert answer.status_code == 422 and "999L/99/9999" in answer.text  # looked for, and kept, as it is given


@pytest.mark.parametrize(("own", "sentence"), [(True, "laporan ini sendiri"), (False, "Tidak ada laporan dengan")])
def test_a_case_is_merged_only_with_one_that_is_there(
    own: bool, sentence: str, office: Inspectorate, shared: bytes, sit: Sit
) -> None:
    path, rahma = f"/meja/kasus/{shared.hex()}", sit("rahma")
    register = "001/11/2026" if own else "999/99/9999"
    page = rahma.get(path)
    form = {**rahma.fill(page, f"{path}/pindah"), "to": "DIGABUNG", "merged_into": register, "reason": "Sama."}
    answer = rahma.post(f"{path}/pindah", form)
    assert answer.status_code == 422 and sentence in answer.text and register in answer.text
    assert "move" not in kinds(office, shared)
