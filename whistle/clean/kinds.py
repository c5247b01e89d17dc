"""The kinds of files that can be cleaned, told by what is in them and never by their names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO, Final, Protocol

from whistle.clean.result import Cleaned, Look

HEAD: Final = 4096  # bytes at the beginning, which tell the kind
TAIL: Final = 512 * 1024  # and at the end of a ZIP archive, where its directory is
_ZIP: Final = b"PK\x03\x04"

Out = Callable[[bytes], object]
Cleaner = Callable[[BinaryIO, "Kind", Out], Cleaned]
Looker = Callable[[BinaryIO, "Kind", int, int], Look]


class Source(Protocol):
    """A file of ``size`` bytes that can be read from any place."""

    @property
    def size(self) -> int: ...

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from ``start`` up to, not including, ``stop``; fewer at the end of the file."""


@dataclass(frozen=True)
class Kind:
    """``module``: the file beside this one whose ``clean`` cleans it; ``media``: its type."""

    code: str
    media: str
    extension: str
    module: str
    fits: Callable[[bytes], bool]

    @property
    def held(self) -> bool:
        """Whether it is cleaned as a whole, in memory. Recordings and films are read in ranges."""
        return self.module != "media"

    @property
    def seen(self) -> bool:
        """Whether there is something to look at."""
        return not self.media.startswith("audio/")

    @property
    def text(self) -> bool:
        """Whether it is looked at as text; anything else as pictures."""
        return self.module in ("openxml", "opendocument")

    def cleaner(self) -> Cleaner:
        """The function that cleans it; imported when it is needed, and only in the sandbox."""
        cleaner: Cleaner = import_module(f"whistle.clean.{self.module}").clean
        return cleaner

    def looker(self) -> Looker:
        """The function that makes what is looked at; imported as the cleaner is."""
        looker: Looker = import_module(f"whistle.clean.looks.{self.module}").look
        return looker


def _starts(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    """ISO base media files (ISO/IEC 14496-12): the box `ftyp` comes first and names the brand."""
    return lambda head: head[4:8] == b"ftyp" and head[8:12] in brands


def _webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _wav(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def _mp3(head: bytes) -> bool:
    """With tags in front, or a frame of layer III (ISO/IEC 11172-3, 2.4.1.3)."""
    return head[:3] == b"ID3" or (len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] < 0xF0)


def _openxml(main: bytes) -> Callable[[bytes], bool]:
    """ECMA-376, part 2: a ZIP archive, in whose directory the names of the parts stand as they are."""
    return lambda data: data[:4] == _ZIP and b"[Content_Types].xml" in data and main in data


def _opendocument(media: bytes) -> Callable[[bytes], bool]:
    """OpenDocument 1.3, part 2, 3.3: the first part is the media type, not compressed."""
    return lambda data: data[:4] == _ZIP and data[30 : 38 + len(media)] == b"mimetype" + media


def _webm(head: bytes) -> bool:
    """EBML (RFC 8794), whose header names the document type."""
    return head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]


def _pdf(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]  # readers take what stands before it as well (ISO 32000-2, annex I)


_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
_MP4: Final = (b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"qt  ")
_ALL: Final = (
    Kind("jpeg", "image/jpeg", "jpg", "images", _starts(b"\xff\xd8\xff")),
    Kind("png", "image/png", "png", "images", _starts(b"\x89PNG\r\n\x1a\n")),
    Kind("webp", "image/webp", "webp", "images", _webp),
    Kind("gif", "image/gif", "gif", "images", _starts(b"GIF87a", b"GIF89a")),
    Kind("heic", "image/heic", "heic", "images", _brand(b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")),
    Kind("pdf", "application/pdf", "pdf", "pdf", _pdf),
    Kind("odt", f"{_ODF}.text", "odt", "opendocument", _opendocument(f"{_ODF}.text".encode())),
    Kind("ods", f"{_ODF}.spreadsheet", "ods", "opendocument", _opendocument(f"{_ODF}.spreadsheet".encode())),
    Kind("docx", f"{_OOXML}.wordprocessingml.document", "docx", "openxml", _openxml(b"word/document.xml")),
    Kind("xlsx", f"{_OOXML}.spreadsheetml.sheet", "xlsx", "openxml", _openxml(b"xl/workbook.xml")),
    Kind("m4a", "audio/mp4", "m4a", "media", _brand(b"M4A ", b"M4B ")),
    Kind("3gp", "video/3gpp", "3gp", "media", lambda head: head[4:8] == b"ftyp" and head[8:10] == b"3g"),
    Kind("mp4", "video/mp4", "mp4", "media", _brand(*_MP4)),
    Kind("webm", "video/webm", "webm", "media", _webm),
    Kind("ogg", "audio/ogg", "ogg", "media", _starts(b"OggS")),
    Kind("wav", "audio/wav", "wav", "media", _wav),
    Kind("amr", "audio/amr", "amr", "media", _starts(b"#!AMR\n")),
    Kind("mp3", "audio/mpeg", "mp3", "media", _mp3),
)
KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.code: kind for kind in _ALL})


def kind_of(data: bytes) -> Kind | None:
    """The kind of a file, of which its head is given, and of a ZIP archive its tail too; None for an unknown one."""
    return next((kind for kind in _ALL if kind.fits(data)), None)


def kind_of_source(source: Source) -> Kind | None:
    """The kind of a file, of which no more is read than tells it. What ``source`` raises goes through."""
    ends = source.read(0, HEAD)
    if ends.startswith(_ZIP):
        ends += source.read(max(HEAD, source.size - TAIL), source.size)
    return kind_of(ends)
