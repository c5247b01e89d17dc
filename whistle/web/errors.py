"""What somebody sees when something does not work: a sentence in their language, and a next step. Never a trace.

Nothing of the request is logged here; the server's log holds where in the code it went wrong, and no more.
"""

import re

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from whistle.casefile.manifest import ManifestRefused
from whistle.services.context import NotSetUp
from whistle.store.errors import StoreUnavailable
from whistle.web.origin import comes_from_here

UNAVAILABLE = (StoreUnavailable, NotSetUp, ManifestRefused)  # nothing was stored, and it may work later
RETRY_SECONDS = "120"  # the pages say it in words: "dua menit lagi"
SECRET = re.compile(r"pass|sandi|code|kode|share|seed")  # in the names of fields that no page repeats
DRAIN = 16 * 1024 * 1024  # bytes; a browser that is cut off in the middle of sending never shows the answer


def init_app(app: Flask) -> None:
    """Answer every error with a page of our own."""
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(413, too_large)
    for unavailable in UNAVAILABLE:
        app.register_error_handler(unavailable, not_available)
    app.register_error_handler(500, broken)


def refused(error: HTTPException) -> ResponseReturnValue:
    """404, 405, 400 and their like. Redirects of the router pass."""
    if error.code is None or error.code < 400:
        return error
    template = {404: "errors/not_found.html", 405: "errors/not_found.html"}.get(error.code, "errors/refused.html")
    headers = {"Allow": ", ".join(sorted(error.valid_methods or ()))} if hasattr(error, "valid_methods") else {}
    return page(template), error.code, headers


def too_large(error: HTTPException) -> ResponseReturnValue:
    """More was sent than we take."""
    drain()
    return page("errors/too_large.html"), 413


def drain() -> None:
    """Read and drop what is still on its way, so that the answer can arrive."""
    left, stream = DRAIN, request.environ["wsgi.input"]
    try:
        while left > 0 and (piece := stream.read(min(left, 65_536))):
            left -= len(piece)
    except (OSError, ValueError):
        pass  # the browser has gone, or the server has closed its end


def not_available(error: Exception) -> ResponseReturnValue:
    """The store is locked, full or not reachable, or this installation is not set up: nothing was stored."""
    return page("errors/unavailable.html"), 503, {"Retry-After": RETRY_SECONDS}


def broken(error: Exception) -> ResponseReturnValue:
    """A mistake of ours."""
    return page("errors/broken.html"), 500


def page(template: str) -> str:
    """An error page in the frame of the surface that was asked; the bare frame at the desk, which may not be open."""
    words = request.path.split("/")
    at_desk = "channel" not in current_app.blueprints or ("desk" in current_app.blueprints and "meja" in words[1:3])
    frame = "layout.html" if at_desk else "channel/base.html"
    return render_template(template, frame=frame, again=_typed(at_desk))


def _typed(at_desk: bool) -> list[tuple[str, str]]:
    """What a page was sent, so that the error page can send it once more.

    At the desk only what a page of this very desk sent, so that no other site's form is put behind a button here; and
    nothing when a secret is among it.
    """
    if request.method != "POST" or (at_desk and not comes_from_here(request)):
        return []
    try:
        typed = list(request.form.items(multi=True))
    except Exception:  # noqa: BLE001 - it cannot be read either, and this page is what is left to say so
        return []
    return [] if at_desk and any(SECRET.search(name) for name, _ in typed) else typed
