"""Officers are suspended, sealed to, delegated and given posts, as admin and signer see it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.inspectorate import Inspectorate
from tests.services import staff
from tests.web.desk.conftest import Browser
from tests.web.desk.joining import SITI, Sit, sign
from whistle.casefile.manifest_changes import changes
from whistle.services import suspension
from whistle.services.invitations import Person
from whistle.services.proposal import Choices, Delegate
from whistle.web.desk import officer_words


def test_suspending_and_lifting_from_the_officers_page(sit: Sit, office: Inspectorate) -> None:
    admin, rahma = sit("admin"), sit("rahma")
    page = f"/meja/petugas/{staff.id_of(office, 'rahma').hex()}"
    act = f"{page}/tangguhkan"
    assert admin.post(act, admin.fill(admin.get(page), act)).headers["Location"].endswith("selesai=ditangguhkan")
    assert rahma.get("/meja/laporan-masuk").status_code == 303
    told = Browser(rahma.client.application, office).sign_in("rahma")
    assert told.status_code == 403 and "Akses Anda sedang ditutup" in told.text
    act = f"{page}/pulihkan"
    assert admin.post(act, admin.fill(admin.get(page), act)).status_code == 303
    assert rahma.sign_in("rahma").status_code == 303


def test_the_list_shows_first_who_is_suspended_and_folds_who_left(sit: Sit, office: Inspectorate) -> None:
    # Given somebody who left, somebody who is suspended, and the others
    lestari, yusuf, admin = staff.id_of(office, "lestari"), staff.id_of(office, "yusuf"), office.officer("admin")
    staff.signed(office, Choices(remove=(lestari,)))
    suspension.suspend(office.ctx, admin, yusuf)
    # When the list is shown
    page = sit("admin").get("/meja/petugas").text
    shown, _, folded = page.partition("<summary>")
    # Then the suspended one comes first, and only who left, and what roles may, is folded
    links = re.findall(r'href="/meja/petugas/(\w{32})"', shown)
    assert links[0] == yusuf.hex() and len(links) == len(office.credentials) - 1
    assert re.findall(r'href="/meja/petugas/(\w{32})"', folded) == [lestari.hex()]
    assert "Tidak dalam daftar penerima (1)" in folded and "Apa yang boleh tiap peran" in folded


def test_an_officers_page_offers_only_what_one_may(sit: Sit, office: Inspectorate) -> None:
    page = f"/meja/petugas/{staff.id_of(office, 'rahma').hex()}"
    assert "Tangguhkan sekarang" in sit("inspektur").get(page).text
    assert "Tangguhkan sekarang" not in sit("sekda").get(page).text
    own = f"/meja/petugas/{staff.id_of(office, 'admin').hex()}"
    assert "Tangguhkan sekarang" not in sit("admin").get(own).text
    assert sit("admin").get("/meja/petugas/" + "00" * 16).status_code == 404


def test_a_wrong_password_signs_nothing_and_shows_the_same_page(sit: Sit, office: Inspectorate) -> None:
    inspektur = sit("inspektur")
    page = inspektur.get("/meja/petugas/daftar")
    review = inspektur.post("/meja/petugas/daftar", inspektur.fill(page, "/meja/petugas/daftar"))
    answer = sign(inspektur, review, password="bukan sandinya")
    assert answer.status_code == 422 and "Kata sandi ini tidak cocok." in answer.text
    assert staff.directory(office).current.sequence == 1
    assert sign(inspektur, answer).status_code == 303


def test_who_signs_second_is_told_and_sees_the_list_as_it_is_now(sit: Sit, office: Inspectorate) -> None:
    inspektur = sit("inspektur")
    page = inspektur.get("/meja/petugas/daftar")
    review = inspektur.post("/meja/petugas/daftar", inspektur.fill(page, "/meja/petugas/daftar"))
    office.clock.advance(timedelta(seconds=31))
    staff.signed(office, Choices())
    answer = sign(inspektur, review)
    assert answer.status_code == 422 and "Daftar ini berubah" in answer.text
    assert "daftar penerima ke-3" in answer.text
    assert sign(inspektur, answer).status_code == 303


def test_a_track_that_would_lose_its_readers_is_named(sit: Sit, office: Inspectorate) -> None:
    inspektur = sit("inspektur")
    page = inspektur.get("/meja/petugas/daftar")
    whom = staff.id_of(office, "gunawan").hex()
    answer = inspektur.post("/meja/petugas/daftar", inspektur.fill(page, "/meja/petugas/daftar", remove=whom))
    assert answer.status_code == 422
    assert "Jalur “Pegawai Inspektorat” akan tinggal kurang dari dua pembaca" in answer.text
    assert re.search(rf'value="{whom}" checked', answer.text)


def test_nobody_is_both_admitted_and_removed(sit: Sit, office: Inspectorate) -> None:
    # Given an officer who made new keys
    id_ = staff.made(office, Person("rahma", "Rahma Yuliani", "penelaah", "triase")).hex()
    inspektur, path = sit("inspektur"), "/meja/petugas/daftar"
    # When both boxes are ticked
    answer = inspektur.post(path, inspektur.fill(inspektur.get(path), path, admit=id_, remove=id_))
    # Then nothing is to be signed, and both are still ticked
    assert answer.status_code == 422 and "Untuk Rahma Yuliani" in answer.text and "bertentangan" in answer.text
    assert len(re.findall(rf'value="{id_}" checked', answer.text)) == 2


def test_acting_is_written_reviewed_signed_and_ended(sit: Sit, office: Inspectorate) -> None:
    inspektur, path = sit("inspektur"), "/meja/petugas/tugas"
    page = inspektur.get(path)
    typed = {
        "officer": staff.id_of(office, "gunawan").hex(), "unit": "pimpinan", "kind": "plh", "first": "3/11/2026",
        "last": "2026-11-10", "letter": "800/12/BKD/2026",
    }  # fmt: skip
    wrong = inspektur.post(path, inspektur.fill(page, path, **{**typed, "last": "1/11/2026"}))
    assert wrong.status_code == 422 and "Hari terakhir mendahului hari pertama." in wrong.text
    assert 'value="800/12/BKD/2026"' in wrong.text
    sekda = {**typed, "officer": staff.id_of(office, "sekda").hex()}
    refused = inspektur.post(path, inspektur.fill(page, path, **sekda))
    assert refused.status_code == 422 and "membaca laporan di sisi lain" in refused.text
    review = inspektur.post(path, inspektur.fill(page, path, **typed))
    assert "Gunawan Wibisono sebagai Plh Pimpinan Inspektorat" in review.text
    assert "Sampai dengan Selasa, 10 November 2026 membaca laporan baru pada jalur: Biasa, Pegawai" in review.text
    assert "Memegang data identitas pelapornya." in review.text and "tidak dapat ditarik" in review.text
    assert sign(inspektur, review).status_code == 303
    page = inspektur.get(path)
    assert "belum mulai" in page.text
    overlapping = {**typed, "first": "10/11/2026", "last": "20/11/2026"}
    twice = inspektur.post(path, inspektur.fill(page, path, **overlapping))
    assert twice.status_code == 422 and "sudah bertugas sementara di unit itu dari Selasa, 3 November" in twice.text
    review = inspektur.post(path, {**inspektur.fill(page, path), "akhiri": "0"})
    assert "tugas sementara berakhir" in review.text
    assert sign(inspektur, review).status_code == 303
    assert staff.directory(office).current.acting == ()


PLH = {"unit": "pimpinan", "kind": "plh", "first": "3/11/2026", "last": "10/11/2026", "letter": "800/12/BKD/2026"}


@pytest.mark.parametrize(
    ("path", "login", "typed"),
    [
        ("/meja/petugas/tugas", "gunawan", PLH),
        ("/meja/petugas/delegasi", "prov1", {"tracks": ["inspektur"], "until": "1/12/2026"}),
    ],
)
def test_who_is_suspended_is_marked_and_given_nothing(
    sit: Sit, office: Inspectorate, path: str, login: str, typed: dict[str, object]
) -> None:
    # Given somebody who was suspended
    inspektur, whom = sit("inspektur"), staff.id_of(office, login)
    name, before = staff.directory(office).name(whom), inspektur.get(path)
    suspension.suspend(office.ctx, office.officer("admin"), whom)
    # When they are chosen
    answer = inspektur.post(path, inspektur.fill(before, path, officer=whom.hex(), **typed))
    # Then the list says so, and there is nothing to sign
    assert answer.status_code == 422 and f"{name} ditangguhkan. Cabut dulu" in answer.text
    assert f"{name} (ditangguhkan)" in inspektur.get(path).text and f"{name} (ditangguhkan)" not in before.text


def test_who_is_suspended_before_the_signature_does_not_come_to_act(sit: Sit, office: Inspectorate) -> None:
    # Given a page that shows what would be signed
    inspektur, path, whom = sit("inspektur"), "/meja/petugas/tugas", staff.id_of(office, "gunawan")
    review = inspektur.post(path, inspektur.fill(inspektur.get(path), path, officer=whom.hex(), **PLH))
    assert review.status_code == 200
    # When a colleague suspends them before it is signed
    suspension.suspend(office.ctx, office.officer("admin"), whom)
    answer = sign(inspektur, review)
    # Then nothing was signed, and the page says why
    assert answer.status_code == 422 and "Gunawan Wibisono ditangguhkan. Cabut dulu" in answer.text
    assert staff.directory(office).current.sequence == 1


def test_the_page_to_sign_names_who_is_suspended_and_stays(sit: Sit, office: Inspectorate) -> None:
    inspektur, path, said = sit("inspektur"), "/meja/petugas/daftar", "Ditangguhkan, tetapi tetap dalam daftar ini"
    page, whom = inspektur.get(path), staff.id_of(office, "lestari")
    assert said not in inspektur.post(path, inspektur.fill(page, path)).text
    suspension.suspend(office.ctx, office.officer("admin"), whom)
    assert said in inspektur.post(path, inspektur.fill(page, path)).text
    assert said not in inspektur.post(path, inspektur.fill(page, path, remove=whom.hex())).text


def test_delegating_and_signing_with_the_delegation(sit: Sit, office: Inspectorate) -> None:
    inspektur, path = sit("inspektur"), "/meja/petugas/delegasi"
    page = inspektur.get(path)
    typed = {
        "officer": staff.id_of(office, "prov1").hex(), "tracks": ["inspektur", "kepala-daerah"], "until": "1/12/2026",
    }  # fmt: skip
    review = inspektur.post(path, inspektur.fill(page, path, **typed))
    assert "Siti Raudah untuk jalur" in review.text
    assert sign(inspektur, review).status_code == 303
    prov1 = sit("prov1")
    assert "Anda menandatangani dengan delegasi" in prov1.get("/meja/petugas/daftar").text
    assert "Delegasi baru" not in prov1.get(path).text
    assert "Delegasi Anda untuk menandatangani berakhir" in prov1.client.get("/meja", follow_redirects=True).text
    page = prov1.get("/meja/petugas/daftar")
    whom = staff.id_of(office, "rahma").hex()
    answer = prov1.post("/meja/petugas/daftar", prov1.fill(page, "/meja/petugas/daftar", remove=whom))
    assert answer.status_code == 422 and "lebih dari jalur yang didelegasikan" in answer.text
    review = prov1.post("/meja/petugas/daftar", prov1.fill(page, "/meja/petugas/daftar"))
    assert sign(prov1, review, "prov1").status_code == 303
    assert "Ditandatangani Siti Raudah, dengan delegasi" in prov1.get("/meja/petugas/riwayat").text
    review = inspektur.post(path, {**inspektur.fill(inspektur.get(path), path), "cabut": "0"})
    assert "tidak lagi boleh menandatangani" in review.text


def test_a_delegate_with_new_keys_is_said_in_one_line(sit: Sit, office: Inspectorate) -> None:
    # Given a delegation in the signed list, and a step that keeps it with other keys
    id_ = staff.id_of(office, "prov1")
    until = office.clock.today() + timedelta(days=30)
    staff.signed(office, Choices(delegate=(Delegate(id_, ("inspektur",), until),)))
    before = staff.directory(office).current
    renewed = tuple(replace(one, key=bytes(len(one.key))) for one in before.delegations)
    after = replace(before, delegations=renewed)
    with sit("inspektur").client.application.test_request_context("/meja"):
        (line,) = officer_words.lines(changes(before, after), before, after)
    assert (line.sign, line.more) == ("=", "tetap boleh menandatangani, dengan kunci yang baru")


def test_the_role_without_a_key_sees_and_does_not_sign(sit: Sit) -> None:
    page = sit("sekda").get("/meja/petugas/daftar")
    assert page.status_code == 200 and "tidak memegang kunci" in page.text
    assert "Lihat yang akan ditandatangani" not in page.text


def test_expiry_is_said_on_the_first_page_from_thirty_days_before(sit: Sit, office: Inspectorate) -> None:
    said = "Daftar penerima berlaku sampai"
    office.clock.advance(timedelta(days=334))
    for login, path in (("inspektur", "/meja/laporan-masuk"), ("admin", "/meja")):
        assert said not in sit(login).get(path).text
    office.clock.advance(timedelta(days=1))
    for login, path in (("inspektur", "/meja/laporan-masuk"), ("sekda", "/meja/laporan-masuk"), ("admin", "/meja")):
        assert said in sit(login).get(path).text
    assert said not in sit("rahma").get("/meja/laporan-masuk").text
    office.clock.advance(timedelta(days=31))
    assert "sudah lewat masa berlakunya" in sit("inspektur").get("/meja/laporan-masuk").text


@pytest.mark.parametrize(
    "chosen",
    [
        "", "[]", "{}", "null", '{"admit":["zz"],"remove":[],"act":[],"end_acting":[],"delegate":[],"undelegate":[]}',
        '{"admit":[],"remove":[],"act":[["00"]],"end_acting":[],"delegate":[],"undelegate":[]}',
        '{"admit":["' + "00" * 16 + '"],"remove":[],"act":[],"end_acting":[],"delegate":[],"undelegate":[]}',
        '{"admit":[],"remove":[],"act":[],"end_acting":[],"delegate":[["00",7,"2026-01-01"]],"undelegate":[]}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_what_a_browser_makes_up_signs_nothing(sit: Sit, office: Inspectorate, chosen: str) -> None:
    inspektur = sit("inspektur")
    page = inspektur.get("/meja/petugas/daftar")
    review = inspektur.post("/meja/petugas/daftar", inspektur.fill(page, "/meja/petugas/daftar"))
    answer = sign(inspektur, review, chosen=chosen)
    assert answer.status_code == 422 and "Belum ditandatangani" in answer.text
    assert staff.directory(office).current.sequence == 1


def test_without_the_sessions_token_nothing_is_signed_or_invited(sit: Sit, office: Inspectorate) -> None:
    inspektur, admin = sit("inspektur"), sit("admin")
    page = inspektur.get("/meja/petugas/daftar")
    review = inspektur.post("/meja/petugas/daftar", inspektur.fill(page, "/meja/petugas/daftar"))
    assert sign(inspektur, review, csrf="").status_code == 422
    assert admin.post("/meja/petugas/undang", SITI).status_code == 422
    assert staff.directory(office).current.sequence == 1


def test_the_pages_speak_english_too(sit: Sit, desk_app: Flask) -> None:
    inspektur = sit("inspektur")
    for path in ("petugas", "petugas/daftar", "petugas/tugas", "petugas/delegasi", "petugas/riwayat"):
        page = inspektur.get(f"/en/meja/{path}")
        assert page.status_code == 200
        assert not re.search(r"\b(yang|dengan|tidak|untuk)\b", re.sub(r"<[^>]*>", " ", page.text)), path
