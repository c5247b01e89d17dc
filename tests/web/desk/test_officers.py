"""Officers come and go, as its people see it: admin, newcomer, signer."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.inspectorate import Inspectorate
from tests.services import staff
from tests.web.desk.conftest import Browser, form_of
from whistle.casefile.manifest_changes import changes
from whistle.services import suspension
from whistle.services.invitations import Person
from whistle.services.proposal import Choices, Delegate
from whistle.services.setup import Credentials
from whistle.web.desk import officer_words

Sit = Callable[[str], Browser]
SITI = {"login": "siti", "name": "Siti Aminah, S.H.", "place": "triase"}


def invite(browser: Browser, **typed: object) -> TestResponse:
    page = browser.get("/meja/petugas/undang")
    return browser.post("/meja/petugas/undang", browser.fill(page, "/meja/petugas/undang", **{**SITI, **typed}))


def link_of(page: TestResponse) -> str:
    found = re.search(r"http://localhost(/meja/undangan/[\w-]{43})</textarea>", page.text)
    assert found, page.text
    return found[1]


def enrol(browser: Browser, link: str, **typed: object) -> TestResponse:
    page = browser.get(link)
    sent = browser.fill(page, "/meja/undangan", new=staff.PASSWORD, again=staff.PASSWORD)
    secret = staff_secret(str(sent["secret"]))
    sent["code"] = staff.code_of(browser.office, secret)
    answer = browser.post("/meja/undangan", {**sent, **typed})
    if answer.status_code == 200:
        browser.office.credentials["siti"] = Credentials("siti", "", "penelaah", staff.PASSWORD, secret)
    return answer


def again(browser: Browser, link: str, password: str = staff.PASSWORD) -> TestResponse:
    """The link once more, with the password that shows the words."""
    return browser.post("/meja/undangan/kata", {"link": link.rpartition("/")[2], "password": password})


def staff_secret(text: str) -> bytes:
    from base64 import b32decode

    return b32decode(text)


def key_words(page: TestResponse) -> list[str]:
    found = re.search(r'<ol class="key-words">(.*?)</ol>', page.text, re.S)
    assert found, page.text
    return re.findall(r"<li>(\w+)</li>", found[1])


def sign(browser: Browser, review: TestResponse, login: str = "inspektur", **typed: object) -> TestResponse:
    password = browser.office.credentials[login].password
    sent = browser.fill(review, "/meja/petugas/tanda-tangan", **{"password": password, **typed})
    return browser.post("/meja/petugas/tanda-tangan", sent)


def test_from_the_invitation_to_the_first_report(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    # Given an invitation
    admin, inspektur = sit("admin"), sit("inspektur")
    link = link_of(invite(admin))
    assert "tautan belum dipakai" in admin.get("/meja/petugas").text
    # When the newcomer opens the link, with no session, and makes keys
    answer = enrol(nobody, link)
    words = key_words(answer)
    assert len(words) == 6 and key_words(again(nobody, link)) == words
    # and signs in too early: kindly told
    early = nobody.sign_in("siti")
    assert early.status_code == 403 and "Kunci Anda menunggu tanda tangan" in early.text
    # and the signer sees the same words, twice, and signs
    assert "1 petugas baru menunggu tanda tangan" in inspektur.client.get("/meja", follow_redirects=True).text
    page = inspektur.get("/meja/petugas/daftar")
    assert key_words(page) == words
    choice = re.search(r'name="admit" value="(\w{32})"', page.text)
    assert choice
    review = inspektur.post(
        "/meja/petugas/daftar", inspektur.fill(page, "/meja/petugas/daftar", admit=choice[1])
    )
    assert review.status_code == 200 and key_words(review) == words
    assert "Siti Aminah, S.H." in review.text and "membaca laporan baru" in review.text
    done = sign(inspektur, review)
    assert done.headers["Location"] == "/meja/petugas?selesai=ditandatangani"
    # Then they are in, and the link is over
    assert nobody.sign_in("siti").status_code == 303
    _, _, case = office.report()
    assert nobody.get(f"/meja/kasus/{case.hex()}").status_code == 200
    assert nobody.get(link).status_code == 410
    history = inspektur.get("/meja/petugas/riwayat").text
    assert "Daftar ke-2" in history and "Siti Aminah, S.H." in history and "kunci akar" in history


def test_looking_at_a_link_uses_nothing_up(sit: Sit, nobody: Browser) -> None:
    link = link_of(invite(sit("admin")))
    for _ in range(3):
        assert nobody.get(link).status_code == 200
    assert nobody.client.head(link).status_code == 200
    assert enrol(nobody, link).status_code == 200


def test_a_double_tap_and_a_lost_answer_lead_to_the_same_words(sit: Sit, nobody: Browser) -> None:
    link = link_of(invite(sit("admin")))
    page = nobody.get(link)
    sent = nobody.fill(page, "/meja/undangan", new=staff.PASSWORD, again=staff.PASSWORD)
    sent["code"] = staff.code_of(nobody.office, staff_secret(str(sent["secret"])))
    first, second = nobody.post("/meja/undangan", sent), nobody.post("/meja/undangan", sent)
    assert key_words(first) == key_words(again(nobody, link))
    assert second.headers["Location"] == link
    nobody.office.clock.advance(timedelta(days=3))
    assert nobody.post("/meja/undangan", sent).headers["Location"] == link
    assert len(key_words(again(nobody, link))) == 6


def test_every_page_says_alike_how_the_six_words_are_compared(sit: Sit, nobody: Browser) -> None:
    # Given the pages of who invites, who is invited and who signs
    admin, inspektur, path = sit("admin"), sit("inspektur"), "/meja/petugas/daftar"
    invited = invite(admin)
    made = enrol(nobody, link_of(invited))
    changes = inspektur.get(path)
    choice = re.search(r'name="admit" value="(\w{32})"', changes.text)
    assert choice
    review = inspektur.post(path, inspektur.fill(changes, path, admit=choice[1]))
    # Then each says the same
    for page in (invited, made, changes, review):
        assert page.status_code == 200 and "tatap muka, tidak lewat pesan atau telepon" in page.text


def test_who_has_just_made_keys_is_not_told_that_somebody_else_did(sit: Sit, nobody: Browser) -> None:
    link, said = link_of(invite(sit("admin"))), "orang lain sudah memakai tautan Anda"
    assert said not in enrol(nobody, link).text
    assert said not in again(nobody, link).text
    assert said in nobody.get(link).text  # the page that does not know who asks


def test_a_link_that_was_used_shows_no_words_without_the_password(sit: Sit, nobody: Browser) -> None:
    link = link_of(invite(sit("admin")))
    enrol(nobody, link)
    page = nobody.get(link)
    assert page.status_code == 200 and "key-words" not in page.text
    wrong = again(nobody, link, password="bukan ini sandinya")
    assert wrong.status_code == 422 and "key-words" not in wrong.text and "tidak cocok" in wrong.text
    assert again(nobody, "/meja/undangan/" + "a" * 43).status_code == 410


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"new": "pendek", "again": "pendek"}, "Terlalu pendek"),
        ({"again": "lain"}, "Kedua kata sandi tidak sama"),
        ({"new": "", "again": ""}, "Tulis kata sandi."),
        ({"code": "000000"}, "Kode ini tidak cocok"),
        ({"code": ""}, "Tulis kode enam angka"),
        ({"new": "sitisitisiti1abc", "again": "sitisitisiti1abc"}, "hampir sama dengan nama masuk"),
    ],
)
def test_each_mistake_is_named_and_the_same_qr_code_stays(
    sit: Sit, nobody: Browser, typed: dict[str, object], said: str
) -> None:
    link = link_of(invite(sit("admin")))
    page = nobody.get(link)
    answer = enrol(nobody, link, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert staff.PASSWORD not in answer.text
    before = nobody.fill(page, "/meja/undangan")["secret"]
    again = nobody.post("/meja/undangan", {**nobody.fill(page, "/meja/undangan"), "new": "x"})
    assert nobody.fill(again, "/meja/undangan")["secret"] == before


@pytest.mark.parametrize("secret", ["", "AAAA", "bukan base32!", "é"])
def test_a_form_without_its_second_factor_gets_another(sit: Sit, nobody: Browser, secret: str) -> None:
    link = link_of(invite(sit("admin")))
    answer = enrol(nobody, link, secret=secret)
    assert answer.status_code == 422
    assert nobody.fill(answer, "/meja/undangan")["secret"] != secret


def test_the_token_is_in_no_referer_no_cookie_and_no_other_address(sit: Sit, nobody: Browser) -> None:
    link = link_of(invite(sit("admin")))
    token = link.rpartition("/")[2]
    page = nobody.get(link)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page.text)
    # the other language alone, by one's own click
    assert [a for a in addresses if token in a] == [f"/en/meja/undangan/{token}"]
    assert nobody.get("/meja/masuk").headers["Referrer-Policy"] == "same-origin"


def test_a_link_from_elsewhere_makes_no_keys(sit: Sit, nobody: Browser) -> None:
    link = link_of(invite(sit("admin")))
    sent = nobody.fill(nobody.get(link), "/meja/undangan", new=staff.PASSWORD, again=staff.PASSWORD)
    sent["code"] = staff.code_of(nobody.office, staff_secret(str(sent["secret"])))
    assert nobody.post("/meja/undangan", sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert 'name="new"' in nobody.get(link).text


def test_an_unknown_and_an_old_link_are_one_page(sit: Sit, nobody: Browser, office: Inspectorate) -> None:
    link = link_of(invite(sit("admin")))
    office.clock.advance(timedelta(days=8))
    for path in (link, "/meja/undangan/" + "x" * 43, "/meja/undangan"):
        answer = nobody.get(path)
        assert answer.status_code == 410 and "Tautan ini tidak berlaku" in answer.text
    assert nobody.post("/meja/undangan", {"link": "x"}).status_code == 410


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"login": "Siti Aminah"}, "Nama masuk hanya huruf kecil"),
        ({"login": ""}, "Tulis nama masuknya."),
        ({"name": ""}, "Tulis nama lengkapnya."),
        ({"place": ""}, "Pilih unitnya."),
        ({"place": "lain"}, "Pilih salah satu dari daftar."),
        ({"login": "inspektur"}, "menyimpan kunci akar"),
    ],
)
def test_the_invitation_form_names_what_is_wrong_and_keeps_the_rest(
    sit: Sit, typed: dict[str, object], said: str
) -> None:
    answer = invite(sit("admin"), **typed)
    assert answer.status_code == 422
    assert said in answer.text
    if "name" not in typed:
        assert 'value="Siti Aminah, S.H."' in form_of(answer, "/meja/petugas/undang")


def test_an_invitation_is_withdrawn(sit: Sit, nobody: Browser) -> None:
    admin = sit("admin")
    link = link_of(invite(admin))
    page = admin.get("/meja/petugas")
    path = re.search(r'href="(/meja/petugas/\w{32}/batalkan)"', page.text)
    assert path
    assert admin.post(path[1], {}).headers["Location"] == path[1]  # without the token nothing happens
    page = admin.get(path[1])
    assert "Batalkan undangan Siti Aminah, S.H.?" in page.text and "Kuncinya sudah dibuat" not in page.text
    assert nobody.get(link).status_code == 200
    # Keys that are made after the page was shown are asked about
    words = key_words(enrol(nobody, link))
    assert admin.post(path[1], admin.fill(page, path[1])).headers["Location"] == path[1]
    page = admin.get(path[1])
    assert "Kuncinya sudah dibuat" in page.text and key_words(again(nobody, link)) == words
    done = admin.post(path[1], admin.fill(page, path[1]))
    assert done.headers["Location"].endswith("selesai=dibatalkan")
    assert nobody.get(link).status_code == 410
    assert admin.get(path[1]).headers["Location"] == "/meja/petugas"


def test_an_officer_who_is_there_is_invited_for_new_keys_only_after_a_question(
    sit: Sit, nobody: Browser, office: Inspectorate
) -> None:
    # Given the login of somebody who works here, in a form for somebody new
    admin, path, asked = sit("admin"), "/meja/petugas/undang", "Nama masuk ini milik Rahma Yuliani."
    answer = invite(admin, login="rahma", name="Budi Santoso")
    # Then there is no link: whose name it is, that another was typed, and what was typed
    assert answer.status_code == 422 and f"{asked} Undang dia untuk kunci baru?" in answer.text
    assert "Anda menulis nama lain: “Budi Santoso”" in answer.text and 'value="Budi Santoso"' in answer.text
    assert "Ya, ini Rahma Yuliani dengan nama baru" in answer.text and "/meja/undangan/" not in answer.text
    # When the name is put right, the same is asked without a contradiction
    typed = {"login": "rahma", "name": "Rahma Yuliani", "place": "triase"}
    answer = admin.post(path, admin.fill(answer, path, **typed))
    assert answer.status_code == 422 and asked in answer.text and "nama lain" not in answer.text
    # and the yes makes a link that says what it is for
    made = admin.post(path, admin.fill(answer, path, **typed))
    assert made.status_code == 200 and "Kunci baru untuk petugas yang sudah ada" in made.text
    # Then who signs is told of new keys, and not of somebody new
    enrol(nobody, link_of(made))
    told = sit("inspektur").client.get("/meja", follow_redirects=True).text
    assert "1 petugas yang sudah ada membuat kunci baru" in told and "petugas baru menunggu" not in told


def test_an_officers_page_leads_to_the_question(sit: Sit, office: Inspectorate) -> None:
    admin, path = sit("admin"), "/meja/petugas/undang"
    page = admin.get(f"/meja/petugas/{staff.id_of(office, 'rahma').hex()}")
    href = re.search(rf'href="({path}\?[^"]*)"', page.text)
    assert href
    page = admin.get(unescape(href[1]))
    assert page.status_code == 200 and "Undang dia untuk kunci baru?" in page.text
    typed = {"login": "rahma", "name": "Rahma Yuliani", "place": "triase"}
    assert link_of(admin.post(path, admin.fill(page, path, **typed)))


def test_a_link_that_was_made_is_not_made_again_by_the_same_form(sit: Sit, nobody: Browser) -> None:
    # Given a form that made a link
    admin, path = sit("admin"), "/meja/petugas/undang"
    sent = admin.fill(admin.get(path), path, **SITI)
    link = link_of(admin.post(path, sent))
    # When the page of the link is loaded again
    answer = admin.post(path, sent)
    # Then it says that the link was made, and the link still works
    assert answer.status_code == 422 and "Sudah ada tautan untuk nama masuk ini" in answer.text
    assert nobody.get(link).status_code == 200
    # When a new one is asked for, the old one ends, and loading again ends nothing more
    sent = admin.fill(answer, path, **SITI)
    fresh = link_of(admin.post(path, sent))
    assert admin.post(path, sent).status_code == 422
    assert (nobody.get(link).status_code, nobody.get(fresh).status_code) == (410, 200)


def test_keys_that_wait_are_thrown_away_only_after_a_question(sit: Sit, nobody: Browser) -> None:
    admin, path = sit("admin"), "/meja/petugas/undang"
    link = link_of(invite(admin))
    words = key_words(enrol(nobody, link))
    answer = invite(admin)
    assert answer.status_code == 422 and "Tautan baru membuang kunci itu" in answer.text
    assert "Sudah ada tautan" not in answer.text and key_words(again(nobody, link)) == words
    assert 'name="new"' in nobody.get(link_of(admin.post(path, admin.fill(answer, path, **SITI)))).text
    assert nobody.get(link).status_code == 410


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
