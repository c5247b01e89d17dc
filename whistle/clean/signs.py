"""What a kind of file is told by: bytes at its beginning, of a ZIP archive also those at its end; never its name."""

from collections.abc import Callable
from typing import Final

ZIP: Final = b"PK\x03\x04"

Sign = Callable[[bytes], bool]


def starts(*beginnings: bytes) -> Sign:
    """With one of these the file begins."""
    return lambda head: head.startswith(beginnings)


def riff(form: bytes) -> Sign:
    """A RIFF file, which names its form behind its length."""
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def brand(*brands: bytes) -> Sign:
    """ISO base media files (ISO/IEC 14496-12): the box `ftyp` comes first and names the brand, or how it begins."""
    return lambda head: head[4:8] == b"ftyp" and head[8:12].startswith(brands)


def openxml(main: str) -> Sign:
    """ECMA-376, part 2: a ZIP archive, in whose directory the names of the parts stand as they are."""
    return lambda data: data[:4] == ZIP and b"[Content_Types].xml" in data and main.encode() in data


def opendocument(media: str) -> Sign:
    """OpenDocument 1.3, part 2, 3.3: the first part is the media type, not compressed."""
    first = b"mimetype" + media.encode()
    return lambda data: data[:4] == ZIP and data[30 : 30 + len(first)] == first


def webm(head: bytes) -> bool:
    """EBML (RFC 8794), whose header names the document type."""
    return head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]


def mp3(head: bytes) -> bool:
    """With tags in front, or a frame of layer III (ISO/IEC 11172-3, 2.4.1.3)."""
    return head[:3] == b"ID3" or (len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] < 0xF0)


def pdf(head: bytes) -> bool:
    """Readers take what stands before it as well (ISO 32000-2, annex I)."""
    return b"%PDF-" in head[:1024]
