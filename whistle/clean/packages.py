"""ZIP archives of XML parts, as office documents are: read with limits, and written with nothing of their own.

A part may unpack to far more than it takes packed, so what is unpacked is counted. No entity is resolved and no
document type is allowed, so that XML cannot grow or fetch.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from lxml import etree

from whistle.clean.result import NotCleaned

PARTS: Final = 3000
UNPACKED: Final = 256 * 1024 * 1024  # bytes of all parts together
EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest day that a ZIP archive can name


def unpacked(file: BinaryIO) -> dict[str, bytes]:
    """The parts by name. Raises NotCleaned ("large", "locked"), and zipfile's errors."""
    with zipfile.ZipFile(file) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > PARTS:
            raise NotCleaned("large")
        if any(info.flag_bits & 1 for info in infos):
            raise NotCleaned("locked")
        parts, room = dict[str, bytes](), UNPACKED
        for info in infos:
            with archive.open(info) as part:
                content = part.read(room + 1)
            room -= len(content)
            if room < 0:
                raise NotCleaned("large")
            parts[info.filename] = content
        return parts


def packed(parts: Mapping[str, bytes], first: str = "") -> bytes:
    """An archive of ``parts``. ``first`` stands in front and is not compressed (OpenDocument 1.3, part 2, 3.3)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != first, name)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return out.getvalue()


def tree(part: bytes) -> Any:
    """The root element of an XML part. Raises NotCleaned, and lxml's errors."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(part, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotCleaned("damaged")
    return root


def written(root: Any) -> bytes:
    """The part of a root element."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def local(name: Any) -> str:
    """The name of an element or attribute without its namespace."""
    return str(name).rpartition("}")[2]


def remove(element: Any) -> None:
    """Take an element out, and leave what follows it."""
    _put_before(element, element.tail)
    element.tail = None
    element.getparent().remove(element)


def unwrap(element: Any) -> None:
    """Put what an element holds, text too, in its place."""
    _put_before(element, element.text)
    parent = element.getparent()
    at = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(at, child)
    remove(element)


def _put_before(element: Any, text: str | None) -> None:
    before = element.getprevious()
    if text and before is not None:
        before.tail = (before.tail or "") + text
    elif text:
        parent = element.getparent()
        parent.text = (parent.text or "") + text
