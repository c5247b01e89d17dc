"""Pictures to look at, small enough to be handed out."""

import io
from typing import Final

from PIL import Image

from whistle.clean import wire

_QUALITY: Final = 82


def jpeg(picture: Image.Image, size: tuple[int, int]) -> bytes:
    """The picture as JPEG, at most ``size`` pixels wide and high, on white where it is transparent."""
    if picture.mode not in ("RGB", "RGBA", "L"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail(size)
    # Painted on another, which knows nothing: Pillow writes a comment that the old one had into the new file.
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    while len(made := _written(plain)) > wire.PIECE_MOST:  # noise, which hardly gets smaller: fewer pixels of it
        plain = plain.reduce(2)
    return made


def _written(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
