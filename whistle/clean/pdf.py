"""PDF: written anew with what its pages show, and without what they do not. The text stays text.

Removed are the document's information and XMP (ISO 32000-2, 14.3), JavaScript and every other action (12.6), embedded
files (7.11.4), comments and other annotations but links (12.5), forms (12.7), page thumbnails, piece information, the
history of incremental updates (7.5.6, gone in the writing), and the metadata of images inside.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

import pikepdf
from pikepdf import Name, PasswordError, Pdf

from whistle.clean.kinds import Kind, Out
from whistle.clean.result import PAGES, Cleaned, NotCleaned, Trace, ordered

_ROOT: Final[Mapping[str, Trace]] = {  # of the catalogue: what is taken out, and what that was
    "/Metadata": "author", "/OpenAction": "script", "/AA": "script", "/AcroForm": "script", "/Collection": "embedded",
    "/AF": "embedded", "/PieceInfo": "history", "/Legal": "other", "/Perms": "other", "/DSS": "other",
    "/SpiderInfo": "other", "/URI": "other", "/Threads": "other", "/Outlines": "other",
}  # fmt: skip
_PAGE: Final[Mapping[str, Trace]] = {
    "/Metadata": "author", "/AA": "script", "/Thumb": "thumbnail", "/PieceInfo": "history", "/LastModified": "time",
    "/AF": "embedded", "/SeparationInfo": "other",
}  # fmt: skip
_OBJECT: Final[Mapping[str, Trace]] = {
    "/Metadata": "author", "/PieceInfo": "history", "/LastModified": "time", "/AF": "embedded", "/OPI": "other",
    "/JS": "script", "/JavaScript": "script", "/EmbeddedFiles": "embedded", "/EF": "embedded", "/AA": "script",
}  # fmt: skip


def clean(file: BinaryIO, kind: Kind, write: Out) -> Cleaned:
    """The document, written anew. Raises NotCleaned."""
    try:
        with Pdf.open(file) as document:
            if document.is_encrypted:
                raise NotCleaned("locked")
            if len(document.pages) > PAGES:
                raise NotCleaned("large")
            return _written(document, kind, write)
    except PasswordError:
        raise NotCleaned("locked") from None


def _written(document: Pdf, kind: Kind, write: Out) -> Cleaned:
    _flatten(document)
    found = _information(document)
    found |= _without(document.Root, _ROOT)
    if "/Names" in document.Root:
        found |= {code for key, code in _OBJECT.items() if key in document.Root.Names}
        for key in [key for key in document.Root.Names.keys() if key != "/Dests"]:
            del document.Root.Names[key]
    for page in document.pages:
        found |= _without(page.obj, _PAGE)
        found |= _annotations(page.obj)
    for thing in document.objects:
        for part in _direct(thing):
            found |= _without(part, _OBJECT)
        found |= _image(thing)
    document.remove_unreferenced_resources()
    out = io.BytesIO()
    document.save(out, static_id=True, linearize=False, fix_metadata_version=False)
    write(out.getvalue())
    return Cleaned(kind.media, ordered(found))


def _flatten(document: Pdf) -> None:
    """What was typed into a form, or stamped on a page, becomes part of the page before forms and notes go."""
    if "/AcroForm" in document.Root:
        document.generate_appearance_streams()
    document.flatten_annotations("screen")


def _direct(thing: Any) -> Iterator[Any]:
    """An object and the dictionaries written inside it, which are no objects by themselves."""
    waiting: list[Any] = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Array):
            inner = list(part)
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            inner = [part[key] for key in part.keys()]
        else:
            continue
        waiting += [one for one in inner if not getattr(one, "is_indirect", True)]


def _information(document: Pdf) -> set[Trace]:
    found = set[Trace]()
    if "/Info" in document.trailer:
        keys = set(document.trailer.Info.keys())
        found |= {"author"} if keys & {"/Author", "/Company", "/Manager"} else set()
        found |= {"device"} if keys & {"/Creator", "/Producer"} else set()
        found |= {"time"} if keys & {"/CreationDate", "/ModDate"} else set()
        found |= {"comment"} if keys & {"/Title", "/Subject", "/Keywords"} else set()
        del document.trailer["/Info"]
    return found


def _without(thing: Any, keys: Mapping[str, Trace]) -> set[Trace]:
    found = {code for key, code in keys.items() if key in thing}
    for key in keys:
        if key in thing:
            del thing[key]
    return found


def _annotations(page: Any) -> set[Trace]:
    """Links stay, if they lead to a place in the document; what they could do besides goes."""
    if "/Annots" not in page:
        return set()
    kept, found = [], set[Trace]()
    for one in page.Annots:
        if one.get("/Subtype") == Name.Link and "/Dest" in one:
            found |= _without(one, {"/A": "script", "/PA": "script", "/Contents": "comment", "/M": "time"})
            kept.append(one)
        else:
            attached = one.get("/Subtype") in (Name.FileAttachment, Name.RichMedia, Name.Screen, Name.Movie, Name.Sound)
            found.add("embedded" if attached else "comment")
    if kept:
        page.Annots = pikepdf.Array(kept)
    else:
        del page["/Annots"]
    return found


def _image(thing: Any) -> set[Trace]:
    """A JPEG inside a page keeps its own metadata, which is where a scanned photograph says where it was taken."""
    if not isinstance(thing, pikepdf.Stream) or thing.get("/Filter") not in (Name.DCTDecode, [Name.DCTDecode]):
        return set()
    raw = thing.read_raw_bytes()
    plain = without_segments(raw)
    if plain == raw:
        return set()
    parms: Any = thing.get("/DecodeParms")
    thing.write(plain, filter=Name.DCTDecode, decode_parms=parms)
    return {"other"}


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without its APP1 to APP13, APP15 and comment segments (ITU-T T.81, B.1.1.4); as it is when it is odd.

    The picture is not painted anew, so that a page shows exactly what it showed. APP14 says how colours are meant.
    """
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == 0xDA or length < 2:
            break
        dropped = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)
        kept += [] if dropped else [jpeg[at : at + 2 + length]]
        at += 2 + length
    return b"".join((*kept, jpeg[at:]))
