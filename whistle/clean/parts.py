"""Pictures inside other files."""

import io

from whistle.clean import images
from whistle.clean.kinds import kind_of
from whistle.clean.result import NotCleaned, Trace


def picture(part: bytes) -> tuple[bytes, set[Trace]]:
    """A picture painted anew, and what was removed; no bytes where it is none that can be."""
    kind = kind_of(part)
    if kind is None or kind.module != "images" or kind.media not in kind.gives:
        return b"", {"embedded"}
    out = io.BytesIO()
    try:
        cleaned = images.clean(io.BytesIO(part), kind, out.write)
    except NotCleaned:
        return b"", {"embedded"}
    return out.getvalue(), set(cleaned.removed)
