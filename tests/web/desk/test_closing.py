"""Closing a case: every field, a second person where one is asked for, and nothing lost on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate, act
from tests.web.desk.conftest import Browser
from whistle.services import casework, closing, followup
from whistle.services.views import Closing

Sit = Callable[[str], Browser]
FIELDS: dict[str, object] = {
    "result": "terbukti", "summary": "Petugas mengaku.", "lhp_number": "700/15/LHP", "lhp_date": "2026-10-01",
    "employment": "pns", "sanction": "teguran_tertulis", "amount_levied": "50rb", "amount_returned": "Rp 50.000,-",
    "returned_on": "2/10/2026", "victims": "3", "causes": ["tarif", "pengawasan"], "recommendation": "Pasang tarif.",
    "recommendation_owner": "Kepala dinas", "recommendation_due": "2026-12-01", "answer": "Sudah ditindak.",
    "referral": "",
}  # fmt: skip


@pytest.fixture
def examined(office: Inspectorate) -> bytes:
    """A case that triage brought as far as an examination."""
    _, _, case = office.triaged()
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Cukup bukti.")
    return case


def close(browser: Browser, case: bytes, **changed: object) -> object:
    path = f"/meja/kasus/{case.hex()}/tutup"
    form = browser.fill(browser.get(path), path, **{**FIELDS, **changed})
    return browser.post(path, form)


def declare(browser: Browser, case: bytes) -> None:
    path = f"/meja/kasus/{case.hex()}"
    browser.post(f"{path}/nyatakan", browser.fill(browser.get(path), f"{path}/nyatakan"))


def test_a_proven_case_waits_for_a_second_person_who_sees_every_field(
    office: Inspectorate, examined: bytes, sit: Sit
) -> None:
    path = f"/meja/kasus/{examined.hex()}"
    # Given a closing that an inspector proposed
    rahma, head = sit("rahma"), sit("inspektur")
    assert close(rahma, examined).status_code == 303  # type: ignore[attr-defined]
    page = rahma.get(f"{path}?selesai=proposed").text
    assert "menunggu persetujuan orang kedua" in page and "Periksa dan putuskan" not in page
    assert rahma.get(f"{path}/tutup/periksa").status_code == 403
    # When pimpinan looks
    assert head.get(f"{path}/tutup/periksa").status_code == 303, "first the conflict must be answered"
    declare(head, examined)
    page_ = head.get(f"{path}/tutup/periksa")
    for words in (
        "Terbukti", "Petugas mengaku.", "700/15/LHP, Kamis, 1 Oktober 2026", "Ringan: Teguran tertulis", "Rp50.000",
        "Jumat, 2 Oktober 2026", "Pasang tarif.", "Kepala dinas, Selasa, 1 Desember 2026", "Sudah ditindak.",
        "tidak diisi",
    ):  # fmt: skip
        assert words in page_.text, words
    # Then a hasty click is stopped, and a considered one closes
    form = head.fill(page_, f"{path}/tutup/setujui", note="Setuju dengan catatan")
    hasty = head.post(f"{path}/tutup/setujui", form)
    assert hasty.status_code == 422 and "Setuju dengan catatan" in hasty.text
    assert head.post(f"{path}/tutup/setujui", {**form, "agree": "y"}).status_code == 303
    assert head.post(f"{path}/tutup/setujui", {**form, "agree": "y"}).status_code == 303, "a double tap"
    assert "Selesai" in head.get(path).text


def test_who_proposed_cannot_approve(office: Inspectorate, examined: bytes, sit: Sit) -> None:
    head, path = sit("inspektur"), f"/meja/kasus/{examined.hex()}"
    declare(head, examined)
    close(head, examined)
    page = head.get(f"{path}/tutup/periksa")
    assert "Anda yang menyusun penutupan ini" in page.text and "setujui" not in page.text
    token = head.fill(page, "/meja/keluar")["csrf"]
    tried = head.post(f"{path}/tutup/setujui", {"csrf": token, "action_id": "ab" * 16, "agree": "y"})
    assert tried.status_code == 422 and "Orang lain yang harus menyetujuinya" in tried.text


def test_what_was_given_back_returns_with_its_reason(office: Inspectorate, examined: bytes, sit: Sit) -> None:
    rahma, head, path = sit("rahma"), sit("inspektur"), f"/meja/kasus/{examined.hex()}"
    close(rahma, examined)
    declare(head, examined)
    form = head.fill(head.get(f"{path}/tutup/periksa"), f"{path}/tutup/kembalikan", reason="LHP belum lengkap")
    assert head.post(f"{path}/tutup/kembalikan", form).status_code == 303
    page = rahma.get(path).text
    assert "Mengembalikan usulan penutupan" in page and "LHP belum lengkap" in page and "Tutup laporan" in page


def test_a_reason_for_what_was_decided_meanwhile_is_shown_and_not_lost(
    office: Inspectorate, examined: bytes, sit: Sit
) -> None:
    rahma, head, path = sit("rahma"), sit("inspektur"), f"/meja/kasus/{examined.hex()}"
    close(rahma, examined)
    declare(head, examined)
    form = head.fill(head.get(f"{path}/tutup/periksa"), f"{path}/tutup/kembalikan", reason="Alasan panjang")
    office.clock.advance(timedelta(minutes=1))  # a second sign-in needs another code
    closing.give_back(office.ctx, office.officer("inspektur"), examined, act(), "Lebih dulu.")
    late = head.post(f"{path}/tutup/kembalikan", form)
    assert late.status_code == 422
    assert "Tidak ada penutupan yang menunggu" in late.text and "Alasan panjang" in late.text


def test_a_result_that_needs_no_second_person_closes_at_once(office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    rahma = sit("rahma")
    done = close(rahma, case, result="tidak_cukup_bukti", employment="", sanction="")
    assert done.status_code == 303  # type: ignore[attr-defined]
    assert followup.open_with_root(office.ctx, keys.root).closed


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"result": ""}, "Pilih hasilnya."),
        ({"result": "lainnya"}, "Pilih salah satu dari daftar."),
        ({"summary": " "}, "Tulis ringkasannya."),
        ({"answer": ""}, "Tulis jawaban untuk pelapor."),
        ({"lhp_date": ""}, "Tulis tanggal LHP."),
        ({"lhp_date": "31/2/2026"}, "Tulis tanggal seperti 17/3/2026."),
        ({"lhp_date": "kemarin"}, "Tulis tanggal seperti 17/3/2026."),
        ({"employment": ""}, "Pilih status kepegawaiannya."),
        ({"sanction": ""}, "Pilih sanksinya"),
        ({"amount_levied": "entahlah"}, "tidak terbaca"),
        ({"amount_returned": "-1"}, "kurang dari nol"),
        ({"returned_on": ""}, "Tulis tanggal uang dikembalikan."),
        ({"victims": "-3"}, "dengan angka"),
        ({"recommendation": ""}, "Tulis isi rekomendasinya."),
        ({"recommendation_owner": ""}, "Tulis siapa yang bertanggung jawab."),
        ({"recommendation_due": ""}, "Tulis tenggat rekomendasinya."),
    ],
)
def test_the_closing_says_what_is_missing_and_keeps_the_rest(
    changed: dict[str, object], sentence: str, examined: bytes, sit: Sit
) -> None:
    answer = close(sit("rahma"), examined, **changed)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.text  # type: ignore[attr-defined]
    assert sentence in page
    for name, typed in FIELDS.items():
        if name not in changed and isinstance(typed, str) and name in ("summary", "lhp_number", "victims", "answer"):
            assert typed in page, name


def test_a_closing_that_waits_cannot_be_proposed_twice(office: Inspectorate, examined: bytes, sit: Sit) -> None:
    rahma, path = sit("rahma"), f"/meja/kasus/{examined.hex()}/tutup"
    form = rahma.fill(rahma.get(path), path, **FIELDS)
    done = Closing(result="terbukti", summary="Lebih dulu.", answer="Sudah.")
    closing.close(office.ctx, office.officer("rahma"), examined, act(), done)
    late = rahma.post(path, form)
    assert late.status_code == 422
    assert "sudah menunggu persetujuan orang kedua" in late.text and "Petugas mengaku." in late.text
    assert rahma.get(path).status_code == 303
