"""Sound and picture stay as they were; what the container told is gone."""

import io
from pathlib import Path

import av
import pytest

from tests.clean.making import CANARY, cleaned, like, scene
from tests.clean.recordings import FILMS, SOUNDS, film, sound
from tests.clean.test_images import tags
from whistle.clean.kinds import kind_of
from whistle.clean.result import NotCleaned

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


@pytest.mark.parametrize("kind", ALL)
def test_a_kind_is_told_by_its_content(kind: str) -> None:
    found = kind_of(made(kind))
    assert found is not None and found.code == kind


@pytest.mark.parametrize("kind", ["mp4", "webm", "ogg"])
def test_what_only_begins_like_a_recording_is_damaged(kind: str) -> None:
    with pytest.raises(NotCleaned) as refused:
        cleaned(made(kind)[:48] + bytes(4000))
    assert refused.value.code == "damaged"
