"""Photographs and pictures, painted anew: of the old file nothing is kept but what is seen.

Orientation is applied first, since it is told by what is removed. Colours are kept by turning them into sRGB, so that
the camera's own colour profile need not be.
"""

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from PIL import ExifTags, Image, ImageCms, ImageOps, ImageSequence

from whistle.clean.kinds import Kind, Out
from whistle.clean.result import Cleaned, NotCleaned, Trace, ordered

PIXELS: Final = 50_000_000  # of one picture that is painted
LARGEST: Final = 8 * PIXELS  # of a JPEG, which can be read at a half or a quarter: some phones' photos have 200 million
FRAMES: Final = 300  # of a moving one
QUALITY: Final = 88
_COLOURS: Final = {"RGB": "RGB", "RGBA": "RGB", "P": "RGB", "PA": "RGB", "CMYK": "CMYK", "L": "L", "LA": "L"}
"""The mode in which a profile is about a picture of each mode (ICC.1:2022, 7.2.6: the data colour space)."""
_TAGS: Final[Mapping[Trace, set[int]]] = {  # of EXIF
    "device": {0x010F, 0x0110, 0x0131, 0xA433, 0xA434, 0xA435, 0xA431, 0x927C},  # also a maker's notes
    "author": {0x013B, 0x8298, 0x9C9D, 0xA430},  # artist, copyright, XPAuthor, owner
    "time": {0x0132, 0x9003, 0x9004, 0x9290, 0x9291, 0x9292},
    "comment": {0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F},
}


def clean(file: BinaryIO, kind: Kind, write: Out) -> Cleaned:
    """The picture, painted anew as JPEG, PNG, WebP or GIF. Raises NotCleaned."""
    with opened(file, kind) as picture:
        return _painted(picture, kind, write)


@contextmanager
def opened(file: BinaryIO, kind: Kind) -> Iterator[Image.Image]:
    """The picture of a file, as its ``kind`` alone. Raises NotCleaned ("large"), and Pillow's errors."""
    if kind.reads == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = LARGEST if kind.reads == "JPEG" else PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=[kind.reads]) as picture:
                pixels = picture.width * picture.height
                if pixels > PIXELS:
                    part = 2 if pixels <= 4 * PIXELS else 4
                    picture.draft(None, (picture.width // part, picture.height // part))
                _bounded(picture)
                yield picture
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotCleaned("large") from None


def _bounded(picture: Image.Image) -> None:
    frames = getattr(picture, "n_frames", 1)
    if frames > FRAMES or frames * picture.width * picture.height > FRAMES * PIXELS // 10:
        raise NotCleaned("large")


def _painted(picture: Image.Image, kind: Kind, write: Out) -> Cleaned:
    removed = _told(picture)
    if getattr(picture, "n_frames", 1) > 1 and kind.moving:
        return _moving(picture, kind, removed, write)
    out = io.BytesIO()
    _plain(picture, kind.writes).save(out, kind.writes, **({"quality": QUALITY} if kind.writes != "PNG" else {}))
    write(out.getvalue())
    return Cleaned(Image.MIME[kind.writes], ordered(removed))


def _moving(picture: Image.Image, kind: Kind, removed: set[Trace], write: Out) -> Cleaned:
    """Several pictures one after the other, each shown as long as before."""
    times = [int(frame.info.get("duration", 100)) for frame in ImageSequence.Iterator(picture)]
    first, *rest = _frames(picture)
    out = io.BytesIO()
    first.save(out, kind.moving, save_all=True, append_images=rest, duration=times, loop=0)
    write(out.getvalue())
    return Cleaned(Image.MIME[kind.moving], ordered(removed))


def _frames(picture: Image.Image) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(picture):
        yield _plain(frame.copy(), "PNG")


def _plain(picture: Image.Image, form: str) -> Image.Image:
    """Turned upright, in sRGB, as pixels alone."""
    upright = ImageOps.exif_transpose(picture)
    opaque = form == "JPEG" or not upright.has_transparency_data
    mode = "RGB" if opaque else "RGBA"
    plain = _in_srgb(upright, mode)
    made = Image.new(mode, plain.size)
    made.paste(plain)
    return made


def _in_srgb(picture: Image.Image, mode: str) -> Image.Image:
    """As ``mode``, "RGB" or "RGBA"."""
    colours = _by_profile(picture)
    if colours is None:
        return picture.convert(mode)
    if mode == "RGBA":
        colours.putalpha((picture if picture.mode in ("RGBA", "LA") else picture.convert("RGBA")).getchannel("A"))
    return colours


def _by_profile(picture: Image.Image) -> Image.Image | None:
    """The colours alone, without what is transparent, as the profile in the file says; None where none holds."""
    profile, colours = picture.info.get("icc_profile"), _COLOURS.get(picture.mode)
    if not profile or not colours:
        return None
    plain = picture if picture.mode == colours else picture.convert(colours)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except OSError:
        return None  # a profile that is none: the colours are taken as they stand
    try:
        return ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return None  # one of other colours than the picture's


def _told(picture: Image.Image) -> set[Trace]:
    """What the old file told besides the picture."""
    exif: Any = picture.getexif()
    tags = set(exif) | set(exif.get_ifd(ExifTags.IFD.Exif))
    found = {code for code, those in _TAGS.items() if tags & those}
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        found.add("place")
    if exif.get_ifd(ExifTags.IFD.IFD1):
        found.add("thumbnail")
    info = set(picture.info)
    if info & {"comment", "Comment", "Description", "Title"}:
        found.add("comment")
    if info & {"Author", "Copyright"}:
        found.add("author")
    if info & {"xmp", "XML:com.adobe.xmp", "photoshop", "icc_profile", "mp", "mpoffset"}:
        found.add("other")
    return found
