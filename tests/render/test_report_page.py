"""The report's page, rendered by the application's own templates."""

import re
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import render_template

from tests.domain.histories import case
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.render.charts import charts
from whistle.render.report_tables import tables
from whistle.render.report_words import month as month_words

MARCH = Month(2026, 3)
CASES = (
    case(date(2026, 2, 10), (1, "TELAAH"), (30, "SELESAI"), result="terbukti", amount_paid=1_250_000),
    case(date(2026, 3, 5), (1, "TELAAH"), category="pungli", amount_asked=50_000),
    case(date(2026, 1, 5), (1, "TELAAH"), (9, "SELESAI"), (60, "DIBUKA_KEMBALI")),
)


class Cells(HTMLParser):
    """Every table's rows: the words of each cell, and whether it is a figure."""

    def __init__(self, html):
        super().__init__()
        self.tables, self._cell = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self._cell = []
            self.tables[-1][-1].append((self._cell, "num" in dict(attrs).get("class", "").split()))

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self._cell = None

    def handle_data(self, data):
        if self._cell is not None:
            self._cell.append(data)


@pytest.fixture
def page(app):
    def render(*summaries, path="/meja/laporan/2026-03", today=None, **links):
        with app.test_request_context(path):
            lang = "en" if path.startswith("/en") else "id"
            figures = month_figures(summaries, MARCH, CALENDAR, today)
            links = {"previous": "/lalu", "next": "/nanti", "csv_url": "/berkas.csv", **links}
            shown = tables(figures, lang)
            values = {"figures": figures, "tables": shown, "month": MARCH, "month_words": month_words}
            return render_template("report/month.html", charts=charts(shown, lang), **values, **links)

    return render


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def shown(cell, kind):
    if cell is None:
        return "–"
    printed = f"{cell:,}".replace(",", ".") if kind != "text" else cell
    return {"rupiah": "Rp" + printed, "percent": f"{cell}%"}.get(kind, printed)


def test_the_page_shows_every_cell_of_the_tables_and_figures_are_marked_as_such(page):
    made = [table for table in tables(month_figures(CASES, MARCH, CALENDAR), "id") if table.rows]
    found = Cells(page(*CASES)).tables
    assert len(found) == len(made)
    for table, rows in zip(made, found, strict=True):
        wanted = [*table.rows, *([table.total] if table.total else [])]
        for row, cells in zip(wanted, rows[1:], strict=True):
            kinds = [column.kind for column in table.columns]
            assert ["".join(text) for text, _ in cells] == [
                shown(cell, kind) for cell, kind in zip(row, kinds, strict=True)
            ]
            assert [number for _, number in cells] == [kind != "text" for kind in kinds]


def test_the_rekap_stands_on_top_as_a_sum_that_can_be_read_aloud(page):
    html = page(*CASES)
    told = "Saldo awal 1, ditambah 1 masuk dan 1 dibuka kembali, dikurangi 1 selesai, sama dengan saldo akhir 2."
    assert told in unescape(html)
    assert "1 saldo awal + 1 masuk + 1 dibuka kembali − 1 selesai = 2 saldo akhir" in words(html)


def test_a_table_without_rows_says_so(page):
    assert "Rujukan ke lembaga lain Laporan yang selesai dengan rujukan. Tidak ada." in words(page(*CASES))


def test_an_empty_month_says_so_and_leads_on(page):
    html = page()
    assert "Belum ada laporan pada bulan ini" in html and "<table" not in html
    assert 'href="/lalu"' in html


def test_the_neighbouring_months_are_named_and_missing_links_are_left_out(page):
    html = page(*CASES)
    assert "Februari 2026" in html and "April 2026 →" in html and "/berkas.csv" in html
    html = page(*CASES, next="", csv_url="")
    assert "April 2026 →" not in html and "CSV" not in html


def test_a_month_that_runs_says_up_to_which_day(page):
    assert "Bulan ini belum selesai. Angka sampai Selasa, 10 Maret 2026." in page(*CASES, today=date(2026, 3, 10))
    assert "Keadaan pada akhir Selasa, 31 Maret 2026." in page(*CASES)


def test_nothing_on_the_page_is_inline(page):
    html = page(*CASES)
    assert not re.search(r"<style|<script|\sstyle=|\son[a-z]+=", html)


def test_the_english_page_has_english_tables(page):
    html = page(*CASES, path="/en/meja/laporan/2026-03")
    assert 'lang="en"' in html and "Reports in sum" in html and "Rekap laporan" not in html
