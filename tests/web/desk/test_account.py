"""The own account as an officer sees it."""

import re
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta

from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser, form_of, hidden_of
from whistle.crypto import totp

NEW = " kayuh baimbai di sungai "
Sit = Callable[[str], Browser]


def test_the_name_in_the_band_leads_to_the_account(sit: Sit) -> None:
    for login in ("rahma", "admin", "auditor"):
        page = sit(login).client.get("/meja", follow_redirects=True)
        assert 'href="/meja/akun"' in page.text, login


def test_a_password_is_changed_and_may_begin_with_a_space(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    browser, old = sit("rahma"), office.credentials["rahma"].password
    page = browser.get("/meja/akun/sandi")
    sent = browser.fill(page, "/meja/akun/sandi", password=old, new=NEW, again=NEW)
    done = browser.post("/meja/akun/sandi", sent)
    assert done.headers["Location"] == "/meja/akun?selesai=sandi&n=0"
    assert "Kata sandi Anda sudah diganti." in browser.get(done.headers["Location"]).text
    assert nobody.sign_in("rahma").status_code == 403
    assert nobody.sign_in("rahma", password=NEW.strip()).status_code == 403
    assert nobody.sign_in("rahma", password=NEW).status_code == 303


def test_each_mistake_is_named_beside_its_field_and_no_password_comes_back(office: Inspectorate, sit: Sit) -> None:
    browser, old = sit("rahma"), office.credentials["rahma"].password
    page = browser.get("/meja/akun/sandi")
    for typed, sentence in (
        ({"password": "", "new": NEW, "again": NEW}, "Tulis kata sandi Anda sekarang."),
        ({"password": "salah sama sekali", "new": NEW, "again": NEW}, "Kata sandi ini tidak cocok."),
        ({"password": old, "new": NEW, "again": NEW + "x"}, "Kedua kata sandi baru tidak sama."),
        ({"password": old, "new": "pendek", "again": "pendek"}, "paling sedikit 15 huruf"),
        ({"password": old, "new": old, "again": old}, "Ini kata sandi yang lama."),
    ):
        answer = browser.post("/meja/akun/sandi", browser.fill(page, "/meja/akun/sandi", **typed))
        assert answer.status_code == 422, typed
        assert sentence in answer.text
        form = form_of(answer, "/meja/akun/sandi")
        assert not re.search(r'type="password"[^>]*value="[^"]+"', form)
        assert NEW.strip() not in answer.text and old not in answer.text


def test_nothing_is_changed_without_the_token(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    browser, old = sit("rahma"), office.credentials["rahma"].password
    assert browser.post("/meja/akun/sandi", {"password": old, "new": NEW, "again": NEW}).status_code == 422
    assert browser.post("/meja/akun/sesi", {"session": "lain"}).headers["Location"] == "/meja/akun"
    assert nobody.sign_in("rahma").status_code == 303


def test_sessions_are_shown_by_their_times_alone_and_ended(sit: Sit) -> None:
    other, here = sit("rahma"), sit("rahma")
    page = here.client.get("/meja/akun", headers={"User-Agent": "Peramban/9"})
    assert page.text.count("sesi ini") == 1
    assert "Peramban/9" not in page.text and "127.0.0.1" not in page.text
    which = re.search(r'name="session" value="([0-9a-f]{32})"', page.text)
    assert which
    ended = here.post("/meja/akun/sesi", here.fill(page, "/meja/akun/sesi", session=which[1]))
    assert "1 sesi diakhiri." in here.get(ended.headers["Location"]).text
    assert "/meja/masuk" in other.get("/meja/akun").headers["Location"]
    assert 'value="lain"' not in here.get("/meja/akun").text


def test_all_other_sessions_end_at_once(sit: Sit) -> None:
    first, second, here = sit("rahma"), sit("rahma"), sit("rahma")
    here.post("/meja/akun/sesi", here.fill(here.get("/meja/akun"), "/meja/akun/sesi", session="lain"))
    for browser in (first, second):
        assert "/meja/masuk" in browser.get("/meja/akun").headers["Location"]
    assert here.get("/meja/akun").status_code == 200


def test_a_session_that_is_none_is_not_found(sit: Sit) -> None:
    browser = sit("rahma")
    page = browser.get("/meja/akun")
    assert browser.post("/meja/akun/sesi", browser.fill(page, "/meja/akun/sesi", session="x")).status_code == 404


def test_the_limits_are_told(sit: Sit) -> None:
    assert "15 menit tidak dipakai, dan paling lama 8 jam" in sit("rahma").get("/meja/akun").text


def test_a_new_app_is_scanned_proved_and_used(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    browser, who = sit("rahma"), office.credentials["rahma"]
    page = browser.get("/meja/akun/ponsel")
    assert "<svg" in page.text
    typed = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.text)
    assert typed
    secret = b32decode(typed[1].replace(" ", ""))
    # When the first try has a mistake, the same code is on the page again
    wrong = browser.fill(page, "/meja/akun/ponsel", password=who.password, code="000000")
    again = browser.post("/meja/akun/ponsel", wrong)
    assert again.status_code == 422 and typed[1] in again.text and "tidak cocok" in again.text
    code = totp.code(secret, int(office.clock.now().timestamp()))
    sent = {**hidden_of(form_of(again, "/meja/akun/ponsel")), "password": who.password, "code": code}
    assert browser.post("/meja/akun/ponsel", sent).headers["Location"] == "/meja/akun?selesai=ponsel&n=0"
    # Then the new app signs in and the old one does not
    assert nobody.sign_in("rahma").status_code == 403
    office.clock.advance(timedelta(seconds=31))
    fresh = totp.code(secret, int(office.clock.now().timestamp()))
    assert nobody.sign_in("rahma", code=fresh).status_code == 303


def test_every_visit_offers_another_secret(sit: Sit) -> None:
    browser = sit("rahma")
    first, second = (browser.get("/meja/akun/ponsel").text for _ in range(2))
    codes = [re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page) for page in (first, second)]
    assert codes[0] and codes[1] and codes[0][1] != codes[1][1]
