"""ODT and ODS as text: paragraphs, and rows of cells, which hold what they show (OpenDocument 1.3, part 3)."""

from collections.abc import Iterator
from itertools import islice, repeat
from typing import Any, BinaryIO

from whistle.clean.kinds import Kind
from whistle.clean.looks.text import COLUMNS, cut, row
from whistle.clean.packages import local, tree, unpacked
from whistle.clean.result import Look

_CELLS = ("table-cell", "covered-table-cell")


def look(file: BinaryIO, _kind: Kind, _first: int, _most: int) -> Look:
    """The text. Raises NotCleaned, and zipfile's and lxml's errors."""
    return Look(text=cut(_lines(tree(unpacked(file)["content.xml"]))))


def _lines(element: Any) -> Iterator[str]:
    for child in element:
        name = local(child.tag)
        if name in ("p", "h"):
            yield "".join(_words(child))
        elif name == "table-row":
            cells = row(islice(_cells(child), COLUMNS))
            yield from [cells] if cells else []
        else:
            if name == "table" and _attribute(child, "name"):
                yield f"[{_attribute(child, 'name')}]"
            yield from _lines(child)


def _cells(element: Any) -> Iterator[str]:
    for cell in element:
        if local(cell.tag) in _CELLS:
            times = _attribute(cell, "number-columns-repeated")
            yield from repeat(" ".join(_lines(cell)), min(int(times or 1), COLUMNS))


def _words(element: Any) -> Iterator[str]:
    """The text of a paragraph, with what stands for white space in it (part 3, 6.1)."""
    yield element.text or ""
    for child in element:
        name = local(child.tag)
        if name == "s":
            yield " " * min(int(_attribute(child, "c") or 1), COLUMNS)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        else:
            yield from _words(child)
        yield child.tail or ""


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if local(key) == name), "")
