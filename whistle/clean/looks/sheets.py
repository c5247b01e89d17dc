"""The cells of an XLSX workbook as they are shown (ECMA-376, part 1, 18). Of formats of numbers only days are known."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from whistle.clean.looks.text import COLUMNS, row
from whistle.clean.packages import local, tree

_DAYS: Final = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # formats of days and times (18.8.30)
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_FIRST: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # whose number is 0 (18.17.4.1)


def lines(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Each sheet's name, and its rows that are not empty."""
    book = tree(parts["xl/workbook.xml"])
    words = [_text(one) for one in _children(parts.get("xl/sharedStrings.xml"), "si")]
    since_1904 = any(one.get("date1904") in ("1", "true") for one in book.iter() if local(one.tag) == "workbookPr")
    shown = _Shown(words, _day_styles(parts.get("xl/styles.xml")), since_1904)
    targets = {one.get("Id"): one.get("Target", "") for one in _children(parts.get("xl/_rels/workbook.xml.rels"))}
    for sheet in (one for one in book.iter() if local(one.tag) == "sheet"):
        id_ = next((value for key, value in sheet.attrib.items() if key.endswith("relationships}id")), "")
        name = "xl/" + targets.get(id_, "").removeprefix("/xl/")
        yield f"[{sheet.get('name', '')}]"
        for line in _children(parts.get(name), "row"):
            cells = row(_placed(line, shown))
            yield from [cells] if cells else []


class _Shown:
    """How a cell's value is shown, by what its workbook says."""

    def __init__(self, words: list[str], days: set[int], since_1904: bool) -> None:
        self._words, self._days, self._first = words, days, _FIRST[since_1904]

    def cell(self, cell: Any) -> str:
        """The text of a cell (18.18.11 has its types)."""
        kind, style = cell.get("t", "n"), int(cell.get("s", "0"))
        value = next((one.text or "" for one in cell if local(one.tag) == "v"), "")
        if kind == "inlineStr":
            return _text(cell)
        if kind == "s":
            index = int(value or "-1")
            return self._words[index] if 0 <= index < len(self._words) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._number(value, style) if kind == "n" and value else value

    def _number(self, value: str, style: int) -> str:
        number = float(value)
        if style not in self._days or not 0 <= number < 2_958_466:  # the year 10000
            return format(number, ".15g")
        moment = self._first + timedelta(days=number) + timedelta(milliseconds=500)
        return moment.strftime("%Y-%m-%d" if number.is_integer() else "%Y-%m-%d %H:%M:%S")


def _placed(line: Any, shown: _Shown) -> list[str]:
    """The cells of a row, each in its column; those that are not there are empty."""
    placed = dict[int, str]()
    for cell in (one for one in line if local(one.tag) == "c"):
        column = _column(cell.get("r", "")) if cell.get("r") else len(placed)
        if column < COLUMNS:
            placed[column] = shown.cell(cell)
    return [placed.get(column, "") for column in range(max(placed, default=-1) + 1)]


def _column(reference: str) -> int:
    """The number of a column, from 0, of a reference as "AB12"."""
    number = 0
    for letter in reference.rstrip("0123456789")[:3]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return max(number - 1, 0)


def _day_styles(part: bytes | None) -> set[int]:
    """The cell formats whose numbers are shown as days."""
    formats = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in _children(part, "numFmt")}
    days = _DAYS | {id_ for id_, form in formats.items() if re.search("[dyh]", _QUOTED.sub("", form).lower())}
    cells = next(_children(part, "cellXfs"), ())
    return {index for index, one in enumerate(cells) if int(one.get("numFmtId", "0")) in days}


def _children(part: bytes | None, name: str = "") -> Iterator[Any]:
    """The elements of a part that may not be there; of one name, at any depth."""
    if part is not None:
        root = tree(part)
        yield from (one for one in root.iter() if one is not root and (not name or local(one.tag) == name))


def _text(element: Any) -> str:
    """The runs of a string, without how it is pronounced (18.4.6)."""
    return "".join(
        one.text or "" for one in element.iter() if local(one.tag) == "t" and local(one.getparent().tag) != "rPh"
    )
