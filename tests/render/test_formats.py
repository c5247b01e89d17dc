"""Page, workbook, CSV and JSON of a month say the same, cell by cell, whatever happened."""

import csv
import io
import json
from typing import Any

import openpyxl
from flask import Flask, render_template
from hypothesis import HealthCheck, Phase, given, settings

from tests.domain.histories import many
from tests.domain.test_figures import MONTHS
from tests.render.test_report_page import Cells, shown
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.domain.summary import Summary
from whistle.render.charts import charts
from whistle.render.csv_tables import to_csv
from whistle.render.report_json import to_json
from whistle.render.report_tables import tables
from whistle.render.report_words import month as month_words
from whistle.render.tables import Table
from whistle.render.workbook import to_xlsx

Lines = list[list[Any]]


def lines(table: Table) -> Lines:
    return [list(row) for row in (table.rows if table.total is None else (*table.rows, table.total))]


def in_csv(made: list[Table]) -> list[Lines]:
    read = list(csv.reader(io.StringIO(to_csv(made).decode("utf-8-sig"), newline="")))
    found = list[Lines]()
    for table in made:
        at = read.index([table.title]) + 2
        found.append(read[at : at + len(lines(table))])
    return found


def in_xlsx(made: list[Table]) -> list[Lines]:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(made, "Laporan", "id")))
    found = list[Lines]()
    for table, sheet in zip(made, book.worksheets[1:], strict=True):
        rows = sheet.iter_rows(min_row=4, max_row=3 + len(lines(table)), max_col=len(table.columns), values_only=True)
        found.append([list(row) for row in rows] if lines(table) else [])
    return found


QUICKLY = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],  # to make a year of reports smaller takes minutes
)


@QUICKLY
@given(many(), MONTHS)
def test_all_formats_of_a_month_hold_the_same_cells(app: Flask, summaries: list[Summary], month: Month) -> None:
    figures = month_figures(summaries, month, CALENDAR)
    made = tables(figures, "id")
    wanted = [lines(table) for table in made]
    # Then the workbook and the JSON hold the values themselves, the CSV file holds them as text
    assert in_xlsx(made) == wanted
    told = json.loads(to_json(made, month, "id"))["tables"]
    assert [one["rows"] + ([one["total"]] if one["total"] else []) for one in told] == wanted
    assert in_csv(made) == [[["" if cell is None else str(cell) for cell in row] for row in one] for one in wanted]
    # And the page shows each as it is read
    if not figures.empty:
        with app.test_request_context("/meja/laporan/2026-03"):
            values = {"figures": figures, "tables": made, "month": month, "month_words": month_words}
            links = {"previous": "/lalu", "next": "", "csv_url": ""}
            page = render_template("report/month.html", charts=charts(made, "id"), **values, **links)
        found = [[[_line("".join(cell)) for cell, _ in row] for row in one[1:]] for one in Cells(page).tables]
        assert found == [[read(table, row) for row in lines(table)] for table in made if table.rows]


def read(table: Table, row: list[Any]) -> list[str]:
    """A row as the page words it, white space made one."""
    return [_line(shown(cell, column.kind)) for cell, column in zip(row, table.columns, strict=True)]


def _line(text: str) -> str:
    return " ".join(text.split())
