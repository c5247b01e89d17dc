"""A film by one of its pictures, some way in: many begin with a black one. A recording without picture is not seen."""

from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, Final

import av

from whistle.clean.images import PIXELS
from whistle.clean.kinds import Kind
from whistle.clean.looks.jpeg import jpeg
from whistle.clean.media import opened
from whistle.clean.result import Look, NotCleaned

_SIZE: Final = (640, 640)  # pixels at most
_IN: Final = 10  # the part of the film that is passed over: a tenth
_TRIED: Final = 120  # pictures that are unpacked at most: one cannot begin at each of them


def look(file: BinaryIO, kind: Kind, _first: int, _most: int) -> Look:
    """One picture of the film, upright. Raises NotCleaned, and FFmpeg's errors."""
    with opened(file, kind) as source:
        if not source.streams.video:
            return Look()
        stream = source.streams.video[0]
        stream.thread_type = "NONE"  # each thread would hold pictures of its own
        if stream.codec_context.width * stream.codec_context.height > PIXELS:
            raise NotCleaned("large")
        frame = _frame(source, stream)
        upright = frame.to_image().rotate(frame.rotation, expand=True)
        size = upright.size  # before it is made smaller
        return Look(pictures=(jpeg(upright, _SIZE),), sizes=(size,))


def _frame(source: Any, stream: Any) -> Any:
    """A picture from some way in, or the last that was found on the way there. Raises NotCleaned for none."""
    found, start = None, (source.duration or 0) // _IN
    for place in (start, 0):
        with suppress(av.FFmpegError):
            source.seek(place)
            for found in islice(source.decode(stream), _TRIED):
                if found.time is None or found.time * av.time_base >= start:
                    break
        if found is not None:
            return found
    raise NotCleaned("damaged")
