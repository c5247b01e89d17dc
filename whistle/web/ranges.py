"""A part of a file instead of the whole: what a request asks for (RFC 9110, section 14)."""

import re

from werkzeug.datastructures import Headers

_ONE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})|bytes=-([0-9]{1,18})", re.IGNORECASE)


class Unsatisfiable(Exception):
    """Nothing of the file lies in the range: 416."""


def asked(headers: Headers, size: int) -> tuple[int, int] | None:
    """From which to before which byte of ``size``; None for the whole file.

    A range that cannot be read, several at once, and one that depends on a validator (none is ever given) are passed
    over, as section 14.2 lets a server do. Raises Unsatisfiable.
    """
    found = _ONE.fullmatch(headers.get("Range", "").strip())
    if found is None or "If-Range" in headers:
        return None
    if found[3]:
        start, stop = max(size - int(found[3]), 0), size
    else:
        start, stop = int(found[1]), min(int(found[2] or size) + bool(found[2]), size)
        if found[2] and int(found[2]) < start:
            return None
    if start >= size:
        raise Unsatisfiable
    return start, stop
