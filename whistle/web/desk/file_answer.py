"""A stored file as an answer: decrypted chunk by chunk as it goes out, and nothing in it can run.

Whoever made the file may have made it to act in the inspectorate's browser. So every answer says of what type it is
and that no other is to be guessed, only what cannot hold a program is shown in place, and a policy forbids the rest:
opened as a page of its own, the bytes are in an empty sandbox that loads nothing (W3C Content Security Policy 3).
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from flask import Response, request

from whistle.clean.kinds import KINDS
from whistle.crypto.stream import CHUNK
from whistle.services.evidence import UNKNOWN_TYPE, Content
from whistle.web.ranges import Unsatisfiable, asked

IN_PLACE: Final = frozenset(media for kind in KINDS.values() if kind.way == "in place" for media in kind.gives)
"""What browsers show or play, and cannot hold a program. All else is downloaded."""
# The one thing allowed is the style that a browser's own page for a picture has.
POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def in_place(content: Content, media: str, name: str) -> Response:
    """A file, or the range of it that is asked for, to be shown on a page. ``media`` is one of `IN_PLACE`.

    ``name`` is ours, of letters and digits. Raises Vanished and StoreUnavailable, as far as the beginning tells.
    """
    try:
        span = asked(request.headers, content.size)
    except Unsatisfiable:
        answer = Response(status=416)
        answer.headers["Content-Range"] = f"bytes */{content.size}"
    else:
        answer = _bytes(content, *(span or (0, content.size)))
        if span:
            answer.status_code = 206
            answer.headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{content.size}"
    answer.headers["Accept-Ranges"] = "bytes"
    return _guarded(answer, media, f'inline; filename="{name}"')


def downloaded(content: Content, name: str) -> Response:
    """A file to be kept, under our ``name``. Raises as `in_place` does."""
    return _guarded(_bytes(content, 0, content.size), UNKNOWN_TYPE, f'attachment; filename="{name}"')


def picture(data: bytes, name: str) -> Response:
    """A JPEG that was made just now."""
    return _guarded(Response(data), "image/jpeg", f'inline; filename="{name}"')


def _guarded(answer: Response, media: str, disposition: str) -> Response:
    answer.headers["Content-Type"] = media
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _bytes(content: Content, start: int, stop: int) -> Response:
    pieces = _pieces(content, start, stop)
    first = next(pieces, b"")  # what cannot be read is said by a page, as long as nothing has gone out
    answer = Response(chain((first,), pieces), direct_passthrough=True)
    answer.content_length = stop - start
    return answer


def _pieces(content: Content, start: int, stop: int) -> Iterator[bytes]:
    """Each ends where a chunk ends, so that no more than one is in memory."""
    while start < stop:
        end = min(stop, (start // CHUNK + 1) * CHUNK)
        yield content.read(start, end)
        start = end
