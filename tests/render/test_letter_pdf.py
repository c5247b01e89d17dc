"""The letter on paper: its form, every cell of the tables, and that a screen reader can read it."""

import io
from datetime import date

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.domain.histories import case, many
from tests.domain.test_figures import MONTHS
from tests.render.test_csv_tables import table
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Figures, Month, month_figures
from whistle.domain.letter import MONTHLY
from whistle.domain.summary import Summary
from whistle.render.charts import CHARTS, charts
from whistle.render.letter_pdf import Signer, printed, to_pdf
from whistle.render.report_tables import tables
from whistle.render.tables import Table

DAY, SIGNER = date(2026, 4, 1), Signer("Drs. Arifin Noor")
MARCH = Month(2026, 3)
CASES = (
    case(date(2026, 2, 10), (1, "TELAAH"), (30, "SELESAI"), result="terbukti", amount_paid=1_250_000),
    case(date(2026, 3, 5), (1, "TELAAH"), category="pungli", amount_asked=50_000),
)


def figures(*summaries: Summary) -> Figures:
    return month_figures(summaries or CASES, MARCH, CALENDAR)


def letter(counted: Figures, made: list[Table] | None = None, lang: str = "id", signer: Signer = SIGNER) -> bytes:
    made = tables(counted, lang) if made is None else made
    return to_pdf(counted, made, charts(made, lang), MONTHLY, signer, DAY, lang)


def text_of(pdf: bytes) -> str:
    """All text in reading order, white space made one; words that were broken at a line's end are whole."""
    with pypdfium2.PdfDocument(pdf) as read:
        pages = [page.get_textpage().get_text_bounded() for page in read]
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


def test_the_letter_has_the_official_form() -> None:
    read = text_of(letter(figures(), signer=Signer("Hj. Nuraini", "Plt. ")))
    for part in (
        "PEMERINTAH KOTA BANJARMASIN INSPEKTORAT", "Nomor", "/INSP/03/2026", "Sifat", "Terbatas", "Lampiran",
        "Hal", "Laporan integritas bulan Maret 2026", "Banjarmasin, 1 April 2026", "Yth. Wali Kota Banjarmasin",
        "Undang-Undang Nomor 25 Tahun 2009", "Plt. Inspektur Kota Banjarmasin", "Hj. Nuraini", "NIP", "Tembusan:",
        "Sekretaris Daerah Kota Banjarmasin", "Lampiran: angka bulan Maret 2026",
    ):  # fmt: skip
        assert part in read, part
    assert "To The Mayor of Banjarmasin" in text_of(letter(figures(), lang="en"))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=8, deadline=None, phases=[Phase.generate])
@given(many(), MONTHS)
def test_paper_holds_every_cell_that_the_page_holds(summaries: list[Summary], month: Month) -> None:
    counted = month_figures(summaries, month, CALENDAR)
    made = tables(counted, "id")
    read = text_of(letter(counted, made)).replace(" ", "")  # a line's end falls where there is room
    for one in made:
        assert one.title.replace(" ", "") in read
        for row in one.rows if one.total is None or not one.rows else (*one.rows, one.total):
            cells = [printed(cell, column.kind) for cell, column in zip(row, one.columns, strict=True)]
            assert "".join("".join(cells).split()) in read, (one.code, row)


def test_a_screen_reader_finds_language_title_headings_tables_and_what_charts_show() -> None:
    with pikepdf.open(io.BytesIO(letter(figures()))) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked and str(root.Lang) == "id" and root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]) == "Laporan integritas bulan Maret 2026"
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
        kinds = [str(part.S) for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and "/S" in part]
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/L"} <= set(kinds)
        spoken = {str(part.Alt) for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and "/Alt" in part}
        assert spoken <= {chart.TITLE.text("id") for chart in CHARTS.values()} and spoken


EVIL = ['#import "@preview/x:1.0.0"', '#read("/etc/passwd")', "*tebal* _miring_ $x^2$", "= Judul", "]#panic()[", "\\"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_word_of_a_table_is_taken_for_a_command(evil: str) -> None:
    made = [table((evil, 1), title=evil, note=evil)]
    read = text_of(letter(figures(), made)).replace(" ", "")
    assert read.count("".join(evil.split())) == 3


def test_the_same_month_day_and_name_give_the_same_bytes_and_tell_no_time() -> None:
    one = letter(figures())
    assert one == letter(figures())
    with pikepdf.open(io.BytesIO(one)) as pdf:
        assert not {"/CreationDate", "/ModDate"} & set(pdf.docinfo.keys())


def test_a_month_without_reports_is_a_letter_too() -> None:
    read = text_of(letter(month_figures([], MARCH, CALENDAR)))
    assert "Masuk 0 laporan, sama dengan bulan sebelumnya (0)." in read and "melewati tenggat" not in read
