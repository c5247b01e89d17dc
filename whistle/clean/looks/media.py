"""A film by one of its pictures, some way in: many begin with a black one. A recording without picture is not seen."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final

import av

from whistle.clean.images import PIXELS
from whistle.clean.kinds import Kind
from whistle.clean.looks.jpeg import jpeg
from whistle.clean.media import opened
from whistle.clean.result import Look, NotCleaned

_SIZE: Final = (640, 640)  # pixels at most
_IN: Final = 10  # the part of the film that is passed over


def look(file: BinaryIO, kind: Kind, _first: int, _most: int) -> Look:
    """One picture of the film, upright. Raises NotCleaned, and FFmpeg's errors."""
    with opened(file, kind) as source:
        if not source.streams.video:
            return Look()
        stream = source.streams.video[0]
        stream.thread_type = "NONE"  # each thread would hold pictures of its own
        if stream.codec_context.width * stream.codec_context.height > PIXELS:
            raise NotCleaned("large")
        frame = next(_frames(source, stream), None)
        if frame is None:
            raise NotCleaned("damaged")
        return Look(pictures=(jpeg(frame.to_image().rotate(frame.rotation, expand=True), _SIZE),))


def _frames(source: Any, stream: Any) -> Iterator[Any]:
    """From some way in; from the beginning where one cannot go there."""
    for start in ((source.duration or 0) // _IN, 0):
        with suppress(av.FFmpegError):
            source.seek(start)
            yield from source.decode(stream)
