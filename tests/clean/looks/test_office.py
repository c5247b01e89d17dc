"""Office documents are shown as the text that a reader would see."""

import io
from datetime import date, datetime

import docx
import openpyxl
import pytest

from tests.clean.making import CANARY, cleaned, looked
from tests.clean.offices import changed, open_document, shared_sheet
from tests.clean.test_office import MADE
from whistle.clean import wire

SEEN = {
    "docx": "Kwitansi lima puluh ribu\n\nDibayar tunai\n\n\nLoket 3\n",
    "xlsx": "[Sheet]\nKwitansi lima puluh ribu\t50000\n100000\n",
    "odt": "Kwitansi lima puluh ribu\nLoket 3 tautan\n\n",
    "ods": "[Buku]\nKwitansi lima puluh ribu\t100000\n",
}


@pytest.mark.parametrize("kind", MADE)
def test_the_text_of_a_document_is_shown(kind: str) -> None:
    seen = looked(cleaned(MADE[kind]()).data)
    assert seen.text == SEEN[kind] and not seen.pictures and CANARY not in seen.text


def test_a_letter_is_shown_with_its_head_and_foot_its_lines_and_its_tables() -> None:
    made, out = docx.Document(), io.BytesIO()
    made.sections[0].header.paragraphs[0].text = "PEMERINTAH KOTA"
    made.sections[0].footer.paragraphs[0].text = "Halaman 1"
    made.add_paragraph("Nomor:\t12\nPerihal:\tPungutan")
    table = made.add_table(2, 2)
    for at, text in enumerate(("Loket", "Biaya", "3", "Rp50.000")):
        table.cell(at // 2, at % 2).text = text
    made.save(out)
    assert looked(cleaned(out.getvalue()).data).text == (
        "PEMERINTAH KOTA\nNomor:\t12\nPerihal:\tPungutan\nLoket\tBiaya\n3\tRp50.000\nHalaman 1\n"
    )


def test_a_workbook_is_shown_sheet_by_sheet_with_every_cell_in_its_column() -> None:
    made, out = openpyxl.Workbook(), io.BytesIO()
    page = made.active
    page.title = "Kas"
    page["B1"], page["D1"], page["B3"] = "Tanggal", "Jumlah", date(2026, 3, 17)
    page["C3"], page["D3"], page["E3"], page["AA3"] = datetime(2026, 3, 17, 8, 15), 0.1 + 0.2, True, "jauh"
    made.create_sheet("Lain")["A1"] = "baris\nbaru"
    made.save(out)
    assert looked(cleaned(out.getvalue()).data).text == (
        "[Kas]\n\tTanggal\t\tJumlah\n\t2026-03-17\t2026-03-17 08:15:00\t0.3\tTRUE" + "\t" * 22 + "jauh\n"
        "[Lain]\nbaris baru\n"
    )


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days() -> None:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active["A1"] = date(2026, 3, 17)
    made.save(out)
    assert looked(cleaned(out.getvalue()).data).text == "[Sheet]\n2026-03-17\n"


def test_white_space_and_repeated_cells_of_a_table_are_shown() -> None:
    text = changed(open_document("text"), {}, "Loket 3 ", 'Loket<text:s text:c="3"/>3<text:tab/>')
    assert "Loket   3\ttautan" in looked(text).text
    table = changed(
        open_document("spreadsheet"), {}, "<table:table-cell>", '<table:table-cell table:number-columns-repeated="3">'
    )
    assert looked(table).text.count("Kwitansi") == 3


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_a_hundred_thousand_bytes_are_shown_and_no_more(kind: str) -> None:
    long = changed(open_document(kind), {}, "Kwitansi", "é" * 200_000)
    seen = looked(long).text
    assert wire.TEXT_MOST - 4 < len(seen.encode()) <= wire.TEXT_MOST and seen.count("é") > 40_000


def test_of_a_row_of_a_million_cells_a_hundred_are_shown() -> None:
    table = changed(
        open_document("spreadsheet"), {}, "<table:table-cell>",
        '<table:table-cell table:number-columns-repeated="1000000">',
    )  # fmt: skip
    seen = looked(table).text
    assert seen.count("Kwitansi") == 100 and "100000" not in seen  # which stands in the cell after


def test_a_text_that_cells_share_is_shown_in_each() -> None:
    assert looked(cleaned(shared_sheet()).data).text == SEEN["xlsx"]


@pytest.mark.parametrize("index", [1, -1, 99_999])
def test_a_cell_that_points_to_no_text_is_shown_empty(index: int) -> None:
    assert looked(shared_sheet(index)).text == "[Sheet]\n\t50000\n100000\n"
