"""Pages of a document, as pictures that can be read."""

from contextlib import closing
from typing import BinaryIO, Final

import pypdfium2

from whistle.clean.kinds import Kind
from whistle.clean.looks.jpeg import jpeg
from whistle.clean.result import PAGES, Look, NotCleaned

_WIDTH, _HEIGHT = 1000, 4000  # pixels of a page at most; pictures of a telephone's screen are long
_SCALE: Final = 20.0  # of a page that is tiny: pixels a point


def look(file: BinaryIO, _kind: Kind, first: int, most: int) -> Look:
    """How many pages there are, and ``most`` of them from ``first`` on. Raises NotCleaned, and PDFium's errors."""
    with closing(pypdfium2.PdfDocument(file.read())) as document:
        pages = len(document)
        if pages > PAGES:
            raise NotCleaned("large")
        return Look(pages, tuple(_page(document[number]) for number in range(first, min(first + most, pages))))


def _page(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1), _SCALE)
    with closing(page), closing(page.render(scale=scale)) as painted:
        return jpeg(painted.to_pil(), (_WIDTH, _HEIGHT))
