"""Pictures inside other files."""

from whistle.clean import images
from whistle.clean.kinds import kind_of
from whistle.clean.result import NotCleaned


def picture(part: bytes) -> tuple[bytes, set[str]]:
    """A picture painted anew, and what was removed; no bytes where it is none that can be."""
    kind = kind_of(part)
    if kind is None or kind.module != "images" or kind.code == "heic":
        return b"", {"embedded"}
    try:
        cleaned = images.clean(part, kind)
    except NotCleaned:
        return b"", {"embedded"}
    return cleaned.data, set(cleaned.removed)
