"""What the sandbox and the process that runs it say to each other, over two pipes.

First the sandbox is told what to do: four bytes, big-endian, and so many of a JSON array, ``["clean", kind, size]``,
``["hear", kind, size]`` or ``["look", kind, size, first, most]``. Not by arguments, which everybody on the machine can
read.

Each message of the sandbox begins with a header of 13 bytes, big-endian: what it is, a place, a length.

    R place length    asks for bytes of the file; exactly so many are the answer, and nothing else ever is
    P 0     length    and so many bytes of what it makes, in order
    E 0     length    and a JSON object, in UTF-8: it is done

All lengths are at least 1. Whoever sends anything else, more or longer has broken the protocol and is ended.
"""

import struct
from typing import Final

HEADER: Final = struct.Struct(">cQI")
FIRST: Final = struct.Struct(">I")
RANGE, PIECE, END = b"R", b"P", b"E"
RANGE_MOST: Final = 256 * 1024  # bytes that are asked for at once
PIECE_MOST: Final = 1024 * 1024  # and handed out at once; what is no picture comes in pieces of RANGE_MOST
END_MOST: Final = 4096
TEXT_MOST: Final = 100_000  # of a text to look at
