"""A film is shown by one of its pictures, a recording not at all."""

import io

import av
import pytest
from PIL import Image

from tests.clean.making import cleaned, like, looked, opened, scene
from tests.clean.recordings import BLACK, FILMS, SOUNDS, STILL, film, sound
from tests.clean.test_media import turned
from whistle.clean.result import Look, NotCleaned


@pytest.mark.parametrize("kind", FILMS)
def test_a_film_is_one_of_its_pictures(kind: str) -> None:
    (poster,) = looked(cleaned(film(kind)).data).pictures
    assert like(opened(poster), scene((320, 240)))


@pytest.mark.parametrize("kind", FILMS)
def test_a_film_that_begins_in_the_dark_is_shown_by_what_comes_then(kind: str) -> None:
    (poster,) = looked(film(kind, [*BLACK[:3], *STILL, *STILL, *STILL])).pictures
    assert like(opened(poster), scene((320, 240)))


def test_a_film_that_was_taken_sideways_is_shown_upright() -> None:
    """Given a film that players turn by a quarter. Then its picture is turned the same way."""
    seen = looked(turned(film("mp4")))
    assert like(opened(seen.pictures[0]), scene((320, 240)).transpose(Image.Transpose.ROTATE_270))
    assert seen.sizes == ((240, 320),)


@pytest.mark.parametrize("kind", SOUNDS)
def test_a_recording_looks_like_nothing(kind: str) -> None:
    assert looked(sound(kind)) == Look()


def test_a_recording_in_the_container_of_a_film_looks_like_nothing() -> None:
    """As browsers record a voice: WebM without a picture."""
    out = io.BytesIO()
    with av.open(io.BytesIO(film("webm"))) as source, av.open(out, "w", format="webm") as target:
        heard = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = heard
                target.mux(packet)
    assert looked(cleaned(out.getvalue()).data) == Look()


def test_a_film_without_a_whole_picture_is_damaged() -> None:
    data = film("webm")
    with pytest.raises(NotCleaned, match="damaged"):
        looked(data[:600])
