"""Pages of a document are shown so that they can be read."""

import io
import os
import zlib

import pikepdf
import pytest

from tests.clean.making import cleaned, document, looked, many_pages, opened, saved, telling_document
from whistle.clean import wire
from whistle.clean.kinds import KINDS
from whistle.clean.looks import pdf
from whistle.clean.result import NotCleaned


def of_pages(number: int) -> bytes:
    """A document whose pages are each a point wider than the one before."""
    made = document()
    for place in range(1, number):
        made.pages.append(made.pages[0])
        made.pages[place].MediaBox = [0, 0, 612 + place, 792]
    return saved(made)


def test_a_page_shows_its_text_where_it_stands() -> None:
    seen = looked(cleaned(telling_document()).data)
    (page,) = seen.pictures
    picture = opened(page)
    assert seen.pages == 1 and picture.width == 1000
    text, photo = picture.crop((110, 110, 540, 170)), picture.crop((118, 400, 200, 470))
    assert text.convert("L").getextrema() == (0, 255)
    assert photo.getpixel((60, 10)) == pytest.approx((254, 0, 0), abs=3)


def test_only_the_pages_that_are_asked_for_are_shown() -> None:
    data = of_pages(5)
    heights = [round(1000 * 792 / (612 + place)) for place in range(5)]
    for first, most, shown in ((0, 2, 2), (3, 2, 2), (4, 20, 1), (5, 1, 0), (0, 5, 5)):
        seen = looked(data, first, most)
        assert seen.pages == 5 and len(seen.pictures) == shown
        expected = heights[first : first + most]
        for page, size in zip(seen.pictures, seen.sizes, strict=True):
            assert opened(page).size == pytest.approx(size, abs=1)
        assert [opened(page).height for page in seen.pictures] == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("box", [[0, 0, 1, 14_400], [0, 0, 14_400, 1], [0, 0, 50, 14_400], [0, 0, 1, 1]])
def test_a_page_of_any_size_is_a_picture_of_bounded_size(box: list[int]) -> None:
    made = document()
    made.pages[0].MediaBox = box
    (page,) = looked(saved(made)).pictures
    width, height = opened(page).size
    assert 1 <= width <= 1000 and 1 <= height <= 4000


def test_a_page_of_noise_is_shown_with_fewer_pixels() -> None:
    made = document()
    side = 1200
    noise = made.make_stream(os.urandom(side * side * 3))
    noise.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=side, Height=side, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB,
    )  # fmt: skip
    made.pages[0].MediaBox = [0, 0, 600, 1800]
    made.pages[0].Resources.XObject = pikepdf.Dictionary(Im1=noise)
    made.pages[0].contents_add(b"q 600 0 0 1800 0 0 cm /Im1 Do Q")
    (page,) = looked(saved(made)).pictures
    assert len(page) <= wire.PIECE_MOST and opened(page).width == 500


def test_a_document_of_ten_thousand_pages_is_too_large_to_look_at() -> None:
    with pytest.raises(NotCleaned, match="large"):
        looked(many_pages(10_000))


def test_a_page_that_unpacks_to_a_gigabyte_is_ended() -> None:
    made, packer = document(), zlib.compressobj(9)
    once, again = (packer.compress(b"q Q " * 250_000) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    packed = once + 999 * again
    made.pages[0].Contents = made.make_stream(b"")
    made.pages[0].Contents.write(packed, filter=pikepdf.Name.FlateDecode)
    with pytest.raises(NotCleaned) as refused:
        looked(saved(made))
    assert len(packed) < 5_000_000 and refused.value.code in ("limits", "sandbox")


def test_what_is_none_is_damaged() -> None:
    with pytest.raises(NotCleaned, match="damaged"):
        looked(b"%PDF-1.7\n" + bytes(5000))


def test_pages_that_take_long_are_left_out_but_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_ENOUGH", 0.0)
    seen = pdf.look(io.BytesIO(of_pages(5)), KINDS["pdf"], 1, 3)
    assert seen.pages == 5 and len(seen.pictures) == 1
