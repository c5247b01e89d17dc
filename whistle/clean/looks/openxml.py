"""DOCX and XLSX as text: paragraphs, and rows of cells."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from whistle.clean.kinds import Kind
from whistle.clean.looks import sheets
from whistle.clean.looks.text import COLUMNS, cut, row
from whistle.clean.packages import local, tree, unpacked
from whistle.clean.result import Look

_ORDER = ("word/header", "word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/footer")
_SPACE = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def look(file: BinaryIO, kind: Kind, _first: int, _most: int) -> Look:
    """The text. Raises NotCleaned, and zipfile's and lxml's errors."""
    parts = unpacked(file)
    return Look(text=cut(sheets.lines(parts) if kind.family == "sheet" else _document(parts)))


def _document(parts: Mapping[str, bytes]) -> Iterator[str]:
    for beginning in _ORDER:
        for name in sorted(name for name in parts if name.startswith(beginning)):
            yield from _lines(tree(parts[name]))


def _lines(element: Any) -> Iterator[str]:
    for child in element:
        name = local(child.tag)
        if name == "p":
            yield "".join(_words(child))
        elif name == "tr":
            yield row(" ".join(_lines(cell)) for cell in list(child)[:COLUMNS] if local(cell.tag) == "tc")
        else:
            yield from _lines(child)


def _words(paragraph: Any) -> Iterator[str]:
    """The text of a paragraph, with what stands for white space in it (ECMA-376, part 1, 17.3.3)."""
    for element in paragraph.iter():
        name = local(element.tag)
        if name == "t":
            yield element.text or ""
        elif name in _SPACE and local(element.getparent().tag) == "r":
            yield _SPACE[name]
