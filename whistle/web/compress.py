"""Pages of the channel, compressed: on a weak signal a third of the bytes is a third of the wait.

Only the channel's. What makes compression dangerous (BREACH) is a secret that the browser adds by itself, a cookie,
to a request that another site provoked; the channel has none. The desk has one and is never compressed here.
"""

import gzip

from flask import Response, request

PACKED = ("text/html", "application/json")
SMALLEST = 600  # bytes; below, it all fits one packet anyway
LEVEL = 5


def pack(response: Response) -> Response:
    """Compress a page, or the keys for a report, when the browser takes it."""
    response.vary.add("Accept-Encoding")
    if (
        response.mimetype in PACKED
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and request.accept_encodings["gzip"] > 0
    ):
        body = response.get_data()
        if len(body) >= SMALLEST:
            response.set_data(gzip.compress(body, LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response
