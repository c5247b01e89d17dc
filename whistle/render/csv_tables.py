"""Tables as one CSV file (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read it as what it is).

One file and not one a table: a month is mailed, printed and archived as a whole. Each table is a section: its title
alone on a line, the columns, the rows, the total, the note; an empty line ends it. Numbers are bare (1250000), so that
a spreadsheet can add them up.
"""

import csv
import io
from collections.abc import Iterable

from whistle.render.tables import Cell, Table

BOM = "\N{BYTE ORDER MARK}"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(tables: Iterable[Table]) -> bytes:
    """The file's bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for place, table in enumerate(tables):
        if place:
            writer.writerow([])
        writer.writerow([_cell(table.title)])
        writer.writerow([_cell(column.title) for column in table.columns])
        for row in table.rows if table.total is None else (*table.rows, table.total):
            writer.writerow([_cell(value) for value in row])
        if table.note:
            writer.writerow([_cell(table.note)])
    return (BOM + out.getvalue()).encode()


def _cell(value: Cell) -> str:
    """The value as text; an apostrophe keeps a spreadsheet from taking a text for a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) or value.lstrip().startswith(FORMULA) else value
    return str(value)
