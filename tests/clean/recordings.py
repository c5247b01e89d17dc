"""Sounds and films with planted words, made by real encoders."""

import io
import math
import os
import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from tests.clean.making import CANARY, scene

RATE = 16_000
_SOUND = {
    "mp3": ("mp3", "libmp3lame", "s16p", 44_100), "m4a": ("ipod", "aac", "fltp", 44_100),
    "ogg": ("ogg", "libopus", "s16", 48_000), "wav": ("wav", "pcm_s16le", "s16", RATE),
    "amr": ("amr", "libopencore_amrnb", "s16", 8_000),
}  # fmt: skip
_FILM = {
    "mp4": ("mp4", "libx264", "aac"), "3gp": ("3gp", "mpeg4", "aac"), "webm": ("webm", "libvpx-vp9", "libopus"),
}  # fmt: skip
TELLING = {
    "title": f"{CANARY} judul", "artist": f"{CANARY} pembuat", "comment": f"{CANARY} komentar",
    "creation_time": "2026-10-05T08:15:00Z", "location": "-3.3194+114.5908/", "make": f"{CANARY} pabrik",
    "model": f"{CANARY} telepon", "com.android.version": f"{CANARY} 14",
}  # fmt: skip
_VOICE = {
    "mp4": ("mp4", "aac", "fltp", 44_100), "3gp": ("3gp", "libopencore_amrnb", "s16", 8_000),
    "webm": ("webm", "libopus", "s16", 48_000),
}  # fmt: skip
"""What recorders on phones and in pages make: sound alone, in a film's container."""
STILL, BLACK = (scene((320, 240)),) * 12, (Image.new("RGB", (320, 240)),) * 12
SOUNDS, FILMS = tuple(_SOUND), tuple(_FILM)


def sound(kind: str, seconds: float = 0.5) -> bytes:
    """A tone with tags."""
    return _recording(kind, *_SOUND[kind], seconds)


def voice(kind: str, seconds: float = 0.5) -> bytes:
    """The same in the container of a film."""
    return _recording(kind, *_VOICE[kind], seconds)


def _recording(kind: str, form: str, codec: str, layout: str, rate: int, seconds: float) -> bytes:
    out = io.BytesIO()
    options = {"write_id3v1": "1"} if kind == "mp3" else {"movflags": "use_metadata_tags"} if kind == "m4a" else {}
    with av.open(out, "w", format=form, options=options) as container:
        container.metadata.update(TELLING)
        _tone(container, _sound_stream(container, codec, rate), layout, rate, seconds)
    return out.getvalue()


def film(kind: str, pictures: Sequence[Image.Image] = STILL) -> bytes:
    """The pictures, a twelfth of a second each, with a tone and tags."""
    form, codec, tone = _FILM[kind]
    out = io.BytesIO()
    options = {} if kind == "webm" else {"movflags": "use_metadata_tags"}
    with av.open(out, "w", format=form, options=options) as container:
        container.metadata.update(TELLING)
        stream: Any = container.add_stream(codec, rate=12)
        stream.options = {"deadline": "realtime", "cpu-used": "8"} if kind == "webm" else {}  # quick, not small
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.metadata["handler_name"] = f"{CANARY} penangan"
        rate = 48_000 if tone == "libopus" else 44_100
        hearing = _sound_stream(container, tone, rate)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame(320, 240, "rgb24")
            frame.planes[0].update(_lines(picture.tobytes(), 320 * 3, frame.planes[0].line_size))
            frame.pts, frame.time_base = number, Fraction(1, 12)
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
        _tone(container, hearing, "s16" if tone == "libopus" else "fltp", rate, len(pictures) / 12)
    return out.getvalue()


def noisy(kind: str) -> bytes:
    """A film that takes much room, as nothing in it is like anything before."""
    return film(kind, [Image.frombytes("RGB", (320, 240), os.urandom(320 * 240 * 3)) for _ in range(12)])


def long(kind: str, path: Path, size: int) -> None:
    """A sound or film of at least so many bytes: a short one, repeated without being encoded again."""
    short = noisy(kind) if kind in FILMS else sound(kind, 1.0)
    form = (_FILM[kind] if kind in FILMS else _SOUND[kind])[0]
    with av.open(io.BytesIO(short)) as source, av.open(path, "w", format=form) as target:
        target.metadata.update(TELLING)
        made = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        packets = [one for one in source.demux() if one.dts is not None]
        once = sum(one.size for one in packets)
        for round_ in range(size // once + 1):
            for one in packets:
                again = av.Packet(bytes(one))
                passed = int(round_ * Fraction(11, 10) / one.time_base)  # of rounds that take a second and a little
                again.pts, again.dts, again.time_base = one.pts + passed, one.dts + passed, one.time_base
                again.duration, again.is_keyframe = one.duration, one.is_keyframe
                again.stream = made[one.stream.index]
                target.mux(again)


def _sound_stream(container: Any, codec: str, rate: int) -> Any:
    stream = container.add_stream(codec, rate=rate)
    stream.layout = "mono"
    if codec == "libopencore_amrnb":
        stream.bit_rate = 12_200
    return stream


def _lines(data: bytes, width: int, line: int) -> bytes:
    return b"".join(data[at : at + width].ljust(line, b"\0") for at in range(0, len(data), width))


def _tone(container: Any, stream: Any, layout: str, rate: int, seconds: float) -> None:
    resampler = av.AudioResampler(format=layout, layout="mono", rate=rate, frame_size=stream.frame_size or 1024)
    for frame in (*_samples(rate, seconds), None):
        for ready in resampler.resample(frame):
            container.mux(stream.encode(ready))
    container.mux(stream.encode(None))


def _samples(rate: int, seconds: float) -> Iterator[av.AudioFrame]:
    values = [int(12_000 * math.sin(2 * math.pi * 440 * at / rate)) for at in range(int(rate * seconds))]
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(values))
    data = struct.pack(f"<{len(values)}h", *values)
    frame.planes[0].update(data.ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    yield frame
