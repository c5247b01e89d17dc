"""Static files, from memory, with a hash of their content in the address.

They may be kept by the browser for a day: long enough that no page of one visit loads them twice over a weak signal,
short enough that little of a visit stays on a shared phone.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request

from whistle.web.addresses import fixed
from whistle.web.guard import public

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
KEPT = "public, max-age=86400, immutable"


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, the same compressed, and what names this very content."""

    body: bytes
    packed: bytes
    kind: str
    version: str


def init_app(app: Flask) -> None:
    """Serve /aset/<name>, and give templates ``asset(name)``."""
    app.add_url_rule("/aset/<path:filename>", endpoint="static", view_func=serve)
    app.jinja_env.globals["asset"] = address


@public
def serve(filename: str) -> Response:
    """A file of the folder, compressed when the browser takes it."""
    asset = load(filename)
    if asset is None:
        abort(404)
    packed = request.accept_encodings["gzip"] > 0 and len(asset.packed) < len(asset.body)
    response = Response(asset.packed if packed else asset.body, content_type=asset.kind)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = KEPT if request.args.get("v") == asset.version else "no-cache"
    return response


def address(name: str) -> str:
    """The address of a static file with the hash of its content. Raises KeyError for a file that is not there."""
    asset = load(name)
    if asset is None:
        raise KeyError(f"there is no static file {name!r}")
    return fixed("static", filename=name, v=asset.version)


def load(name: str) -> Asset | None:
    """The file ``name``, or None. Read once, or each time while developing."""
    return (_read_all() if current_app.debug else _kept()).get(name)


@cache
def _kept() -> dict[str, Asset]:
    return _read_all()


def _read_all() -> dict[str, Asset]:
    files = (path for path in FOLDER.rglob("*") if path.suffix in KINDS)
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in files}


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    return Asset(body, gzip.compress(body, 9, mtime=0), KINDS[path.suffix], hashlib.sha256(body).hexdigest()[:12])
