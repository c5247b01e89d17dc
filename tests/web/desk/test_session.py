"""Signing in, the cookie, and what happens when a session is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser, form_of, hidden_of
from whistle.services import devices, tries
from whistle.web.desk.session import COOKIE, DEVICE

SENTENCE = "Nama masuk, kata sandi, atau kode tidak cocok."


def test_the_cookie_is_secure_http_only_strict_and_for_this_host_alone(nobody: Browser) -> None:
    session, device = nobody.sign_in("rahma").headers.getlist("Set-Cookie")
    name, flags = read(session)
    assert name == COOKIE == "__Host-meja"
    assert flags == {"secure", "httponly", "samesite=strict", "path=/"}
    # and so is the one that stays, by which the browser is known again
    name, flags = read(device)
    assert name == DEVICE == "__Host-meja-peramban"
    assert {flag for flag in flags if not flag.startswith("expires=")} == {
        "secure", "httponly", "samesite=strict", "path=/", f"max-age={devices.DAYS * 86_400}",
    }  # fmt: skip
    assert "rahma" not in device


def read(cookie: str) -> tuple[str, set[str]]:
    name, _, rest = cookie.partition("=")
    return name, {part.strip().lower() for part in rest.split(";")[1:]}


def test_a_flood_of_wrong_sign_ins_does_not_keep_the_officers_own_browser_waiting(
    nobody: Browser, sit: Callable[[str], Browser]
) -> None:
    # Given rahma, who signed in and out, and strangers who go on typing her name
    mine = sit("rahma")
    mine.post("/meja/keluar", mine.fill(mine.get("/meja/akun"), "/meja/keluar"))
    assert mine.cookie() is None
    for _ in range(tries.FREE_FAILURES + 5):
        nobody.sign_in("rahma", password="salah")
    assert "Tunggu" in nobody.post("/meja/masuk", nobody.credentials("rahma")).text
    # Then her own browser is let in at once
    assert mine.post("/meja/masuk", mine.credentials("rahma")).status_code == 303


def test_a_page_that_was_asked_for_comes_back_after_sign_in(nobody: Browser) -> None:
    asked = nobody.get("/meja/laporan-masuk?stage=TELAAH")
    page = nobody.get(asked.headers["Location"])
    back = hidden_of(form_of(page, "/meja/masuk"))["ke"]
    assert nobody.sign_in("rahma", ke=back).headers["Location"] == "/meja/laporan-masuk?stage=TELAAH"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/meja", "//example.org/meja", "/lapor", "/meja/../lapor", "/meja/keluar", "/mejaku", "\\\\x"],
)
def test_sign_in_leads_nowhere_but_to_the_desk(elsewhere: str, nobody: Browser) -> None:
    assert nobody.sign_in("rahma", ke=elsewhere).headers["Location"] == "/meja"


@pytest.mark.parametrize("wrong", [{"password": "salah"}, {"code": "000000"}, {"login": "siapa"}])
def test_every_refusal_is_the_same_sentence(wrong: dict[str, object], nobody: Browser) -> None:
    answer = nobody.sign_in("rahma", **wrong)
    assert answer.status_code == 403
    assert SENTENCE in answer.text
    assert "Set-Cookie" not in answer.headers
    assert nobody.office.credentials["rahma"].password not in answer.text


def test_who_has_to_wait_is_told_how_long(nobody: Browser) -> None:
    for _ in range(tries.FREE_FAILURES + 1):
        answer = nobody.post("/meja/masuk", {"login": "rahma", "password": "salah", "code": "1"})
    assert SENTENCE in answer.text
    assert "detik sebelum mencoba lagi" in answer.text


@pytest.mark.parametrize("login", ["rahma", "siapa"])
@pytest.mark.parametrize("right", [True, False])
def test_what_comes_within_the_wait_is_not_called_wrong_whoever_it_is_of(
    login: str, right: bool, nobody: Browser
) -> None:
    for _ in range(tries.FREE_FAILURES + 1):
        nobody.post("/meja/masuk", {"login": login, "password": "salah", "code": "1"})
    typed = {**nobody.credentials("rahma"), "login": login, **({} if right else {"code": "1"})}
    answer = nobody.post("/meja/masuk", typed)
    assert answer.status_code == 403
    assert "Belum diperiksa. Tunggu 2 detik, lalu coba lagi." in answer.text and SENTENCE not in answer.text


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        ("login", "Tulis nama masuk Anda."),
        ("password", "Tulis kata sandi Anda."),
        ("code", "Tulis kode enam angka dari aplikasi autentikator."),
    ],
)
def test_what_was_left_empty_is_said_at_its_field_and_is_no_try(empty: str, said: str, nobody: Browser) -> None:
    for _ in range(tries.FREE_FAILURES + 2):
        answer = nobody.post("/meja/masuk", {**nobody.credentials("rahma"), empty: " "})
        assert answer.status_code == 422
    assert said in form_of(answer, "/meja/masuk") and "Tunggu" not in answer.text and SENTENCE not in answer.text
    assert nobody.sign_in("rahma").status_code == 303


def test_signing_out_ends_the_session_on_the_server(sit: Callable[[str], Browser]) -> None:
    browser = sit("rahma")
    cookie = browser.cookie()
    assert cookie is not None
    page = browser.get("/meja/laporan-masuk")
    out = browser.post("/meja/keluar", browser.fill(page, "/meja/keluar"))
    assert out.headers["Location"] == "/meja/masuk?alasan=out"
    assert browser.cookie() is None
    # When the old cookie is put back
    browser.client.set_cookie(COOKIE, cookie)
    assert "/meja/masuk" in browser.get("/meja/laporan-masuk").headers["Location"]


def test_signing_out_needs_the_token(sit: Callable[[str], Browser]) -> None:
    browser = sit("rahma")
    assert browser.post("/meja/keluar", {}).headers["Location"] == "/meja"
    assert browser.get("/meja/laporan-masuk").status_code == 200


@pytest.mark.parametrize(
    ("pass_by", "sentence"),
    [(timedelta(minutes=16), "lama tidak dipakai"), (timedelta(hours=9), "batas waktunya")],
)
def test_the_sign_in_page_says_why_a_session_ended(
    pass_by: timedelta, sentence: str, office: Inspectorate, sit: Callable[[str], Browser]
) -> None:
    browser = sit("rahma")
    office.clock.advance(pass_by)
    answer = browser.get("/meja/laporan-masuk")
    assert browser.cookie() is None
    page = browser.get(answer.headers["Location"])
    assert sentence in page.text


def test_nonsense_in_the_cookie_is_a_session_that_is_over(nobody: Browser) -> None:
    for value in ("x", "ü", "A" * 43, "A" * 3000):
        nobody.client.set_cookie(COOKIE, value)
        assert "alasan=gone" in nobody.get("/meja/laporan-masuk").headers["Location"]


def test_what_was_typed_survives_the_end_of_a_session(office: Inspectorate, sit: Callable[[str], Browser]) -> None:
    # Given a long note, typed in a session that ended meanwhile
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    browser = sit("rahma")
    note = browser.fill(browser.get(path), f"{path}/catat", text="Catatan <b>panjang</b>\nbaris dua")
    office.clock.advance(timedelta(hours=9))
    # When it is sent
    page = browser.post(f"{path}/catat", note)
    assert page.status_code == 403
    assert "tidak hilang" in page.text
    hidden = hidden_of(form_of(page, "/meja/masuk"))
    assert "csrf" not in " ".join(hidden)
    # Then a wrong password keeps it, and the page after sign-in shows it, with a token that works
    page = browser.sign_in("rahma", **{**hidden, "password": "salah"})
    assert "tidak hilang" in page.text
    page = browser.sign_in("rahma", **hidden_of(form_of(page, "/meja/masuk")))
    assert "Catatan &lt;b&gt;panjang&lt;/b&gt;" in page.text
    assert "baris dua" in page.text
    sent = browser.post(f"{path}/catat", browser.fill(page, f"{path}/catat", text="Catatan <b>panjang</b>\nbaris dua"))
    assert sent.status_code == 303
    assert "Catatan &lt;b&gt;panjang&lt;/b&gt;\nbaris dua" in browser.get(path).text


def test_nothing_is_done_by_signing_in_alone(office: Inspectorate, nobody: Browser) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    page = nobody.post(f"{path}/balas", {"text": "Tidak boleh terkirim sendiri", "action_id": "ab" * 16})
    page = nobody.sign_in("rahma", **hidden_of(form_of(page, "/meja/masuk")))
    assert "Tidak boleh terkirim sendiri" in page.text
    assert "Tidak boleh terkirim sendiri" not in nobody.get(path).text


def test_the_desk_is_kept_in_no_cache(desk_app: Flask, sit: Callable[[str], Browser]) -> None:
    browser = sit("rahma")
    for path in ("/meja/masuk", "/meja/laporan-masuk", "/meja/kasus/" + "00" * 16, "/meja/tidak-ada"):
        assert browser.get(path).headers["Cache-Control"] == "no-store", path
