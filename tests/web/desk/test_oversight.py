"""The audit log, the officers and each role's first page."""

from collections.abc import Callable

from sqlalchemy import text

from tests.inspectorate import STORY, Inspectorate
from tests.web.desk.conftest import Browser

Sit = Callable[[str], Browser]


def test_the_auditor_sees_who_opened_what_and_no_contents(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    sit("rahma").get(f"/meja/kasus/{case.hex()}")
    page = sit("auditor").get("/meja/audit").text
    assert "Rahma Yuliani" in page and "Membuka kasus" in page and case.hex()[:8] in page
    assert case.hex() not in page and STORY not in page and "Uang untuk KTP" not in page
    assert "utuh" in page


def test_the_whole_chain_is_checked_on_request(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    assert "Seluruh rantai utuh" in sit("auditor").get("/meja/audit?periksa=semua").text


def test_a_changed_row_is_reported(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    auditor = sit("auditor")
    with office.ctx.store.engine.begin() as raw:
        for (name,) in list(raw.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))):
            raw.execute(text(f'DROP TRIGGER "{name}"'))
        raw.execute(text("UPDATE audit SET action = 'note' WHERE action = 'declare'"))
    for address in ("/meja/audit", "/meja/audit?periksa=semua"):
        page = auditor.get(address)
        assert page.status_code == 200 and "Rantai catatan putus" in page.text


def test_pages_that_are_not_there_show_the_nearest(sit: Sit) -> None:
    auditor = sit("auditor")
    for page in ("0", "-1", "99", "x", "²"):
        assert auditor.get(f"/meja/audit?page={page}").status_code == 200


def test_the_officers_page_is_read_only(sit: Sit) -> None:
    page = sit("admin").get("/meja/petugas").text
    assert "Rahma Yuliani" in page and "Tim Telaah" in page
    assert page.count("<form") == 1, "the sign-out button alone"


def test_each_home_says_what_the_role_can_do(sit: Sit) -> None:
    assert "Tidak dapat membaca laporan" in sit("admin").get("/meja").text
    assert "tanpa isi laporan" in sit("auditor").get("/meja").text
    assert sit("rahma").get("/meja").headers["Location"] == "/meja/laporan-masuk"


def test_the_english_desk_speaks_english_and_stays_english(sit: Sit) -> None:
    browser = sit("admin")
    page = browser.get("/en/meja").text
    assert 'lang="en"' in page and "System administrator" in page
    assert 'href="/en/meja/petugas"' in page and 'href="/meja"' in page
