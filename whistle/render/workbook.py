"""Tables as a workbook for spreadsheets (XLSX): a sheet a table, real numbers with their formats, and its chart.

The workbook says what the page and the CSV file say, since all are made of the same tables. Its cells hold values and
nothing else: a text is written as a text whatever it begins with, so no formula and no link comes alive. The same
tables give the same bytes.
"""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from whistle.domain.labels import Label
from whistle.render.charts import CHARTS
from whistle.render.tables import Cell, Kind, Table

CONTENTS = Label("Daftar tabel", "Tables")
TABLE, ROWS = Label("Tabel", "Table"), Label("Baris", "Rows")
LONGEST = 31  # characters of a sheet's name, which spreadsheets allow
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")
_FORMATS: dict[Kind, str] = {"text": "@", "number": "#,##0", "rupiah": '"Rp"#,##0', "percent": '0"%"'}
_WIDTHS: dict[Kind, int] = {"text": 34, "number": 14, "rupiah": 18, "percent": 12}
_LITERAL = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MADE = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # when it was made is nobody's business, and would differ
_ACROSS, _DOWN = 560, 24  # pixels of a chart: its width, and its height for each row


def to_xlsx(tables: Sequence[Table], title: str, lang: str) -> bytes:
    """The workbook's bytes: a sheet that lists the tables under ``title``, then one for each."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(_LITERAL)) as workbook:
        workbook.set_properties({"title": title, "created": _MADE})
        look = _Look(workbook)
        first = workbook.add_worksheet(CONTENTS.text(lang))
        names = _names(tables, CONTENTS.text(lang))
        for table, name in zip(tables, names, strict=True):
            _Sheet(workbook, workbook.add_worksheet(name), look, name).write(table, lang)
        _contents(first, look, title, list(zip(tables, names, strict=True)), lang)
    return out.getvalue()


class _Look:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.head = workbook.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        self.note = workbook.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        kinds = _FORMATS.items()
        self.cell = {kind: workbook.add_format({"num_format": code}) for kind, code in kinds}
        self.total = {kind: workbook.add_format({"num_format": code, "bold": True, "top": 1}) for kind, code in kinds}


class _Sheet:
    """One table on one sheet: title, columns, rows, total, note, and the chart beside them."""

    def __init__(self, workbook: Workbook, sheet: Worksheet, look: _Look, name: str) -> None:
        self.workbook, self.sheet, self.look, self.name = workbook, sheet, look, name

    def write(self, table: Table, lang: str) -> None:
        sheet, look = self.sheet, self.look
        sheet.write_string(0, 0, table.title, look.title)
        for at, column in enumerate(table.columns):
            sheet.write_string(2, at, column.title, look.head)
            sheet.set_column(at, at, _WIDTHS[column.kind])
        for line, row in enumerate(table.rows, 3):
            self._row(line, row, table, look.cell)
        last = 3 + len(table.rows)
        if table.total is not None:
            self._row(last, table.total, table, look.total)
            last += 1
        if table.note:
            sheet.merge_range(last + 1, 0, last + 1, max(3, len(table.columns) - 1), "", look.note)
            sheet.write_string(last + 1, 0, table.note, look.note)
            sheet.set_row(last + 1, 48)
        sheet.freeze_panes(3, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self._chart(table, lang, last + 3)

    def _row(self, line: int, row: Sequence[Cell], table: Table, formats: dict[Kind, Any]) -> None:
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            if value is None:
                self.sheet.write_blank(line, at, None, formats[column.kind])
            elif isinstance(value, str):
                self.sheet.write_string(line, at, value, formats["text"])
            else:
                self.sheet.write_number(line, at, value, formats[column.kind])

    def _chart(self, table: Table, lang: str, below: int) -> None:
        """The chart that the page has of this table, as the spreadsheet's own, which follows its cells."""
        drawn = CHARTS.get(table.code)
        rows = min(len(table.rows), drawn.MOST) if drawn else 0
        if drawn is None or not rows:
            return
        chart = self.workbook.add_chart({"type": "bar"})
        for place in drawn.COLUMNS:
            at = place % len(table.columns)
            chart.add_series(
                {
                    "name": [self.name, 2, at],
                    "categories": [self.name, 3, 0, 2 + rows, 0],
                    "values": [self.name, 3, at, 2 + rows, at],
                    "data_labels": {"value": True},
                }
            )
        chart.set_title({"name": drawn.TITLE.text(lang), "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})  # the first row on top, as in the table
        chart.set_legend({"position": "bottom"} if len(drawn.COLUMNS) > 1 else {"none": True})
        chart.set_size({"width": _ACROSS, "height": 120 + _DOWN * rows * len(drawn.COLUMNS)})
        self.sheet.insert_chart(below, 0, chart, {"description": drawn.TITLE.text(lang)})


def _contents(sheet: Worksheet, look: _Look, title: str, tables: Sequence[tuple[Table, str]], lang: str) -> None:
    sheet.write_string(0, 0, title, look.title)
    sheet.write_string(2, 0, TABLE.text(lang), look.head)
    sheet.write_string(2, 1, ROWS.text(lang), look.head)
    sheet.set_column(0, 0, 60)
    for line, (table, name) in enumerate(tables, 3):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", string=table.title)  # a place in this very workbook
        sheet.write_number(line, 1, len(table.rows), look.cell["number"])


def _names(tables: Sequence[Table], taken: str) -> list[str]:
    """A name for each sheet: the table's title as far as spreadsheets allow, and no two alike, capitals aside."""
    used, names = {taken.casefold(), "history"}, list[str]()  # Excel keeps that name for itself
    for table in tables:
        plain = " ".join(_NOT_IN_A_NAME.sub(" ", table.title).split()) or table.code
        ends = ("" if n == 1 else f" {n}" for n in count(1))
        name = next(one for end in ends if (one := plain[: LONGEST - len(end)].rstrip() + end).casefold() not in used)
        used.add(name.casefold())
        names.append(name)
    return names
