"""Colours that a file explains by a profile of its own look the same without it, transparent or not."""

import io
import struct

import pytest
from PIL import Image, ImageCms

from tests.clean.making import cleaned, like, scene

HEADER = 128  # bytes (ICC.1:2022, 7.2)
WHITE = struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)  # D50


def red_for_blue() -> bytes:
    """sRGB in which red is called blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (tags,) = struct.unpack_from(">I", profile, HEADER)
    entries = range(HEADER + 4, HEADER + 4 + 12 * tags, 12)
    at = {bytes(profile[entry : entry + 4]): entry for entry in entries}
    for old, new in ((b"rXYZ", b"bXYZ"), (b"bXYZ", b"rXYZ")):
        profile[at[old] : at[old] + 4] = new
    return bytes(profile)


def linear_grey() -> bytes:
    """Grey whose numbers are amounts of light."""
    tags = ((b"wtpt", b"XYZ \0\0\0\0" + WHITE), (b"kTRC", b"curv\0\0\0\0" + struct.pack(">IHxx", 1, 256)))
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", HEADER + 4 + 12 * len(tags) + len(body), len(data))
        body += data
    head = bytearray(HEADER)
    struct.pack_into(">I", head, 0, HEADER + len(table) + len(body))
    head[8:12], head[12:24], head[36:40], head[68:80] = b"\x02\x40\0\0", b"mntrGRAYXYZ ", b"acsp", WHITE
    return bytes(head) + table + body


def called_otherwise(picture: Image.Image) -> Image.Image:
    """What `red_for_blue` turns into ``picture``."""
    red, green, blue = picture.convert("RGB").split()
    return Image.merge("RGB", (blue, green, red))


def half_seen(picture: Image.Image) -> Image.Image:
    """With nothing in its right half."""
    mask = Image.new("L", picture.size, 255)
    mask.paste(0, (picture.width // 2, 0, picture.width, picture.height))
    picture = picture.copy()
    picture.putalpha(mask)
    return picture


def saved(picture: Image.Image, form: str, profile: bytes) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, icc_profile=profile, **({"lossless": True} if form == "WEBP" else {}))
    return out.getvalue()


def on_white(data: bytes) -> Image.Image:
    """As it is seen on a white page."""
    with Image.open(io.BytesIO(data)) as picture:
        assert "icc_profile" not in picture.info
        seen = picture.convert("RGBA")
    page = Image.new("RGBA", seen.size, "white")
    page.alpha_composite(seen)
    return page.convert("RGB")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_colours_without_its_profile(form: str) -> None:
    clean = cleaned(saved(called_otherwise(scene()), form, red_for_blue()))
    assert like(on_white(clean.data), scene()) and "other" in clean.removed


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_transparent_picture_keeps_its_colours_and_what_is_seen_through_it(form: str) -> None:
    clean = cleaned(saved(half_seen(called_otherwise(scene())), form, red_for_blue()))
    expected = scene()
    expected.paste("white", (320, 0, 640, 480))
    assert like(on_white(clean.data), expected)


@pytest.mark.parametrize("clear", [True, False])
def test_a_picture_of_few_colours_keeps_them(clear: bool) -> None:
    few = called_otherwise(scene()).quantize(16)
    if clear:
        few.info["transparency"] = few.getpixel((10, 200))  # the white between the corners
    clean = cleaned(saved(few, "PNG", red_for_blue()))
    assert like(on_white(clean.data), scene())


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_a_grey_picture_keeps_how_bright_it_is(mode: str) -> None:
    grey = Image.new("L", (64, 64), 55)  # a little over a fifth of the light, half of the way to the eye
    clean = cleaned(saved(half_seen(grey) if mode == "LA" else grey, "PNG", linear_grey()))
    expected = Image.new("RGB", (64, 64), (128, 128, 128))
    if mode == "LA":
        expected.paste("white", (32, 0, 64, 64))
    assert like(on_white(clean.data), expected)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA", "1"])
def test_a_profile_that_is_none_or_of_other_colours_is_passed_over(mode: str) -> None:
    picture = scene().convert("L").convert("LA") if mode == "LA" else scene().convert(mode)
    for profile in (b"no profile", red_for_blue() if mode in ("LA", "1") else linear_grey()):
        clean = cleaned(saved(picture, "PNG", profile))
        assert like(on_white(clean.data), picture.convert("RGB"))
