"""Nobody else's page can act through an officer's browser."""

from collections.abc import Callable

import pytest

from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import FROM_HERE, Browser
from whistle.web.desk import csrf

FOREIGN = [
    {},
    {"Origin": "null"},
    {"Origin": "https://example.org"},
    {"Origin": "http://localhost.example.org"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/meja/masuk", "/meja/keluar", "/en/meja/masuk"])
def test_a_post_from_elsewhere_is_refused_before_anything_else(
    path: str, headers: dict[str, str], nobody: Browser
) -> None:
    answer = nobody.post(path, nobody.credentials("rahma"), headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_a_browser_without_fetch_metadata_is_known_by_its_origin(nobody: Browser) -> None:
    answer = nobody.post("/meja/masuk", nobody.credentials("rahma"), {"Origin": "http://localhost"})
    assert answer.status_code == 303


def test_a_foreign_page_cannot_write_to_a_case(office: Inspectorate, sit: Callable[[str], Browser]) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    browser = sit("rahma")
    note = browser.fill(browser.get(path), f"{path}/catat", text="Dari luar")
    for headers in FOREIGN:
        assert browser.post(f"{path}/catat", note, headers).status_code == 403
    assert "Dari luar" not in browser.get(path).text


@pytest.mark.parametrize("token", [None, "", "x", "ü", "A" * 88, "A" * 5000])
def test_a_missing_or_wrong_token_is_refused_and_the_text_kept(
    token: str | None, office: Inspectorate, sit: Callable[[str], Browser]
) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    browser = sit("rahma")
    note = browser.fill(browser.get(path), f"{path}/catat", text="Tanpa token", csrf=token)
    if token is None:
        del note["csrf"]
    answer = browser.post(f"{path}/catat", note)
    assert answer.status_code == 422
    assert "Belum terkirim" in answer.text and "Tanpa token" in answer.text
    assert "Tanpa token" not in browser.get(path).text


def test_another_sessions_token_is_refused(office: Inspectorate, sit: Callable[[str], Browser]) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    mine, other = sit("rahma"), sit("rahma")
    note = other.fill(other.get(path), f"{path}/catat", text="Token orang lain")
    assert mine.post(f"{path}/catat", note).status_code == 422
    assert other.post(f"{path}/catat", note).status_code == 303


def test_declaring_needs_the_token(office: Inspectorate, sit: Callable[[str], Browser]) -> None:
    _, _, case = office.report()
    path = f"/meja/kasus/{case.hex()}"
    browser = sit("rahma")
    browser.post(f"{path}/nyatakan", {})
    assert "Apakah Anda punya konflik kepentingan?" in browser.get(path).text


def test_a_token_belongs_to_its_secret_and_never_looks_the_same() -> None:
    one, other = bytes(32), bytes([1]) * 32
    tokens = {csrf.token(one) for _ in range(20)}
    assert len(tokens) == 20
    assert all(csrf.belongs(one, token) and not csrf.belongs(other, token) for token in tokens)
    assert FROM_HERE
