"""Pages of a document, as pictures that can be read."""

from contextlib import closing
from itertools import takewhile
from time import process_time
from typing import BinaryIO, Final

import pypdfium2

from whistle.clean.kinds import Kind
from whistle.clean.looks.jpeg import jpeg
from whistle.clean.result import PAGES, Look, NotCleaned

_WIDTH, _HEIGHT = 1000, 4000  # pixels of a page at most; pictures of a telephone's screen are long
_ENOUGH: Final = 15.0  # seconds of computing, half of what there is; whoever wants a page that is left out asks for it
_SCALE: Final = 20.0  # of a page that is tiny: pixels a point


def look(file: BinaryIO, _kind: Kind, first: int, most: int) -> Look:
    """How many pages there are, and ``most`` of them from ``first`` on, or fewer when they take long.

    Raises NotCleaned, and PDFium's errors.
    """
    with closing(pypdfium2.PdfDocument(file.read())) as document:
        pages = len(document)
        if pages > PAGES:
            raise NotCleaned("large")
        wanted = range(first, min(first + most, pages))
        in_time = takewhile(lambda number: number == first or process_time() < _ENOUGH, wanted)
        drawn = [_page(document[number]) for number in in_time]
        return Look(pages, tuple(data for data, _ in drawn), sizes=tuple(size for _, size in drawn))


def _page(page: pypdfium2.PdfPage) -> tuple[bytes, tuple[int, int]]:
    width, height = page.get_size()
    scale = min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1), _SCALE)
    with closing(page), closing(page.render(scale=scale)) as painted:
        return jpeg(painted.to_pil(), (_WIDTH, _HEIGHT)), (painted.width, painted.height)
