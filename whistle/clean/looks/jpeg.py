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
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    made = _written(picture.convert("RGB"))
    while len(made) > wire.PIECE_MOST:  # noise, which hardly gets smaller: fewer pixels of it
        picture = picture.reduce(2)
        made = _written(picture.convert("RGB"))
    return made


def _written(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
