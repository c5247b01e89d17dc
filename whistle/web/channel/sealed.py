"""For a sender that seals by itself: what it needs to seal, and where the sealed report is taken in.

No page: a script asks here. Every answer to a report has one length, so that who watches the line does not see what
became of it. No cookie stands behind a request, so there is no session that another site could ride on; what another
site's page could do is send junk from its visitors' addresses, and that is refused.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from whistle.casefile.sealed import MOST, SealedRefused
from whistle.crypto.receipt import ROUNDS
from whistle.services import sealed
from whistle.web import errors
from whistle.web.channel.here import UNAVAILABLE, ctx
from whistle.web.guard import public
from whistle.web.i18n import gettext as _
from whistle.web.origin import comes_from_elsewhere

KIND = "application/octet-stream"  # not one of the three that a form, and with it any site, can send
LENGTH = 512  # bytes of an answer's status line and body together
STATUS = {"stored": 200, "already": 200, "unavailable": 503, "origin": 403, "kind": 415, "size": 413, "form": 400}
AGAIN = 409  # all others: nothing is wrong with the report but the moment
SAYS: dict[str, Callable[[], str]] = {
    "stored": lambda: _("Laporan Anda sudah kami terima."),
    "already": lambda: _("Laporan ini sudah pernah terkirim dan tidak tercatat dua kali. Kodenya tetap sama."),
    "other": lambda: _(
        "Dengan kode ini sudah ada laporan lain. Yang baru ini tidak disimpan. Buka “Lihat laporan saya” dengan "
        "kode itu untuk menambahkannya."
    ),
    "taken": lambda: _("Belum terkirim: nomor acaknya sudah terpakai. Kirim sekali lagi."),
    "day": lambda: _("Belum terkirim: di server kami hari sudah berganti. Kirim sekali lagi."),
    "manifest": lambda: _("Belum terkirim: daftar pembacanya baru saja berganti. Kirim sekali lagi."),
    "readers": lambda: _(
        "Belum terkirim: laporan ini tidak dikunci untuk para pembacanya. Muat ulang halaman, lalu coba lagi."
    ),
    "files": lambda: _(
        "Belum terkirim: salah satu berkasnya tidak ada lagi di server kami. Pilih berkas itu sekali lagi, lalu kirim."
    ),
    "size": lambda: _(
        "Belum terkirim: laporan ini terlalu besar. Persingkat, atau kirim sisanya nanti dengan kode laporan."
    ),
    "unavailable": lambda: _(
        "Laporan Anda belum terkirim: server kami sedang tidak bisa menyimpan. Tulisan Anda masih ada di halaman "
        "ini; jangan tutup dulu. Coba lagi dua menit lagi."
    ),
    "origin": lambda: _("Belum terkirim: kiriman ini tidak datang dari situs kami. Buka situs kami, lalu coba lagi."),
    "form": lambda: _("Belum terkirim: laporan ini tidak sampai dengan utuh. Muat ulang halaman, lalu coba lagi."),
}


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/lapor/kunci", "sealing", parameters, methods=["GET"])
    pages.add_url_rule("/lapor/tersegel", "sealed", take_in, methods=["POST"])


@public
def parameters() -> Response:
    """The day that a report must name, the manifests with their signatures, and how a receipt becomes keys."""
    try:
        now = sealed.parameters(ctx())
    except UNAVAILABLE:
        return _answer("unavailable")
    manifests = [
        {"body": row.body.decode(), "signature": _b64(row.signature), "signer": _b64(row.signer)}
        for row in now.manifests
    ]
    told = {
        "v": 1,
        "installation": now.installation.hex(),
        "day": now.day.isoformat(),
        "sequence": now.sequence,
        "rounds": ROUNDS,
        "manifests": manifests,
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/json")


@public
def take_in() -> Response:
    """Store a sealed report and say so, or say what is the matter with it."""
    if comes_from_elsewhere(request):
        return _answer("origin")
    if request.mimetype != KIND:
        return _answer("kind")
    request.max_content_length = MOST
    try:
        accepted = sealed.submit(ctx(), request.get_data(cache=False))
    except RequestEntityTooLarge:
        errors.drain()
        return _answer("size")
    except HTTPException:  # it broke off on the way
        return _answer("form")
    except SealedRefused as error:
        return _answer(error.code)
    except UNAVAILABLE:
        return _answer("unavailable")
    return _answer("already" if accepted.already else "stored", accepted.received.isoformat())


def _answer(code: str, received: str = "") -> Response:
    """``day`` is the server's, for a report that named another; ``received`` the day on which it is stored."""
    status = HTTPStatus(STATUS.get(code, AGAIN))
    says, day = SAYS.get(code, SAYS["form"])(), ctx().clock.today().isoformat()
    told = {"code": code, "received": received, "day": day, "says": says, "pad": ""}
    missing = LENGTH - len(status.phrase) - len(json.dumps(told, ensure_ascii=False).encode())
    body = json.dumps(told | {"pad": " " * missing}, ensure_ascii=False)
    return Response(body, status.value, mimetype="application/json")


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
