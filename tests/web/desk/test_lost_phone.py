"""A lost phone, from the sign-in page to the open desk."""

import re
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from werkzeug.test import TestResponse

from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import FROM_HERE, Browser
from tests.web.desk.test_access import routes
from whistle.crypto import totp
from whistle.services import vouching

Sit = Callable[[str], Browser]


def words_for(office: Inspectorate, browser: Browser, by: str, whom: str = "Rahma") -> str:
    """Let ``by``, who sits at ``browser``, vouch for the colleague of that name."""
    page = browser.get("/meja/rekan/ponsel")
    choice = re.search(rf'<option value="([0-9a-f]{{32}})"[^>]*>{whom}', page.text)
    assert choice
    sent = browser.fill(page, "/meja/rekan/ponsel", whom=choice[1], password=office.credentials[by].password)
    answer = browser.post("/meja/rekan/ponsel", sent)
    assert answer.status_code == 200
    said = re.search(r'class="said-words">([a-z ]+)<', answer.text)
    assert said
    return said[1]


def enter(office: Inspectorate, browser: Browser, words: str, login: str = "rahma") -> TestResponse:
    page = browser.get("/meja/masuk/ponsel")
    sent = {"login": login, "password": office.credentials[login].password, "words": words}
    return browser.post("/meja/masuk/ponsel", browser.fill(page, "/meja/masuk/ponsel", **sent))


def renew(office: Inspectorate, browser: Browser) -> tuple[TestResponse, bytes]:
    """Scan the code on the page and prove it; the answer and the secret."""
    page = browser.get("/meja/ponsel-baru")
    typed = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.text)
    assert typed
    secret = b32decode(typed[1].replace(" ", ""))
    code = totp.code(secret, int(office.clock.now().timestamp()))
    return browser.post("/meja/ponsel-baru", browser.fill(page, "/meja/ponsel-baru", code=code)), secret


def test_the_sign_in_page_leads_to_help_for_a_lost_phone(nobody: Browser) -> None:
    assert 'href="/meja/masuk/ponsel"' in nobody.get("/meja/masuk").text
    page = nobody.get("/meja/masuk/ponsel")
    assert "Admin tidak dapat membantu" in page.text


def test_words_that_were_left_out_are_asked_for_at_the_field(office: Inspectorate, nobody: Browser) -> None:
    answer = enter(office, nobody, "")
    assert answer.status_code == 422 and answer.text.count("Tulis kata-kata dari rekan.") == 2, "on top, and beside it"
    assert "Belum bisa masuk" not in answer.text and 'value="rahma"' in answer.text


def test_from_a_lost_phone_to_the_open_desk(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    colleague = sit("yusuf")
    # When a colleague gives words and the officer signs in with them
    answer = enter(office, nobody, words_for(office, colleague, "yusuf"))
    assert answer.headers["Location"] == "/meja/ponsel-baru"
    before = nobody.cookie()
    done, secret = renew(office, nobody)
    # Then the desk is open under a new cookie, with a page that says what happened and by whom
    assert done.headers["Location"] == "/meja/akun?selesai=ponsel"
    assert nobody.cookie() not in (before, None)
    page = nobody.get("/meja/laporan-masuk")
    assert "Yusuf Maulana memberi kata-kata pengganti ponsel" in page.text
    assert "seseorang masuk sebagai Anda dengan kata-kata itu" in page.text
    assert "kata-kata pengganti ponsel" not in colleague.get("/meja/laporan-masuk").text
    # And the account's own page tells it too, without a link to itself
    told = re.search(r"Tentang ponsel Anda.*?</div>", nobody.get("/meja/akun").text, re.S)
    assert told and "ganti kata sandi" in told[0] and 'href="/meja/akun"' not in told[0]
    assert 'href="/meja/akun"' in re.search(r"Tentang ponsel Anda.*?</div>", page.text, re.S)[0]  # type: ignore[index]
    # And the auditor reads both
    log = sit("auditor").get("/meja/audit").text
    assert "Memberi rekan kata-kata pengganti ponsel" in log and "Masuk dengan kata-kata dari rekan" in log
    office.clock.advance(timedelta(seconds=31))
    code = totp.code(secret, int(office.clock.now().timestamp()))
    assert nobody.sign_in("rahma", code=code).status_code == 303


def test_what_is_told_of_a_phone_ends_when_app_and_password_are_both_new(
    office: Inspectorate, sit: Sit, nobody: Browser
) -> None:
    colleague, path = sit("yusuf"), "/meja/akun/sandi"
    enter(office, nobody, words_for(office, colleague, "yusuf"))
    renew(office, nobody)
    assert "Tentang ponsel Anda" in nobody.get("/meja/laporan-masuk").text, "the app alone is new"
    old, new = office.credentials["rahma"].password, "perahu pagi di hulu"
    typed = {"password": old, "new": new, "again": new}
    assert nobody.post(path, nobody.fill(nobody.get(path), path, **typed)).status_code == 303
    assert "Tentang ponsel Anda" not in nobody.get("/meja/laporan-masuk").text
    # And words that were given afterwards are told again
    words_for(office, colleague, "yusuf")
    assert "Batalkan kata-kata itu" in nobody.get("/meja/laporan-masuk").text


def test_a_session_with_words_reaches_one_page_alone(
    office: Inspectorate, desk_app: Flask, sit: Sit, nobody: Browser
) -> None:
    enter(office, nobody, words_for(office, sit("yusuf"), "yusuf"))
    for method, path, access in routes(desk_app):
        if access.kind == "anonymous_desk":
            continue
        answer = nobody.client.open(path, method=method, headers=FROM_HERE)
        if access.permission == "account.phone":
            assert answer.status_code in (200, 422), path
        else:
            assert answer.status_code == 303, path
            assert answer.headers["Location"].endswith("/meja/ponsel-baru"), path
    page = nobody.get("/meja/ponsel-baru")
    assert set(re.findall(r'href="(/meja[^"]*)"', page.text)) == {"/meja"}


def test_a_session_with_words_can_be_left(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    enter(office, nobody, words_for(office, sit("yusuf"), "yusuf"))
    page = nobody.get("/meja/ponsel-baru")
    assert nobody.post("/meja/keluar", nobody.fill(page, "/meja/keluar")).headers["Location"] == (
        "/meja/masuk?alasan=out"
    )
    assert nobody.cookie() is None


def test_a_wrong_code_of_the_new_app_keeps_the_page(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    enter(office, nobody, words_for(office, sit("yusuf"), "yusuf"))
    page = nobody.get("/meja/ponsel-baru")
    again = nobody.post("/meja/ponsel-baru", nobody.fill(page, "/meja/ponsel-baru", code="000000"))
    shown = [re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", found.text) for found in (page, again)]
    assert again.status_code == 422 and shown[0] and shown[1] and shown[0][1] == shown[1][1]


def test_every_refusal_is_one_sentence_and_too_late_is_said_kindly(
    office: Inspectorate, sit: Sit, nobody: Browser
) -> None:
    words = words_for(office, sit("yusuf"), "yusuf")
    for login, typed in (("rahma", "kayuh kayuh"), ("admin", words)):
        answer = enter(office, nobody, typed, login)
        assert answer.status_code == 403 and "tidak cocok" in answer.text and "Set-Cookie" not in answer.headers
    office.clock.advance(timedelta(seconds=vouching.SECONDS + 60))
    late = enter(office, nobody, words)
    assert late.status_code == 403 and "sudah lewat waktu" in late.text


def test_a_full_session_sets_up_its_second_factor_on_the_accounts_page(sit: Sit) -> None:
    assert sit("rahma").get("/meja/ponsel-baru").headers["Location"] == "/meja/akun/ponsel"


def test_the_words_come_once_and_mistakes_are_named(office: Inspectorate, sit: Sit) -> None:
    browser = sit("yusuf")
    page = browser.get("/meja/rekan/ponsel")
    assert "Yusuf Maulana" not in page.text.partition("<form method=\"post\" action=\"/meja/rekan/ponsel\"")[2]
    wrong = browser.post("/meja/rekan/ponsel", browser.fill(page, "/meja/rekan/ponsel", whom="", password="x"))
    assert wrong.status_code == 422 and "Pilih rekan yang Anda bantu." in wrong.text
    choice = re.search(r'<option value="([0-9a-f]{32})"', page.text)
    assert choice
    sent = browser.fill(page, "/meja/rekan/ponsel", whom=choice[1], password="bukan kata sandinya")
    assert "Kata sandi ini tidak cocok." in browser.post("/meja/rekan/ponsel", sent).text
    assert browser.post("/meja/rekan/ponsel", {**sent, "csrf": ""}).status_code == 422


def test_only_who_may_vouch_is_offered_it(sit: Sit) -> None:
    assert "/meja/rekan/ponsel" in sit("hendra").get("/meja/akun").text
    for login in ("admin", "auditor"):
        browser = sit(login)
        assert "/meja/rekan/ponsel" not in browser.get("/meja/akun").text
        assert browser.get("/meja/rekan/ponsel").status_code == 403


def test_words_that_nobody_asked_for_are_cancelled_by_the_officer(
    office: Inspectorate, sit: Sit, nobody: Browser
) -> None:
    rahma = sit("rahma")
    words = words_for(office, sit("yusuf"), "yusuf")
    page = rahma.get("/meja/laporan-masuk")
    assert "Kata-kata itu belum dipakai." in page.text
    rahma.post("/meja/akun/kata-rekan/batal", rahma.fill(page, "/meja/akun/kata-rekan/batal"))
    assert enter(office, nobody, words).status_code == 403
    assert "Kata-kata itu belum dipakai." not in rahma.get("/meja/laporan-masuk").text
