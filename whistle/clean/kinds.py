"""The kinds of files that can be cleaned, one row each, told by what is in them and never by their names.

A row has all that is known of a kind: what it is called, what cleans it, what comes of it and how that is shown. What
is new for a new one is its row and an example in `tests/clean/samples.py`; `tests/clean/test_kinds.py` says what lacks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO, Final, Literal, Protocol

from whistle.clean import signs
from whistle.clean.result import Cleaned, Look

HEAD: Final = 4096  # bytes at the beginning, which tell the kind
TAIL: Final = 512 * 1024  # and at the end of a ZIP archive, where its directory is

Out = Callable[[bytes], object]
Cleaner = Callable[[BinaryIO, "Kind", Out], Cleaned]
Looker = Callable[[BinaryIO, "Kind", int, int], Look]
Family = Literal["photo", "picture", "document", "sheet", "sound", "film"]
Way = Literal["in place", "pages", "text", "download"]


class Source(Protocol):
    """A file of ``size`` bytes that can be read from any place."""

    @property
    def size(self) -> int: ...

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from ``start`` up to, not including, ``stop``; fewer at the end of the file."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file.

    ``name``: what people call it, in any language; ``family``: what they call it more generally; ``media``: its type.
    ``fits``: whether a file with these bytes at its ends is one. ``module``: the file beside this one whose ``clean``
    cleans it, and the file in `looks` whose ``look`` makes what is looked at.
    ``gives``: the types that may come of cleaning; nothing: its own. A film that turns out to have no picture is a
    sound. ``way``: how that is shown, "in place" being only
    for what browsers show or play and what cannot hold a program.
    ``reads``, ``writes``: what ``module`` calls the format, and the one it makes: of a picture Pillow's (``moving``: of
    several one after the other, "" where only the first is kept), of a recording FFmpeg's, of OOXML its main part.
    """

    code: str
    name: str
    family: Family
    media: str
    extension: str
    fits: signs.Sign
    module: str
    way: Way
    gives: tuple[str, ...] = ()
    reads: str = ""
    writes: str = ""
    moving: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "gives", self.gives or (self.media,))

    @property
    def held(self) -> bool:
        """Whether it is cleaned as a whole, in memory. Recordings and films are read in ranges."""
        return self.module != "media"

    @property
    def seen(self) -> bool:
        """Whether there is something to look at."""
        return self.family != "sound"

    @property
    def text(self) -> bool:
        """Whether it is looked at as text; anything else as pictures."""
        return self.way == "text"

    def cleaner(self) -> Cleaner:
        """The function that cleans it; imported when it is needed, and only in the sandbox."""
        cleaner: Cleaner = import_module(f"whistle.clean.{self.module}").clean
        return cleaner

    def looker(self) -> Looker:
        """The function that makes what is looked at; imported as the cleaner is."""
        looker: Looker = import_module(f"whistle.clean.looks.{self.module}").look
        return looker


_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODT, _ODS = (f"application/vnd.oasis.opendocument.{what}" for what in ("text", "spreadsheet"))
_DOCX, _XLSX = "word/document.xml", "xl/workbook.xml"
_HEIC: Final = signs.brand(b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_MP4: Final = signs.brand(  # of phones, cameras, editors and sites that hand out films (mp4ra.org, ftyps.com)
    *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1"),
    *(b"mmp4", b"dash", b"M4V ", b"M4VH", b"M4VP", b"F4V ", b"MSNV", b"XAVC", b"qt  "),
)
_ALL: Final = (
    Kind(
        code="jpeg", name="JPG", family="photo", media="image/jpeg", extension="jpg",
        fits=signs.starts(b"\xff\xd8\xff"), module="images", way="in place", reads="JPEG", writes="JPEG",
    ),
    Kind(
        code="png", name="PNG", family="picture", media="image/png", extension="png",
        fits=signs.starts(b"\x89PNG\r\n\x1a\n"), module="images", way="in place", gives=("image/png", "image/gif"),
        reads="PNG", writes="PNG", moving="GIF",
    ),
    Kind(
        code="webp", name="WebP", family="picture", media="image/webp", extension="webp", fits=signs.riff(b"WEBP"),
        module="images", way="in place", reads="WEBP", writes="WEBP", moving="WEBP",
    ),
    Kind(
        code="gif", name="GIF", family="picture", media="image/gif", extension="gif",
        fits=signs.starts(b"GIF87a", b"GIF89a"), module="images", way="in place", gives=("image/png", "image/gif"),
        reads="GIF", writes="PNG", moving="GIF",
    ),
    Kind(
        code="heic", name="HEIC", family="photo", media="image/heic", extension="heic", fits=_HEIC,
        module="images", way="in place", gives=("image/jpeg",), reads="HEIF", writes="JPEG",
    ),
    Kind(
        code="pdf", name="PDF", family="document", media="application/pdf", extension="pdf", fits=signs.pdf,
        module="pdf", way="pages",
    ),
    Kind(
        code="odt", name="ODT", family="document", media=_ODT, extension="odt", fits=signs.opendocument(_ODT),
        module="opendocument", way="text",
    ),
    Kind(
        code="ods", name="ODS", family="sheet", media=_ODS, extension="ods", fits=signs.opendocument(_ODS),
        module="opendocument", way="text",
    ),
    Kind(
        code="docx", name="Word", family="document", media=f"{_OOXML}.wordprocessingml.document", extension="docx",
        fits=signs.openxml(_DOCX), module="openxml", way="text", reads=_DOCX,
    ),
    Kind(
        code="xlsx", name="Excel", family="sheet", media=f"{_OOXML}.spreadsheetml.sheet", extension="xlsx",
        fits=signs.openxml(_XLSX), module="openxml", way="text", reads=_XLSX,
    ),
    Kind(
        code="m4a", name="M4A", family="sound", media="audio/mp4", extension="m4a", fits=signs.brand(b"M4A ", b"M4B "),
        module="media", way="in place", reads="mov", writes="ipod",
    ),
    Kind(
        code="3gp", name="3GP", family="film", media="video/3gpp", extension="3gp", fits=signs.brand(b"3g"),
        module="media", way="in place", gives=("video/3gpp", "audio/3gpp"), reads="mov", writes="3gp",
    ),
    Kind(
        code="mp4", name="MP4", family="film", media="video/mp4", extension="mp4", fits=_MP4,
        module="media", way="in place", gives=("video/mp4", "audio/mp4"), reads="mov", writes="mp4",
    ),
    Kind(
        code="webm", name="WebM", family="film", media="video/webm", extension="webm", fits=signs.webm,
        module="media", way="in place", gives=("video/webm", "audio/webm"), reads="matroska", writes="webm",
    ),
    Kind(
        code="ogg", name="OGG", family="sound", media="audio/ogg", extension="ogg", fits=signs.starts(b"OggS"),
        module="media", way="in place", reads="ogg", writes="ogg",
    ),
    Kind(
        code="wav", name="WAV", family="sound", media="audio/wav", extension="wav", fits=signs.riff(b"WAVE"),
        module="media", way="in place", reads="wav", writes="wav",
    ),
    Kind(
        code="amr", name="AMR", family="sound", media="audio/amr", extension="amr", fits=signs.starts(b"#!AMR\n"),
        module="media", way="download", reads="amr", writes="amr",
    ),
    Kind(
        code="mp3", name="MP3", family="sound", media="audio/mpeg", extension="mp3", fits=signs.mp3,
        module="media", way="in place", reads="mp3", writes="mp3",
    ),
)  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.code: kind for kind in _ALL})
MEDIA: Final[Mapping[str, Kind]] = MappingProxyType(
    {media: kind for kind in _ALL for media in kind.gives} | {kind.media: kind for kind in _ALL}
)
"""The kind of a type; of one that only cleaning gives, a kind that it comes of."""

UNHEARD: Final = frozenset({"audio/amr", "audio/3gpp"})
"""Types of sounds that browsers do not play: a copy for listening is made of them, as `HEARD_AS`."""
HEARD_AS: Final = "audio/ogg"


def kind_of(data: bytes) -> Kind | None:
    """The kind of a file, of which its head is given, and of a ZIP archive its tail too; None for an unknown one."""
    return next((kind for kind in _ALL if kind.fits(data)), None)


def kind_of_source(source: Source) -> Kind | None:
    """The kind of a file, of which no more is read than tells it. What ``source`` raises goes through."""
    ends = source.read(0, HEAD)
    if ends.startswith(signs.ZIP):
        ends += source.read(max(HEAD, source.size - TAIL), source.size)
    return kind_of(ends)
