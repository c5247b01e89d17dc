"""Hold a case at its page: why and by whom stands at the top, and only who may lift it is offered that."""

from collections.abc import Callable

import pytest
from markupsafe import escape

from tests.inspectorate import Inspectorate, act
from tests.services.test_walk import DONE
from tests.web.desk.conftest import Browser
from whistle.services import casework, closing, followup, holding, routing

Sit = Callable[[str], Browser]
REASON = "Diminta jaksa\n<b>dengan surat</b> nomor 12"
HELD = '<p class="notice-heading">Penghapusan ditahan</p>'


@pytest.fixture
def case(office: Inspectorate) -> bytes:
    _, _, case = office.triaged()
    casework.declare(office.ctx, office.officer("inspektur"), case)
    return case


def path_of(case: bytes) -> str:
    return f"/meja/kasus/{case.hex()}"


def send(browser: Browser, case: bytes, deed: str, text: str = REASON) -> str:
    """Fill the form in and send it; the page that follows."""
    path = f"{path_of(case)}/{deed}"
    done = browser.post(path, browser.fill(browser.get(path_of(case)), path, text=text))
    assert done.status_code == 303, done.text
    return browser.client.get(done.headers["Location"]).text


def test_a_case_is_held_and_says_so_at_the_top_until_it_is_released(
    office: Inspectorate, case: bytes, sit: Sit
) -> None:
    browser, head, path = sit("rahma"), sit("inspektur"), path_of(case)
    assert HELD not in browser.get(path).text
    # When an officer of triage holds it
    page = send(browser, case, "tahan")
    # Then the page says at the top who did, when and why, and in the file; another hold is not offered
    top, _, rest = page.partition('id="isi-laporan"')
    assert "Penghapusan laporan ini ditahan." in top and HELD in top
    assert "Oleh Rahma" in top and "2 Nov 2026, 10.0" in top and str(escape(REASON)) in top
    assert "Menahan penghapusan" in rest and str(escape(REASON)) in rest
    assert f'action="{path}/tahan"' not in page and f'action="{path}/lepas"' not in page
    # When pimpinan lifts it
    page = send(head, case, "lepas", "Perkara selesai")
    # Then it is gone from the top, stays in the file, and can be held anew
    assert "Penahanan dilepas." in page and HELD not in page
    assert "Melepas penahanan penghapusan" in page and str(escape(REASON)) in page and "Perkara selesai" in page
    assert f'action="{path}/tahan"' in page
    told = sit("auditor").get("/meja/audit").text
    assert "Menahan penghapusan kasus" in told and "Melepas penahanan penghapusan" in told
    assert "jaksa" not in told


def test_a_closed_case_offers_it_too(office: Inspectorate, case: bytes, sit: Sit) -> None:
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Surat tugas.")
    closing.close(office.ctx, office.officer("rahma"), case, act(), DONE)
    closing.approve(office.ctx, office.officer("inspektur"), case, act())
    assert HELD in send(sit("rahma"), case, "tahan")
    assert HELD not in send(sit("inspektur"), case, "lepas")


def test_an_irban_holds_and_does_not_release(office: Inspectorate, case: bytes, sit: Sit) -> None:
    routing.route(office.ctx, office.officer("rahma"), case, act(), "irban-1", "Kantornya.")
    casework.declare(office.ctx, office.officer("hendra"), case)
    browser, path = sit("hendra"), path_of(case)
    page = send(browser, case, "tahan")
    assert HELD in page and f'action="{path}/lepas"' not in page
    note = browser.fill(browser.get(path), f"{path}/catat", text="Perkara selesai")
    assert browser.post(f"{path}/lepas", note).status_code == 403
    assert HELD in browser.get(path).text


@pytest.mark.parametrize("deed", ["tahan", "lepas"])
def test_a_reason_is_asked_for(deed: str, office: Inspectorate, case: bytes, sit: Sit) -> None:
    if deed == "lepas":
        holding.hold(office.ctx, office.officer("rahma"), case, act(), "Alasan.")
    browser, path = sit("inspektur"), f"{path_of(case)}/{deed}"
    answer = browser.post(path, browser.fill(browser.get(path_of(case)), path, text="  "))
    assert answer.status_code == 422 and "Tulis alasannya, untuk berkas." in answer.text
    assert (HELD in answer.text) == (deed == "lepas")


def test_who_comes_second_is_told_who_held_it_and_keeps_the_text(office: Inspectorate, case: bytes, sit: Sit) -> None:
    browser, path = sit("rahma"), f"{path_of(case)}/tahan"
    form = browser.fill(browser.get(path_of(case)), path, text="Alasan kedua")
    holding.hold(office.ctx, office.officer("inspektur"), case, act(), "Alasan pertama")
    answer = browser.post(path, form)
    assert answer.status_code == 422 and "sudah ditahan" in answer.text and "Alasan kedua" in answer.text
    name = office.credentials["inspektur"].name
    assert f"ada yang baru dari {escape(name)}" in answer.text and "Alasan pertama" in answer.text


def test_a_form_for_what_is_not_held_any_more_is_refused(office: Inspectorate, case: bytes, sit: Sit) -> None:
    holding.hold(office.ctx, office.officer("rahma"), case, act(), "Alasan.")
    browser, path = sit("inspektur"), f"{path_of(case)}/lepas"
    form = browser.fill(browser.get(path_of(case)), path, text="Perkara selesai")
    holding.release(office.ctx, office.officer("inspektur"), case, act(), "Tadi juga.")
    answer = browser.post(path, form)
    assert answer.status_code == 422 and "tidak sedang ditahan" in answer.text and "Perkara selesai" in answer.text


def test_the_reporter_reads_nothing_of_it(office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    before = followup.open_with_root(office.ctx, keys.root)
    send(sit("rahma"), case, "tahan")
    assert followup.open_with_root(office.ctx, keys.root) == before


def test_its_address_typed_as_a_page_leads_back_to_the_case(case: bytes, sit: Sit) -> None:
    browser = sit("rahma")
    for deed in ("tahan", "lepas"):
        answer = browser.get(f"{path_of(case)}/{deed}")
        assert answer.status_code == 303 and answer.headers["Location"].endswith(path_of(case))
