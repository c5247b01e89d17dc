"""Sound and picture stay as they were; what the container told is gone."""

import io
from pathlib import Path

import av
import pytest

from tests.clean.making import CANARY, cleaned, like, looked, scene
from tests.clean.recordings import FILMS, SOUNDS, film, sound, voice
from tests.clean.test_images import tags
from whistle.clean.kinds import KINDS, kind_of
from whistle.clean.result import Look, NotCleaned

ALL = (*SOUNDS, *FILMS)
ONE = 1 << 16
STRAIGHT, TURNED = (  # ISO/IEC 14496-12, 8.3.2
    b"".join(number.to_bytes(4, "big", signed=True) for number in row)
    for row in (
        (ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30, 320 << 16, 240 << 16),
        (0, ONE, 0, -ONE, 0, 0, 0, 0, 1 << 30, 320 << 16, 240 << 16),
    )
)


def made(kind: str) -> bytes:
    return sound(kind) if kind in SOUNDS else film(kind)


def made_media(kind: str) -> str:
    """The second half of its type."""
    return KINDS[kind].media.partition("/")[2]


def turned(plain: bytes) -> bytes:
    """The film with the word in each track's header that it is to be turned by a quarter to the right."""
    return plain.replace(STRAIGHT, TURNED)


def packets(data: bytes) -> dict[str, int]:
    """By type of stream, how many bytes of sound and picture there are."""
    with av.open(io.BytesIO(data)) as container:
        found: dict[str, int] = {}
        for packet in container.demux():
            found[packet.stream.type] = found.get(packet.stream.type, 0) + packet.size
        return found


def duration(data: bytes) -> float:
    with av.open(io.BytesIO(data)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


@pytest.mark.parametrize("kind", ALL)
def test_no_planted_word_is_left(kind: str, tmp_path: Path) -> None:
    dirty = made(kind)
    assert CANARY.encode() in dirty or kind == "amr"  # which has no room for words
    clean = cleaned(dirty)
    assert CANARY.encode() not in clean.data and b"3.3194" not in clean.data
    found = tags(clean.data, tmp_path) if kind != "amr" else {}  # nor has exiftool a word about it
    assert not any(CANARY in str(value) or "2026" in str(value) for value in found.values()), found


@pytest.mark.parametrize("kind", ALL)
def test_it_sounds_as_long_as_before(kind: str) -> None:
    dirty = made(kind)
    clean = cleaned(dirty)
    assert duration(clean.data) == pytest.approx(duration(dirty), abs=0.06)
    assert packets(clean.data).keys() == packets(dirty).keys()


@pytest.mark.parametrize("kind", FILMS)
def test_it_looks_as_before(kind: str) -> None:
    with av.open(io.BytesIO(cleaned(made(kind)).data)) as container:
        pictures = [frame.to_image() for frame in container.decode(video=0)]
    assert len(pictures) == 12 and like(pictures[5], scene((320, 240)))


def test_a_film_that_was_taken_sideways_is_still_shown_upright() -> None:
    plain = film("mp4")
    assert turned(plain) != plain
    assert TURNED in cleaned(turned(plain)).data


@pytest.mark.parametrize("kind", ["mp3", "m4a", "mp4"])
def test_it_is_said_what_was_removed(kind: str) -> None:
    assert {"author", "comment"} <= set(cleaned(made(kind)).removed)


def test_what_the_encoder_wrote_between_the_pictures_is_gone() -> None:
    dirty = film("mp4")
    assert b"x264 - core" in dirty
    assert b"x264 - core" not in cleaned(dirty).data


@pytest.mark.parametrize("kind", FILMS)
def test_sound_alone_in_a_films_container_is_a_sound(kind: str) -> None:
    """As recorders on phones and in pages make it. There is nothing to look at, also when it is cleaned once more."""
    said = voice(kind)
    assert CANARY.encode() in said
    clean = cleaned(said)
    assert clean.media == f"audio/{made_media(kind)}" and CANARY.encode() not in clean.data
    assert duration(clean.data) == pytest.approx(duration(said), abs=0.06)
    assert looked(clean.data) == Look()
    assert cleaned(clean.data).media == clean.media
    assert cleaned(film(kind)).media == f"video/{made_media(kind)}"


BRANDS = "isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 mmp4 avc1 dash MSNV XAVC M4V_ M4VH M4VP F4V_ qt__"


@pytest.mark.parametrize("brand", [*BRANDS.split(), "3gp4", "3gp5", "3gp6", "3gr6", "3ge7", "3g2a", "M4A_", "M4B_"])
def test_a_film_is_known_by_any_brand_that_phones_and_cameras_write(brand: str) -> None:
    plain = voice("mp4") if brand.startswith(("M4A", "M4B")) else film("mp4")
    kind = {"3g": "3gp", "M4A": "m4a", "M4B": "m4a"}
    branded = plain[:8] + brand.replace("_", " ").encode() + plain[12:]
    found = kind_of(branded)
    assert found and found.code == kind.get(brand[:2], kind.get(brand[:3], "mp4"))
    assert cleaned(branded).media in found.gives


def test_a_picture_of_a_brand_that_is_not_known_is_no_film() -> None:
    plain = film("mp4")
    assert kind_of(plain[:8] + b"avif" + plain[12:]) is None


@pytest.mark.parametrize("kind", ALL)
def test_a_kind_is_told_by_its_content(kind: str) -> None:
    found = kind_of(made(kind))
    assert found is not None and found.code == kind


@pytest.mark.parametrize("kind", ["mp4", "webm", "ogg"])
def test_what_only_begins_like_a_recording_is_damaged(kind: str) -> None:
    with pytest.raises(NotCleaned) as refused:
        cleaned(made(kind)[:48] + bytes(4000))
    assert refused.value.code == "damaged"
