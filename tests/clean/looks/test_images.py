"""A picture is shown small before it is opened."""

import io

import pytest
from PIL import Image

from tests.clean.making import CANARY, UPRIGHT, cleaned, like, looked, moving, opened, picture, scene
from whistle.clean.result import NotCleaned

SMALL = scene().resize((320, 240))
FORMS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_is_one_small_picture_that_looks_the_same(form: str) -> None:
    seen = looked(cleaned(picture(form)).data)
    (small,) = seen.pictures
    assert like(opened(small), SMALL) and seen.pages == 0 and seen.text == ""
    assert seen.sizes == ((640, 480),), "how large the picture itself is"


def test_a_picture_that_was_not_turned_upright_yet_is() -> None:
    seen = looked(picture("JPEG", UPRIGHT))
    assert like(opened(seen.pictures[0]), SMALL.transpose(Image.Transpose.ROTATE_270)) and seen.sizes == ((480, 640),)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_picture_tells_is_not_in_the_small_one(form: str) -> None:
    """Even if it was not cleaned: Pillow, say, hands a comment on to every picture that is made of one."""
    (small,) = looked(picture(form)).pictures
    assert CANARY.encode() not in small and b"Exif" not in small


def test_of_a_moving_picture_the_first_is_shown() -> None:
    (small,) = looked(moving("GIF")).pictures
    assert like(opened(small), SMALL)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_shown_on_white(mode: str) -> None:
    out = io.BytesIO()
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0)).convert(mode)
    clear.save(out, "PNG", **({"transparency": 0} if mode == "P" else {}))
    (small,) = looked(out.getvalue()).pictures
    assert opened(small).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "CMYK"])
def test_every_way_to_write_a_colour_can_be_shown(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (400, 40), 0).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(looked(out.getvalue()).pictures[0]).size == (320, 32)


def test_a_picture_that_would_fill_the_memory_is_not_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(NotCleaned, match="large"):
        looked(out.getvalue())
