"""From the invitation to an officer's own keys, as admin and newcomer see it."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.inspectorate import Inspectorate
from tests.services import staff
from tests.web.desk.conftest import Browser, form_of
from tests.web.desk.joining import SITI, Sit, again, enrol, invite, key_words, link_of, sign, staff_secret


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
