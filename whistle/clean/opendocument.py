"""ODT and ODS (OpenDocument 1.3): a new package of text, styles and pictures, without what they say of their authors.

Gone are the properties of the document, thumbnails, settings, comments, earlier states, macros, embedded objects, links
to files elsewhere, and formulas, whose values stay.
"""

import re
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from whistle.clean.kinds import Kind, Out
from whistle.clean.packages import local, packed, remove, tree, unpacked, unwrap, written
from whistle.clean.parts import picture
from whistle.clean.result import Cleaned, NotCleaned, Trace, ordered

_SHOWN: Final = ("content.xml", "styles.xml")
_PICTURE: Final = re.compile(r"Pictures/[^/]+")
_GONE: Final[Mapping[str, Trace]] = {
    "meta.xml": "author", "settings.xml": "device", "thumbnails/": "thumbnail", "basic/": "script",
    "scripts/": "script", "dialogs/": "script", "object": "embedded", "versions/": "history",
    "versionlist": "history", "manifest.rdf": "other", "documentsignatures": "author", "configurations2/": "other",
    "layout-cache": "other", "database": "embedded",
}  # fmt: skip
_OUT: Final[Mapping[str, Trace]] = {
    "tracked-changes": "history", "change": "history", "change-start": "history", "change-end": "history",
    "annotation": "comment", "annotation-end": "comment", "scripts": "script", "event-listeners": "script",
    "script": "script", "object": "embedded", "object-ole": "embedded", "plugin": "embedded", "applet": "embedded",
    "floating-frame": "embedded", "forms": "script", "desc": "comment", "title": "comment", "dde-links": "embedded",
    "dde-connection-decls": "embedded", "cell-range-source": "embedded", "table-source": "embedded",
    "consolidation": "other", "content-validations": "other", "database-ranges": "other",
    "data-pilot-tables": "embedded", "user-defined": "other",
}  # fmt: skip
_FIELDS: Final[Mapping[str, Trace]] = {  # which name somebody or a moment: their words stay, as words
    "author-name": "author", "author-initials": "author", "initial-creator": "author", "creator": "author",
    "printed-by": "author", "sender-firstname": "author", "sender-lastname": "author", "creation-date": "time",
    "creation-time": "time", "modification-date": "time", "modification-time": "time", "file-name": "other",
    "template-name": "other", "print-date": "time", "print-time": "time", "editing-duration": "time",
}  # fmt: skip
_FORMULAS: Final = {"formula", "condition"}
_MANIFEST: Final = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def clean(file: BinaryIO, kind: Kind, write: Out) -> Cleaned:
    """The document in a new package. Raises NotCleaned."""
    parts = unpacked(file)
    if "content.xml" not in parts:
        raise NotCleaned("damaged")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise NotCleaned("locked")
    found = {code for name in parts for word, code in _GONE.items() if name.lower().startswith(word)}
    kept = {"mimetype": kind.media.encode()}
    for name, part in parts.items():
        if _PICTURE.fullmatch(name):
            painted, told = picture(part)
            found |= told
            if painted:
                kept[name] = painted
    for name in _SHOWN:
        if name in parts:
            root = tree(parts[name])
            found |= _plain(root, kept)
            kept[name] = written(root)
    kept["META-INF/manifest.xml"] = _manifest(kept, kind)
    write(packed(kept, "mimetype"))
    return Cleaned(kind.media, ordered(found))


def _plain(root: Any, kept: dict[str, bytes]) -> set[Trace]:
    """Take out what is not shown, and links that lead out of the document. Says what it was."""
    found = set[Trace]()
    for element in list(root.iter()):
        name, link = local(element.tag), _link(element)
        if element.getparent() is None:
            continue
        if name in _OUT and not (name == "title" and "chart" in str(element.tag)):
            found.add(_OUT[name])
            remove(element)
        elif name in _FIELDS:
            found.add(_FIELDS[name])
            unwrap(element)
        elif link is not None and not link.startswith("#") and link.removeprefix("./") not in kept:
            found.add("other")
            (unwrap if name == "a" else remove)(element)
        for key in list(element.attrib):
            if local(key) in _FORMULAS:
                found.add("script")
                del element.attrib[key]
            elif "rdf" in local(key) or local(key) in ("display-name-of-author", "rsid", "paragraph-rsid"):
                del element.attrib[key]
    return found


def _link(element: Any) -> str | None:
    return next((str(value) for key, value in element.attrib.items() if key.endswith("xlink}href")), None)


def _manifest(kept: dict[str, bytes], kind: Kind) -> bytes:
    """What is in the package (OpenDocument 1.3, part 2, 4)."""
    root = tree(f'<m:manifest xmlns:m="{_MANIFEST}" m:version="1.3"/>'.encode())
    for name in ("/", *sorted(kept)):
        if name == "mimetype":
            continue
        entry = root.makeelement(f"{{{_MANIFEST}}}file-entry")
        entry.set(f"{{{_MANIFEST}}}full-path", name)
        entry.set(
            f"{{{_MANIFEST}}}media-type", kind.media if name == "/" else "text/xml" if name.endswith(".xml") else ""
        )
        root.append(entry)
    return written(root)
