"""The monthly report on the desk, as a page and as a file."""

import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest

from tests.inspectorate import STORY, Inspectorate
from tests.render.test_letter_pdf import text_of
from tests.web.desk.conftest import Browser
from whistle.domain.roles import ROLES
from whistle.store import audit

Sit = Callable[[str], Browser]


def test_the_report_opens_on_the_last_month_that_is_over(sit: Sit) -> None:
    assert sit("inspektur").get("/meja/laporan").headers["Location"] == "/meja/laporan/2026-10"


def test_the_page_and_the_file_hold_figures_and_no_words_of_a_report(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    browser = sit("inspektur")
    page = browser.get("/meja/laporan/2026-11")
    assert page.status_code == 200 and "November 2026" in page.text
    file = browser.get("/meja/laporan/2026-11.csv")
    assert file.mimetype == "text/csv"
    assert file.headers["Content-Disposition"] == 'attachment; filename="laporan-2026-11.csv"'
    for text in (page.text, file.text):
        assert STORY not in text and "Uang untuk KTP" not in text and "001/11/2026" not in text


def test_workbook_and_json_hold_the_months_tables_in_the_language_of_the_page(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    browser = sit("inspektur")
    assert 'href="/meja/laporan/2026-11.xlsx"' in browser.get("/meja/laporan/2026-11").text
    for place, first in (("/meja", "Daftar tabel"), ("/en/meja", "Tables")):
        file = browser.get(f"{place}/laporan/2026-11.xlsx")
        assert file.mimetype.endswith("spreadsheetml.sheet")
        assert file.headers["Content-Disposition"] == 'attachment; filename="laporan-2026-11.xlsx"'
        read = openpyxl.load_workbook(io.BytesIO(file.data))
        assert read.sheetnames[0] == first and len(read.sheetnames) > 10
        texts = {str(cell.value) for sheet in read for row in sheet.iter_rows() for cell in row if cell.value}
        assert not any("Uang untuk KTP" in text or "001/11/2026" in text for text in texts)
    told = browser.get("/meja/laporan/2026-11.json")
    assert told.mimetype == "application/json" and told.json["month"] == "2026-11"
    assert told.headers["Content-Disposition"] == 'attachment; filename="laporan-2026-11.json"'
    with office.ctx.store.read() as tx:
        assert [row.action for row in audit.page(tx, 4)] == ["export", "export", "export", "figures"]
    assert browser.get("/meja/laporan/2026-12.xlsx").status_code == 404


def test_the_letter_is_the_heads_alone_with_the_name_of_who_signs(office: Inspectorate, sit: Sit) -> None:
    office.triaged()
    head = sit("inspektur")
    assert "Unduh surat (PDF)" in head.get("/meja/laporan/2026-11").text
    file = head.get("/meja/laporan/2026-11.pdf")
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"] == 'attachment; filename="laporan-2026-11.pdf"'
    read = text_of(file.data)
    assert "Laporan integritas bulan November 2026" in read and "Drs. Arifin Noor" in read
    assert "Uang untuk KTP" not in read and "001/11/2026" not in read
    # And an outside reader, whose figures are others, has no letter of the city's inspectorate
    outside = sit("prov1")
    assert "Unduh surat (PDF)" not in outside.get("/meja/laporan/2026-11").text
    assert outside.get("/meja/laporan/2026-11.pdf").status_code == 403


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "2026-1", "1999-12", "x", "2026-10-01", "²026-10"])
def test_there_is_no_report_of_what_is_no_month_or_has_not_begun(month: str, sit: Sit) -> None:
    page = sit("inspektur").get(f"/meja/laporan/{month}")
    assert page.status_code == 404
    assert "Buka bulan terakhir yang lengkap" in page.text


def test_a_role_without_keys_is_told_that_it_has_none_and_not_that_nothing_came_in(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a role that may look at the month and holds no keys
    office.triaged()
    auditor = ROLES["auditor"]
    looks = replace(auditor, permissions=auditor.permissions | {"report.view"})
    monkeypatch.setattr("whistle.services.officer.ROLES", {**ROLES, "auditor": looks})
    browser = sit("auditor")
    page = browser.get("/meja/laporan/2026-11").text
    assert "Peran ini tidak memegang kunci laporan" in page and "Tidak ada laporan yang masuk" not in page
    # Then its door does not promise what it may not do
    home = browser.get("/meja").text
    assert "Lihat angka setiap bulan." in home and "unduh angka" not in home
    # And who reads cases of which none is of that month is still told so
    page = sit("inspektur").get("/meja/laporan/2026-09").text
    assert "Tidak ada laporan yang masuk" in page and "unduh angka" in sit("inspektur").get("/meja/laporan-masuk").text


def test_the_running_month_leads_to_no_month_after_it(sit: Sit) -> None:
    browser = sit("inspektur")
    assert "2026-12" not in browser.get("/meja/laporan/2026-11").text
    page = browser.get("/en/meja/laporan/2026-10").text
    assert "/en/meja/laporan/2026-11" in page and "/en/meja/laporan/2026-09" in page
