"""The officers and each role's first page. The audit log is in test_audit.py."""

from collections.abc import Callable

from tests.web.desk.conftest import Browser

Sit = Callable[[str], Browser]


def test_each_home_says_what_the_role_can_do(sit: Sit) -> None:
    assert "Tidak dapat membaca laporan" in sit("admin").get("/meja").text
    assert "tanpa isi laporan" in sit("auditor").get("/meja").text
    assert sit("rahma").get("/meja").headers["Location"] == "/meja/laporan-masuk"


def test_the_english_desk_speaks_english_and_stays_english(sit: Sit) -> None:
    browser = sit("admin")
    page = browser.get("/en/meja").text
    assert 'lang="en"' in page and "System administrator" in page
    assert 'href="/en/meja/petugas"' in page and 'href="/meja"' in page
