"""DOCX and XLSX (ECMA-376): a new package of the parts that are shown, each without what it says of its authors.

Kept are the text, the cells with their values, formats and pictures. Gone are the properties of the document, comments,
earlier states, who changed what, macros, embedded and linked files, printers' settings, and formulas, whose values
stay: a formula can fetch from the network when the document is opened.
"""

import re
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from whistle.clean.kinds import Kind, Out
from whistle.clean.packages import local, packed, remove, tree, unpacked, unwrap, written
from whistle.clean.parts import picture
from whistle.clean.result import Cleaned, NotCleaned, Trace, ordered

TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
_SHOWN: Final = {
    "docx": re.compile(
        r"word/(document|styles|numbering|fontTable|footnotes|endnotes|header\d*|footer\d*|theme/theme\d+)\.xml"
    ),
    "xlsx": re.compile(
        r"xl/(workbook|styles|sharedStrings|theme/theme\d+|worksheets/sheet\d+|drawings/drawing\d+|charts/chart\d+"
        r"|tables/table\d+)\.xml"
    ),
}
_PICTURE: Final = re.compile(r"(word|xl)/media/[^/]+")
_GONE: Final[Mapping[str, Trace]] = {  # of parts that are left out: what they held
    "docProps/thumbnail": "thumbnail", "docProps/": "author", "customXml/": "other", "vba": "script",
    "macro": "script", "activeX": "script", "embeddings/": "embedded", "externalLinks": "embedded",
    "comment": "comment", "person": "author", "people": "author", "printerSettings": "device",
    "revisions/": "history", "glossary": "other",
}  # fmt: skip
# Elements by local name: taken out with all they hold, or replaced by what they hold.
_OUT: Final[Mapping[str, Trace]] = {
    "del": "history", "moveFrom": "history", "delText": "history", "rPrChange": "history", "pPrChange": "history",
    "tblPrChange": "history", "trPrChange": "history", "tcPrChange": "history", "sectPrChange": "history",
    "numberingChange": "history", "cellDel": "history", "cellIns": "history", "moveFromRangeStart": "history",
    "moveFromRangeEnd": "history", "moveToRangeStart": "history", "moveToRangeEnd": "history",
    "commentRangeStart": "comment", "commentRangeEnd": "comment", "commentReference": "comment",
    "proofErr": "other", "object": "embedded", "OLEObject": "embedded", "control": "script",
    "oleObjects": "embedded", "controls": "script", "legacyDrawing": "comment", "legacyDrawingHF": "comment",
    "fileSharing": "author", "fileVersion": "device", "externalReferences": "embedded", "externalData": "embedded",
    "customWorkbookViews": "author", "customSheetViews": "author", "webPublishing": "other", "Fallback": "other",
    "absPath": "author", "extLst": "other", "attachedTemplate": "other", "instrText": "script", "fldChar": "script",
    "altChunk": "embedded", "calculatedColumnFormula": "script", "dataValidations": "other",
    "pivotCaches": "embedded", "queryTableFieldId": "other",
}  # fmt: skip
_FORMULA: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"  # a chart's of that name only points
_UNWRAPPED: Final[Mapping[str, Trace]] = {
    "ins": "history",
    "moveTo": "history",
    "smartTag": "other",
    "fldSimple": "script",
    "customXml": "other",
}
_ATTRIBUTES: Final[Mapping[str, Trace]] = {
    "author": "author", "initials": "author", "date": "time", "descr": "comment", "title": "comment",
}  # fmt: skip
_RSID: Final = re.compile(r"rsid\w*|paraId|textId|uid")


def clean(file: BinaryIO, kind: Kind, write: Out) -> Cleaned:
    """The document in a new package. Raises NotCleaned."""
    parts = unpacked(file)
    if kind.reads not in parts:
        raise NotCleaned("damaged")
    found = {code for name in parts for word, code in _GONE.items() if word.lower() in name.lower()}
    kept = dict[str, bytes]()
    for name, part in parts.items():
        if _SHOWN[kind.code].fullmatch(name):
            root = tree(part)
            found |= _plain(root)
            kept[name] = written(root)
        elif _PICTURE.fullmatch(name):
            painted, told = picture(part)
            found |= told
            if painted:
                kept[name] = painted
    found |= _related(parts, kept)
    kept[TYPES] = _typed(parts[TYPES] if TYPES in parts else b"", kept)
    write(packed(kept))
    return Cleaned(kind.media, ordered(found))


def _plain(root: Any) -> set[Trace]:
    """Take out of a part what is not shown. Says what it was."""
    found = set[Trace]()
    for element in list(root.iter()):
        name = local(element.tag)
        parent = element.getparent()
        if parent is None:
            pass
        elif name in _OUT or element.tag == _FORMULA:
            found.add(_OUT.get(name, "script"))
            remove(element)
        elif name in _UNWRAPPED:
            found.add(_UNWRAPPED[name])
            unwrap(element)
        for key in list(element.attrib):
            if local(key) in _ATTRIBUTES and name not in ("sheet", "style", "tblCaption"):
                found.add(_ATTRIBUTES[local(key)])
                del element.attrib[key]
            elif _RSID.fullmatch(local(key)):
                del element.attrib[key]
    for element in root.iter():
        if local(element.tag) in ("docPr", "cNvPr") and element.get("name"):
            element.set("name", "gambar")  # often the name of a file
    return found


def _related(parts: Mapping[str, bytes], kept: dict[str, bytes]) -> set[Trace]:
    """The relationships among what is kept. Who pointed to anything else is told to point nowhere."""
    found = set[Trace]()
    for name in [RELATIONS, *(_relations_of(part) for part in list(kept))]:
        if name not in parts:
            continue
        root = tree(parts[name])
        for one in list(root):
            target = _target(name, one.get("Target", ""))
            if one.get("TargetMode") == "External":
                found.add("other")
            if one.get("TargetMode") == "External" or target not in kept:
                root.remove(one)
                _forget(kept, name, one.get("Id", ""))
        if len(root):
            kept[name] = written(root)
    return found


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _target(relations: str, target: str) -> str:
    """The part that a relationship of ``relations`` names (ECMA-376, part 2, 8.2)."""
    if target.startswith("/"):
        return target[1:]
    steps = relations.split("/")[:-2]
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _forget(kept: dict[str, bytes], relations: str, id_: str) -> None:
    """Remove what a part says of a relationship that is no more: a link becomes its text, a picture goes."""
    folder, _, name = relations.rpartition("/_rels/")
    part = f"{folder}/{name.removesuffix('.rels')}"
    if part not in kept or not id_:
        return
    root = tree(kept[part])
    for element in list(root.iter()):
        if id_ not in [value for key, value in element.attrib.items() if "relationships}" in key]:
            continue
        if local(element.tag) == "hyperlink" and len(element):
            unwrap(element)
        elif element.getparent() is not None:
            remove(element)
    kept[part] = written(root)


def _typed(types: bytes, kept: Mapping[str, bytes]) -> bytes:
    """The content types of what is kept (ECMA-376, part 2, 7.2.3)."""
    root = tree(types)
    for one in list(root):
        if local(one.tag) == "Override" and one.get("PartName", "").removeprefix("/") not in kept:
            root.remove(one)
        elif "macro" in one.get("ContentType", "").lower():
            one.set("ContentType", one.get("ContentType").replace("macroEnabled", ""))
    return written(root)
