"""What is seen stays, upright; what was told besides is gone."""

import io
import json
import subprocess
import warnings
from pathlib import Path

import pytest
from PIL import Image

from tests.clean.making import CANARY, UPRIGHT, cleaned, exif, like, moving, opened, picture, scene, with_thumbnail
from whistle.clean.kinds import kind_of
from whistle.clean.result import NotCleaned

FORMS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
TOLD = ("place", "device", "author", "time", "comment")
STRUCTURE = {"File", "ExifTool", "Composite", "SourceFile"}


def tags(data: bytes, folder: Path) -> dict[str, object]:
    """Everything that exiftool finds in a file but what follows from its pixels."""
    file = folder / "bersih"
    file.write_bytes(data)
    done = subprocess.run(["exiftool", "-j", "-G", "-a", "-u", file], capture_output=True, check=True)
    (found,) = json.loads(done.stdout)
    return {name: value for name, value in found.items() if name.partition(":")[0] not in STRUCTURE}


@pytest.mark.parametrize("form", FORMS)
def test_no_planted_word_is_left_and_the_picture_is_the_same(form: str, tmp_path: Path) -> None:
    dirty = picture(form)
    assert CANARY.encode() in dirty
    clean = cleaned(dirty)
    assert CANARY.encode() not in clean.data
    assert not any(CANARY in str(value) for value in tags(clean.data, tmp_path).values())
    assert like(opened(clean.data), scene())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_it_is_said_what_was_removed(form: str) -> None:
    removed = cleaned(picture(form)).removed
    assert removed[:4] == TOLD[:4] and "comment" in removed


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_no_group_of_metadata_is_left(form: str, tmp_path: Path) -> None:
    left = {name.partition(":")[0] for name in tags(cleaned(picture(form)).data, tmp_path)}
    assert not left & {"EXIF", "XMP", "IPTC", "ICC_Profile", "Photoshop", "MPF", "GPS", "MakerNotes"}


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_a_picture_that_was_taken_sideways_stands_upright(form: str) -> None:
    clean = cleaned(picture(form, UPRIGHT))
    assert like(opened(clean.data), scene().transpose(Image.Transpose.ROTATE_270))


def test_the_small_picture_inside_is_gone(tmp_path: Path) -> None:
    dirty = with_thumbnail(picture("JPEG"), tmp_path)
    assert f"{CANARY} gambar kecil".encode() in dirty
    clean = cleaned(dirty)
    assert CANARY.encode() not in clean.data and "thumbnail" in clean.removed


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_a_moving_picture_goes_on_moving(form: str) -> None:
    clean = cleaned(moving(form))
    assert CANARY.encode() not in clean.data
    with Image.open(io.BytesIO(clean.data)) as again:
        assert getattr(again, "n_frames", 1) == 3
        again.seek(1)
        assert like(again.convert("RGB"), scene().rotate(90))


def test_what_is_transparent_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(out, "PNG")
    again = Image.open(io.BytesIO(cleaned(out.getvalue()).data))
    assert again.mode == "RGBA" and again.getpixel((5, 5)) == (255, 0, 0, 0)


def test_what_follows_the_end_of_a_picture_is_gone() -> None:
    """A file that is two files at once shows the second to whoever opens it by another program."""
    assert b"<script>" not in cleaned(picture("JPEG") + b"<script>alert(1)</script>").data


@pytest.mark.parametrize("form", FORMS)
def test_half_a_picture_is_said_to_be_damaged(form: str) -> None:
    data = picture(form)
    with pytest.raises(NotCleaned) as refused:
        cleaned(data[: len(data) // 3])
    assert refused.value.code == "damaged"


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_size() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(NotCleaned) as refused:
        cleaned(out.getvalue())
    assert refused.value.code == "large"


@pytest.mark.parametrize(("size", "comes"), [((12_000, 9_000), (4_500, 6_000)), ((20_000, 16_000), (4_000, 5_000))])
def test_a_photo_of_a_hundred_million_pixels_comes_out_smaller(size: tuple[int, int], comes: tuple[int, int]) -> None:
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):
        scene((400, 300)).resize(size).save(out, "JPEG", quality=40, exif=exif(UPRIGHT))
        clean = opened(cleaned(out.getvalue()).data)
    assert clean.size == comes
    assert like(clean.resize((300, 400)), scene((400, 300)).rotate(-90, expand=True))


def test_a_tiff_that_would_fill_the_memory_is_no_kind_that_is_known() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "TIFF", compression="tiff_deflate")
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(NotCleaned, match="kind"):
        cleaned(out.getvalue())


@pytest.mark.parametrize("form", FORMS)
def test_a_kind_is_told_by_its_content(form: str) -> None:
    kind = kind_of(picture(form))
    assert kind is not None and kind.code == {"HEIF": "heic"}.get(form, form.lower())
