"""A sound that browsers do not play, once more as they do: Opus in Ogg. A copy for listening, not the evidence.

It is encoded as it is read, and nothing goes back to be filled in: neither is ever held as a whole.
"""

from typing import BinaryIO, Final

import av

from whistle.clean.kinds import Kind, Out
from whistle.clean.media import opened
from whistle.clean.result import NotCleaned

LONGEST: Final = 6 * 3600  # seconds
_RATE: Final = 48_000  # samples a second, as Opus has them
_BITS: Final = 24_000  # a second: phones record half of that
_PLAIN: Final = {"fflags": "+bitexact"}  # nobody's name for itself
_QUICK: Final = {"application": "voip", "compression_level": "3"}


class _Onward:
    """What a container is written to, and cannot go back in."""

    def __init__(self, write: Out) -> None:
        self._write = write

    def write(self, data: bytes) -> int:
        self._write(bytes(data))
        return len(data)


def hear(file: BinaryIO, kind: Kind, write: Out) -> None:
    """The first sound of a recording, mono. Raises NotCleaned, and PyAV's and FFmpeg's errors."""
    with opened(file, kind) as source, av.open(_Onward(write), "w", format="ogg", options=_PLAIN) as target:
        made = target.add_stream("libopus", rate=_RATE, layout="mono", options=_QUICK)
        made.bit_rate, seconds = _BITS, 0.0
        for frame in source.decode(audio=0):
            seconds += frame.samples / frame.sample_rate
            if seconds > LONGEST:
                raise NotCleaned("large")
            target.mux(made.encode(frame))  # which has it in the rate, layout and length that Opus takes
        if not seconds:
            raise NotCleaned("damaged")
        target.mux(made.encode(None))
