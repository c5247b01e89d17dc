"""Where a script uploads a file in parts: begin, hand in the parts in order, ask how many are there, finish, drop.

No page: every answer is a little JSON with a code, a sentence that can be shown, and how many parts are there. What the
upload is stands in its token, which travels in a header, where no log and no history keeps it; no other site's form can
send that header, or the content types. See docs/envelope.md, Uploads in parts.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import wraps

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from whistle.crypto.stream import SEALED_CHUNK
from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token
from whistle.services import uploading
from whistle.services.uploading import Pending, UploadRefused
from whistle.web import errors
from whistle.web.attachment_words import trouble_words
from whistle.web.channel import files
from whistle.web.channel.here import UNAVAILABLE, ctx
from whistle.web.guard import public
from whistle.web.i18n import gettext as _
from whistle.web.origin import comes_from_elsewhere

PURPOSE = "upload"
TOKEN, PART = "Peluit-Upload", "Peluit-Part"  # header fields
KIND = "application/octet-stream"
MOST_TOLD = 4096  # bytes of what is told of a file at the beginning
NUMBER = re.compile(r"[0-9]{1,7}")
STATUS = {"ok": 200, "stored": 200, "making": 202, "origin": 403, "token": 403, "kind": 415, "large": 413,
          "expired": 410, "unavailable": 503, "order": 409, "doubled": 409, "missing": 409, "taken": 409}  # fmt: skip
MALFORMED = 400  # all others: it is not what this address takes
View = Callable[[], Response]


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/lapor/unggah", "upload", begin, methods=["POST"])
    pages.add_url_rule("/lapor/unggah/bagian", "upload_part", part, methods=["POST"])
    pages.add_url_rule("/lapor/unggah/sampai", "upload_there", ask, methods=["POST"])
    pages.add_url_rule("/lapor/unggah/selesai", "upload_done", finish, methods=["POST"])
    pages.add_url_rule("/lapor/unggah/batal", "upload_drop", drop, methods=["POST"])


def answering(view: View) -> View:
    """Every refusal as JSON, and nothing for another site's page."""

    @wraps(view)
    def answer() -> Response:
        if comes_from_elsewhere(request):
            return _answer("origin")
        try:
            return view()
        except UploadRefused as error:
            return _answer(error.code)
        except UNAVAILABLE:
            return _answer("unavailable")

    return answer


@public
@answering
def begin() -> Response:
    """A token for a file of which the body tells ``name``, ``size`` and ``mode``, "plain" or "sealed".

    Of a sealed one it also tells ``file``: in hexadecimal the id that its sender sealed it for. ``scaled``: true tells
    of a photo that the page made smaller.
    """
    upload = uploading.begin(ctx(), *_told())
    return _answer("ok", token=_seal(upload), parts=upload.parts)


@public
@answering
def part() -> Response:
    """Store one part; its number, from 0, stands in a header."""
    upload, number = _upload(), request.headers.get(PART, "")
    if request.mimetype != KIND:
        return _answer("kind")
    if not NUMBER.fullmatch(number):
        return _answer("form")
    try:
        return _answer("ok", uploading.add(ctx(), upload, int(number), _body(SEALED_CHUNK)))
    except UploadRefused as error:
        return _answer(error.code, uploading.there(ctx(), upload))


@public
@answering
def ask() -> Response:
    """How many parts are there: where to go on after a broken line."""
    return _answer("ok", uploading.there(ctx(), _upload()))


@public
@answering
def finish() -> Response:
    """Make one file of the parts. ``item`` is how a form carries a plain one and shows it.

    Asked again meanwhile, as after a broken line, the answer is "making" at once: no second file and no try is made.
    """
    upload = _upload()
    try:
        if upload.blob:
            uploading.finish_sealed(ctx(), upload)
            return _answer("stored", upload.parts)
        whole = uploading.finish(ctx(), upload)
    except UploadRefused as error:
        return _answer(error.code, uploading.there(ctx(), upload))
    one = files.Chosen(whole, files.seal(ctx(), whole))
    return _answer("stored", upload.parts, item=render_template("channel/_file.html", one=one))


@public
@answering
def drop() -> Response:
    """Remove the parts, of a file that is whole or is not wanted any more."""
    uploading.drop(ctx(), _upload())
    return _answer("ok")


def _told() -> tuple[str, int, bytes, bool]:
    """Name, size, the id of a sealed file, whether it was made smaller. Raises UploadRefused."""
    if request.mimetype != "application/json":
        raise UploadRefused("kind")
    try:
        told = json.loads(_body(MOST_TOLD))
        name, size, mode = told["name"], told["size"], told["mode"]
        blob = bytes.fromhex(told["file"]) if mode == "sealed" else b""
        scaled = told.get("scaled", False)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UploadRefused("form") from None
    if type(name) is not str or type(size) is not int or type(scaled) is not bool or mode not in ("plain", "sealed"):
        raise UploadRefused("form")
    if len(blob) != (16 if mode == "sealed" else 0):
        raise UploadRefused("form")
    return name.encode("utf-8", "replace").decode(), size, blob, scaled  # half a surrogate pair is no character


def _body(most: int) -> bytes:
    """What was sent, of at most so many bytes. Raises UploadRefused."""
    request.max_content_length = most
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        errors.drain()
        raise UploadRefused("length") from None
    except HTTPException:  # it broke off on the way
        raise UploadRefused("form") from None


def _seal(upload: Pending) -> str:
    told = {
        "key": upload.key.hex(),
        "size": upload.size,
        "name": upload.name,
        "day": upload.day.toordinal(),
        "file": upload.blob.hex(),
        "scaled": upload.scaled,
    }
    return seal_token(ctx().settings.secret_key, PURPOSE, json.dumps(told, ensure_ascii=False).encode())


def _upload() -> Pending:
    """What the request's token says. Raises UploadRefused ("token", "expired")."""
    try:
        told = json.loads(open_token(ctx().settings.secret_key, PURPOSE, request.headers.get(TOKEN, "")))
    except Refused:
        raise UploadRefused("token") from None
    day = date.fromordinal(told["day"])
    if not -1 <= (ctx().clock.today() - day).days <= files.KEPT_DAYS:
        raise UploadRefused("expired")
    key, blob = bytes.fromhex(told["key"]), bytes.fromhex(told["file"])
    return Pending(key, told["size"], told["name"], day, blob, told["scaled"])


def _answer(code: str, there: int = 0, **more: str | int) -> Response:
    """``there``: how many parts are stored, from the first one on."""
    told = {"code": code, "says": _says(code), "there": there, **more}
    return Response(json.dumps(told, ensure_ascii=False), STATUS.get(code, MALFORMED), mimetype="application/json")


def _says(code: str) -> str:
    if code in ("ok", "stored"):
        return ""
    if code in ("large", "empty", "expired", "unavailable"):
        settings = ctx().settings
        return trouble_words(code, "", settings.files, settings.file_mib)
    if code == "making":
        return _("Berkas sedang dibersihkan…")
    if code == "origin":
        return _("Belum terkirim: kiriman ini tidak datang dari situs kami. Buka situs kami, lalu coba lagi.")
    if code == "taken":
        return _("Nomor acak berkas ini sudah terpakai. Kirim sekali lagi dengan nomor lain.")
    if code in ("order", "doubled", "missing"):
        return _("Bagian berkas ini tidak cocok dengan yang sudah ada. Lanjutkan dari bagian yang kurang.")
    return _("Berkas ini tidak sampai dengan utuh. Pilih sekali lagi.")
