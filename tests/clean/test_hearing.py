"""A copy for listening of what browsers do not play: the same sound, and nothing of what the container told."""

import io
from collections.abc import Callable

import av
import pytest

from tests.clean.making import CANARY, File
from tests.clean.recordings import film, sound, voice
from tests.clean.test_media import duration
from whistle.clean import hearing, sandbox
from whistle.clean.kinds import KINDS
from whistle.clean.result import NotCleaned

AMR = sound("amr", 3.0)


def heard(data: bytes) -> bytes:
    out = bytearray()
    sandbox.hear(File(data), out.extend)
    return bytes(out)


@pytest.mark.parametrize("data", [AMR, voice("3gp", 3.0), voice("mp4", 3.0)], ids=["amr", "3gp", "mp4"])
def test_it_is_opus_of_the_same_length_and_pitch_without_a_word(data: bytes) -> None:
    copy = heard(data)
    assert CANARY.encode() not in copy and b"Lavf" not in copy and duration(copy) == pytest.approx(3.0, abs=0.1)
    with av.open(io.BytesIO(copy)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.layout.name) == ("opus", "mono")
        samples = [value for frame in container.decode(stream) for value in frame.to_ndarray().ravel().tolist()]
    crossings = sum(before < 0 <= after for before, after in zip(samples, samples[1:], strict=False))
    assert crossings == pytest.approx(3 * 440, rel=0.05), "a tone of 440 hertz"


@pytest.mark.parametrize("data", [AMR[:6], AMR[:6] + bytes(3000), AMR[:6] + b"\xff" * 3000, b"", b"x" * 100])
def test_what_is_no_recording_is_refused_or_short(data: bytes) -> None:
    try:
        assert heard(data).startswith(b"OggS")
    except NotCleaned as refused:
        assert refused.code in ("damaged", "kind")


def test_a_film_without_sound_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = io.BytesIO()
    with av.open(io.BytesIO(film("mp4"))) as source, av.open(silent, "w", format="mp4") as target:
        made = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = made
                target.mux(packet)
    with pytest.raises(NotCleaned, match="damaged"):
        heard(silent.getvalue())


def test_a_recording_that_goes_on_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "LONGEST", 1)
    with pytest.raises(NotCleaned, match="large"):
        hearing.hear(io.BytesIO(AMR), KINDS["amr"], lambda _data: None)


def test_nothing_is_held_until_the_end() -> None:
    pieces: list[int] = []
    source = io.BytesIO(AMR)
    hearing.hear(source, KINDS["amr"], lambda _data: pieces.append(source.tell()))
    assert len(pieces) > 2


@pytest.mark.parametrize("said", ["end(b'{}')", "say('<svg>'); end(b'{}')", "say('x')"])
def test_what_is_said_of_a_sound_is_not_believed(hostile: Callable[..., object], said: str) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        hostile(said, lambda _data: heard(AMR))
