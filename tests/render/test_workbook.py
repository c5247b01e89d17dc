"""The month as a workbook, read back by another library."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from tests.domain.histories import case
from tests.render.test_csv_tables import TEXTS, table
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.render.charts import CHARTS
from whistle.render.report_tables import tables
from whistle.render.tables import Cell, Column, Table
from whistle.render.workbook import LONGEST, to_xlsx

MONTH = Month(2026, 3)


def book(*made: Table, lang: str = "id") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(made, "Laporan integritas", lang)))


def cells(made: openpyxl.Workbook, at: int) -> list[list[object]]:
    """The rows of a table's sheet, from its columns' names on."""
    sheet = made.worksheets[at + 1]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]


def month(lang: str = "id") -> list[Table]:
    return tables(month_figures([case(date(2026, 3, 5)), case(date(2026, 2, 5))], MONTH, CALENDAR), lang)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_workbook_of_a_month_holds_every_cell_of_its_tables(lang: str) -> None:
    made = month(lang)
    read = book(*made, lang=lang)
    for at, one in enumerate(made):
        wanted: list[list[Cell]] = [[column.title for column in one.columns], *map(list, one.rows)]
        wanted += [list(one.total)] if one.total is not None else []
        found = [row[: len(one.columns)] for row in cells(read, at)[: len(wanted)]]
        assert found == wanted, one.code
        assert read.worksheets[at + 1]["A1"].value == one.title
        assert not one.note or any(one.note in row for row in cells(read, at))


def test_numbers_are_numbers_with_the_format_of_their_column() -> None:
    columns = (Column("Nama", "text"), Column("N"), Column("Uang", "rupiah"), Column("Bagian", "percent"))
    made = Table("t", "Judul", columns, (("a", 1_250, 1_250_000, 45), ("b", None, 0, None)), ("Jumlah", 1, 2, 3))
    sheet = book(made).worksheets[1]
    assert [cell.value for cell in sheet[4]] == ["a", 1_250, 1_250_000, 45]
    assert [cell.number_format for cell in sheet[4]] == ["@", "#,##0", '"Rp"#,##0', '0"%"']
    assert [cell.value for cell in sheet[5]] == ["b", None, 0, None]
    assert all(cell.font.bold for cell in sheet[6])


EVIL = ['=HYPERLINK("http://x")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "http://x.example", "{=1}"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_comes_alive(evil: str) -> None:
    data = to_xlsx([table((evil, 1), title=evil, note=evil, total=(evil, 1))], evil, "id")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert {sheet["A1"].value, sheet["A4"].value, sheet["A5"].value} == {evil}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == evil} == {"s"}
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        whole = parts.read("xl/worksheets/sheet2.xml")
    assert b"<f>" not in whole and not any("external" in name or "vba" in name for name in names)
    assert b"<hyperlink" not in whole and not any(name == "xl/worksheets/_rels/sheet2.xml.rels" for name in names)


@given(st.lists(st.tuples(TEXTS, st.none() | st.integers(-(2**53), 2**53)), max_size=4))
def test_every_value_is_read_back_as_it_was(rows: list[tuple[str, int | None]]) -> None:
    sheet = book(table(*rows)).worksheets[1]
    for line, (text, number) in enumerate(rows, 4):
        found = sheet.cell(line, 1).value
        assert _lines(unescape(found or "")) == _lines(text)  # a control character is spelt out, as the format wants
        assert sheet.cell(line, 2).value == number


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_sheets_have_names_that_every_spreadsheet_takes() -> None:
    titles = ["Apa/ini: [boleh]?", "x" * 40, "X" * 40, "", "History", "Daftar tabel", "'kutip'"]
    names = book(*(table(title=title) for title in titles)).sheetnames
    assert len({name.casefold() for name in names}) == len(titles) + 1
    assert all(0 < len(name) <= LONGEST and not set(name) & set("[]:*?/\\'") for name in names)


def test_a_table_with_a_chart_has_the_spreadsheets_own_beside_it() -> None:
    made = month()
    read = book(*made)
    drawn = {one.code for at, one in enumerate(made) if read.worksheets[at + 1]._charts}
    assert drawn == {one.code for one in made if one.code in CHARTS and one.rows}
    trend = next(at for at, one in enumerate(made) if one.code == "trend")
    (chart,) = read.worksheets[trend + 1]._charts
    assert len(chart.series) == len(CHARTS["trend"].COLUMNS)


def test_the_same_month_gives_the_same_bytes_and_says_nothing_of_when_or_by_whom() -> None:
    made = month()
    data = to_xlsx(made, "Laporan", "id")
    assert data == to_xlsx(made, "Laporan", "id")
    read = openpyxl.load_workbook(io.BytesIO(data))
    assert (read.properties.creator or "", read.properties.lastModifiedBy or "") == ("", "")
    assert read.properties.created.year == 2020


def test_the_first_sheet_leads_to_every_other() -> None:
    made = month()
    read = book(*made)
    first = read.worksheets[0]
    links = {link.location for row in first.iter_rows() for cell in row if (link := cell.hyperlink)}
    assert links == {f"'{name}'!A1" for name in read.sheetnames[1:]}
    assert [first.cell(line, 1).value for line in range(4, 4 + len(made))] == [one.title for one in made]
