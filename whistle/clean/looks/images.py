"""A picture, small. Of a moving one the first."""

from typing import BinaryIO, Final

from PIL import ExifTags, ImageOps

from whistle.clean.images import opened
from whistle.clean.kinds import Kind
from whistle.clean.looks.jpeg import jpeg
from whistle.clean.result import Look

_SIZE: Final = (320, 320)  # pixels at most
_LYING: Final = 5  # orientations of Exif from which on width and height change places (Exif 2.32, 4.6.4)


def look(file: BinaryIO, kind: Kind, _first: int, _most: int) -> Look:
    """One small picture. Raises NotCleaned, and Pillow's errors."""
    with opened(file, kind) as picture:
        wide, high = picture.size
        picture.draft("RGB", (2 * _SIZE[0], 2 * _SIZE[1]))  # a JPEG need not be unpacked in full
        lies = picture.getexif().get(ExifTags.Base.Orientation, 1) >= _LYING
        return Look(
            pictures=(jpeg(ImageOps.exif_transpose(picture), _SIZE),), sizes=((high, wide) if lies else (wide, high),)
        )
