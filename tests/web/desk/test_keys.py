"""The page on which a colleague's session gives keys, as somebody without JavaScript uses it."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.services import staff
from tests.web.desk.conftest import Browser, form_of, hidden_of
from whistle.casefile.manifest import Acting
from whistle.services import handover
from whistle.services.proposal import Choices

Sit = Callable[[str], Browser]


@pytest.fixture
def siti(office: Inspectorate) -> bytes:
    """A newcomer to triage, admitted the day after three reports came in."""
    for _ in range(3):
        office.triaged()
    office.clock.advance(timedelta(days=1))
    office._signed_in.clear()
    return staff.admitted(office)


def click(browser: Browser, page_path: str = "/meja/kunci") -> str:
    """Send the first form of the page; where it leads."""
    page = browser.get(page_path)
    return browser.post("/meja/kunci", hidden_of(form_of(page, "/meja/kunci"))).headers["Location"]


def test_the_list_tells_a_colleague_that_somebody_waits(siti: bytes, sit: Sit) -> None:
    browser = sit("rahma")
    page = browser.get("/meja/laporan-masuk")
    assert "Untuk 1 orang ada kasus yang kuncinya perlu diberikan" in page.text and 'href="/meja/kunci"' in page.text
    click(browser)
    assert "Rekan menunggu kunci" not in browser.get("/meja/laporan-masuk").text


def test_a_click_works_and_the_page_says_how_far_in_words(
    siti: bytes, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = handover.step
    monkeypatch.setattr("whistle.web.desk.handover.handover.step", lambda *a, **k: real(*a, **{**k, "seconds": 0}))
    browser = sit("rahma")
    page = browser.get("/meja/kunci")
    assert "Siti Aminah" in page.text and "Paling banyak 3 kasus diperiksa" in page.text
    where = click(browser)
    assert where == f"/meja/kunci?jalan=grant-{siti.hex()}#grant-{siti.hex()}"
    page = browser.get(where)
    assert "33 persen: 1 dari 3 kasus diperiksa." in page.text and 'value="33"' in page.text
    assert re.search(r"<button[^>]*>Lanjutkan", page.text)
    for _ in range(3):
        where = click(browser, where)
    page = browser.get(where)
    assert "Selesai. 3 kasus diberi kunci." in page.text and "Lanjutkan" not in page.text


def test_only_a_line_that_was_started_goes_on_by_itself(siti: bytes, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    real = handover.step
    monkeypatch.setattr("whistle.web.desk.handover.handover.step", lambda *a, **k: real(*a, **{**k, "seconds": 0}))
    browser = sit("rahma")
    where = click(browser)
    assert "data-running" in browser.get(where).text
    assert "data-running" not in browser.get("/meja/kunci").text
    assert "data-running" not in browser.get("/meja/kunci?jalan=grant-" + "00" * 16).text


def test_the_page_may_ask_itself_and_no_other_page_may(siti: bytes, sit: Sit) -> None:
    browser = sit("rahma")
    policy = browser.get("/meja/kunci").headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy and "default-src 'none'" in policy
    assert "connect-src" not in browser.get("/meja/laporan-masuk").headers["Content-Security-Policy"]


def test_who_left_is_named_with_what_is_done(siti: bytes, office: Inspectorate, sit: Sit) -> None:
    browser = sit("rahma")
    click(browser)
    staff.signed(office, Choices(remove=(siti,)))
    page = browser.get("/meja/kunci")
    assert "Siti Aminah, sudah tidak bertugas" in page.text and "Ganti kunci" in page.text
    assert "3 kasus berganti kunci." in browser.get(click(browser)).text


def test_who_acts_for_a_unit_is_named_with_it_and_until_when(office: Inspectorate, sit: Sit) -> None:
    # Given cases of before, and an Irban who acts for triage from today
    office.triaged()
    office.clock.advance(timedelta(days=1))
    office._signed_in.clear()
    days = (office.clock.today(), date(2026, 12, 1))
    plh = Acting(staff.id_of(office, "lestari"), "triase", "plh", *days, "800/12")
    staff.signed(office, Choices(act=(plh,)))
    # When a colleague of triage looks whom to give keys
    page = sit("rahma").get("/meja/kunci").text
    # Then it says as what, until when, and that keys stay given
    assert "Plh Tim Telaah sampai 1 Des 2026" in page
    assert "tidak dapat ditarik, juga sesudah masa tugas sementara itu berakhir" in page
    # and of somebody who is simply new, that keys stay given
    siti = staff.admitted(office)
    page = sit("rahma").get("/meja/kunci").text
    own = page.partition(f'id="grant-{siti.hex()}"')[2].partition("</section>")[0]
    assert "Kunci yang sudah diberikan tidak dapat ditarik." in own and "Plh" not in own


def test_who_was_moved_is_named_with_what_is_done(siti: bytes, office: Inspectorate, sit: Sit) -> None:
    click(sit("rahma"))
    staff.admitted(office, staff.Person("siti", "Siti Aminah", "irban", "irban-1"))
    browser = sit("rahma")
    page = browser.get("/meja/kunci")
    assert "Siti Aminah, pindah tugas" in page.text and "kasus yang bukan lagi tugasnya" in page.text
    form = {**hidden_of(form_of(page, "/meja/kunci")), "kind": "epoch", "about": siti.hex()}
    assert browser.post("/meja/kunci", form).status_code == 303
    assert "3 kasus berganti kunci." in browser.get("/meja/kunci").text


def test_who_has_new_keys_is_told_what_to_ask_for(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    office.officer("yusuf")
    office.clock.advance(timedelta(days=1))
    office._signed_in.clear()
    staff.admitted(office, staff.Person("yusuf", "Yusuf Maulana", "penelaah", "triase"))
    browser = sit("yusuf")
    assert "1 kasus lama belum terbuka" in browser.get("/meja/laporan-masuk").text
    click(sit("rahma"))
    assert "belum terbuka" not in browser.get("/meja/laporan-masuk").text


def test_a_newcomer_is_told_that_older_reports_wait_for_a_colleague(siti: bytes, sit: Sit) -> None:
    browser = sit("siti")
    page = browser.get("/meja/laporan-masuk").text
    assert "Laporan lama menunggu kunci dari rekan" in page and "Belum ada laporan terbuka" not in page
    click(sit("rahma"))
    page = browser.get("/meja/laporan-masuk").text
    assert "menunggu kunci dari rekan" not in page and "3 laporan" in page


def test_a_newcomer_for_whom_nothing_waits_is_told_of_no_keys(office: Inspectorate, sit: Sit) -> None:
    staff.admitted(office)
    page = sit("siti").get("/meja/laporan-masuk").text
    assert "Belum ada laporan terbuka untuk Anda" in page and "menunggu kunci dari rekan" not in page


def test_nonsense_leads_back_to_the_page(siti: bytes, office: Inspectorate, sit: Sit) -> None:
    browser = sit("rahma")
    page = browser.get("/meja/kunci")
    good = hidden_of(form_of(page, "/meja/kunci"))
    for wrong in ({"csrf": ""}, {"kind": "x"}, {"about": office.officer("admin").id.hex()}, {"kind": "epoch"}):
        assert browser.post("/meja/kunci", {**good, **wrong}).headers["Location"] == "/meja/kunci", wrong
    assert browser.post("/meja/kunci", {**good, "about": "x"}).status_code == 404
    assert "Belum dimulai." in browser.get("/meja/kunci").text


def test_an_empty_page_says_so(sit: Sit) -> None:
    assert "Tidak ada rekan yang menunggu kunci" in sit("rahma").get("/meja/kunci").text
