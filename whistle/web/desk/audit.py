"""The audit log for the overseer: who did what to which case and when; never a word of any report."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import oversight
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer
from whistle.web.desk.say import _
from whistle.web.guard import needs


@desk.get("/audit")
@needs("audit.view")
def audit() -> ResponseReturnValue:
    """Newest first, fifty a page; the rows shown are checked, and on request the whole chain from its first row."""
    text = request.args.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    whole = request.args.get("periksa") == "semua"
    found = oversight.audit_page(ctx(), officer(), page, whole)
    return render_template("desk/audit.html", page=found, whole=whole, action_words=action_words, page_url=page_url)


def page_url(page: int) -> str:
    return url_for(".audit", page=page)


def action_words(action: str) -> str:
    """What the officer did, in words; an unknown action, of a later version, is shown as it is."""
    return {
        "sign-in": _("Masuk"),
        "sign-in-refused": _("Gagal masuk"),
        "sign-out": _("Keluar"),
        "set-up": _("Menyiapkan Peluit"),
        "look": _("Membuka kasus"),
        "declare": _("Menyatakan tidak ada konflik"),
        "write": _("Menulis pada kasus"),
        "route": _("Mengirim kasus ke unit"),
        "close": _("Memproses penutupan"),
        "figures": _("Melihat laporan bulanan"),
        "export": _("Mengunduh laporan bulanan"),
        "audit": _("Melihat catatan audit"),
        "recover": _("Memulai pemulihan dengan kunci cadangan"),
        "recovered": _("Menyelesaikan pemulihan dengan kunci cadangan"),
        "rehearse": _("Mencoba kunci cadangan (gladi)"),
        "password": _("Mengganti kata sandi"),
        "password-refused": _("Kata sandi salah saat diminta lagi"),
        "session-end": _("Mengakhiri sesi lain"),
        "second-factor": _("Mengganti aplikasi autentikator"),
        "vouch": _("Memberi rekan kata-kata pengganti ponsel"),
        "vouch-withdrawn": _("Membatalkan kata-kata dari rekan"),
        "sign-in-vouched": _("Masuk dengan kata-kata dari rekan"),
    }.get(action, action)
