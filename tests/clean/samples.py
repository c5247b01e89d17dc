"""An example of each kind of file, with planted words wherever it can hold them."""

from collections.abc import Callable, Mapping
from functools import partial

from tests.clean.making import picture, telling_document
from tests.clean.offices import open_document, sheet, word
from tests.clean.recordings import FILMS, SOUNDS, film, sound

SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "jpeg": partial(picture, "JPEG"),
    "png": partial(picture, "PNG"),
    "webp": partial(picture, "WEBP"),
    "gif": partial(picture, "GIF"),
    "heic": partial(picture, "HEIF"),
    "pdf": telling_document,
    "odt": partial(open_document, "text"),
    "ods": partial(open_document, "spreadsheet"),
    "docx": word,
    "xlsx": sheet,
    **{kind: partial(sound, kind) for kind in SOUNDS},
    **{kind: partial(film, kind) for kind in FILMS},
}
"""By the kind's code."""
