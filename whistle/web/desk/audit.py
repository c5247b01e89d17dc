"""The audit log for the overseer: who did what to which case and when; never a word of any report."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import audit_log
from whistle.services.audit_log import Query
from whistle.web import qr
from whistle.web.desk.audit_forms import CheckForm, CompareForm, FilterForm, read_head, read_query
from whistle.web.desk.audit_words import counts_words, fault_words, grouped, log_words
from whistle.web.desk.blueprint import desk
from whistle.web.desk.fields import shown_errors
from whistle.web.desk.here import ctx, officer
from whistle.web.desk.say import _
from whistle.web.guard import needs


@desk.get("/audit")
@needs("audit.view")
def audit() -> ResponseReturnValue:
    """Newest first, fifty a page; each row shown is checked, and what is known of the whole chain is said."""
    form = FilterForm(request.args)
    query = read_query(form, request.args.get("sebelum", ""))
    page = audit_log.audit_page(ctx(), officer(), query)
    acts = sorted(((code, action_words(code)) for code in page.actions), key=lambda pair: pair[1])
    form.fill(page.people, acts)
    return render_template(
        "desk/audit.html",
        page=page,
        form=form,
        check=CheckForm(),
        compare=CompareForm(),
        query=query,
        complaints=shown_errors(form),
        older=_link(query, page.older) if page.older else "",
        newest=_link(query, 0) if query.before else "",
        action_words=action_words,
        log_words=log_words,
        counts_words=counts_words,
        fault_words=fault_words,
    )


@desk.post("/audit/periksa")
@needs("audit.view")
def audit_check() -> ResponseReturnValue:
    """A piece of a check of the whole chain; the page then says how far it came."""
    if CheckForm(request.form).validate():
        audit_log.check_on(ctx(), officer())
    return redirect(url_for(".audit", _anchor="rantai"), 303)


@desk.get("/audit/periksa")
@needs("audit.view")
def back_to_audit() -> ResponseReturnValue:
    """The form's address typed or reloaded as a page."""
    return redirect(url_for(".audit"), 303)


@desk.get("/audit/cetak")
@needs("audit.view")
def audit_head() -> ResponseReturnValue:
    """The last row's number and hash on a page that is made for paper."""
    head = audit_log.printed_head(ctx(), officer())
    text = f"PELUIT AUDIT {head.seq}:{head.hash.hex().upper()}"
    return render_template(
        "desk/audit_head.html",
        head=head,
        groups=grouped(head.hash),
        now=ctx().clock.now(),
        city=ctx().settings.city,
        drawn=qr.svg(text, _("Nomor baris dan sidik sebagai kode QR"), 4),
    )


@desk.get("/audit/banding")
@needs("audit.view")
def audit_compare() -> ResponseReturnValue:
    """Hold a head that was printed earlier against the log of today."""
    form = CompareForm(request.args)
    head = read_head(form) if request.args else None
    if head is None:
        complaints = shown_errors(form)
        page = render_template("desk/audit_compare.html", form=form, found=None, complaints=complaints)
        return page, 422 if complaints else 200
    found = audit_log.compare(ctx(), officer(), head)
    return render_template("desk/audit_compare.html", form=form, found=found, fault_words=fault_words)


def _link(query: Query, before: int) -> str:
    said: dict[str, Any] = {
        "petugas": query.officer,
        "perbuatan": query.action,
        "dari": query.first.isoformat() if query.first else "",
        "sampai": query.last.isoformat() if query.last else "",
        "kasus": query.case,
        "sebelum": before or "",
    }
    return url_for(".audit", **{name: value for name, value in said.items() if value})


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
        "file-prepare": _("Membuka dan membersihkan berkas"),
        "file-look": _("Melihat berkas"),
        "file-download": _("Unduh yang bersih"),
        "file-original": _("Unduh aslinya (belum dibersihkan)"),
        "attach": _("Melampirkan berkas pada kasus"),
        "route": _("Mengirim kasus ke unit"),
        "close": _("Memproses penutupan"),
        "hold": _("Menahan penghapusan kasus"),
        "release": _("Melepas penahanan penghapusan"),
        "disposal-propose": _("Menandatangani daftar penghapusan (pertama)"),
        "disposal-approve": _("Menandatangani daftar penghapusan (kedua)"),
        "disposal-withdraw": _("Menarik daftar penghapusan"),
        "disposal-done": _("Malam hari: isi laporan dihapus menurut daftar"),
        "disposal-stop": _("Menghentikan daftar penghapusan"),
        "figures": _("Melihat laporan bulanan"),
        "export": _("Mengunduh laporan bulanan"),
        "audit": _("Melihat catatan audit"),
        "audit-check": _("Memeriksa seluruh catatan audit"),
        "audit-head": _("Mencetak kepala catatan audit"),
        "verify": _("Memeriksa semua yang tersimpan"),
        "invite": _("Mengundang petugas"),
        "invite-withdrawn": _("Membatalkan undangan"),
        "enrol": _("Membuat kunci dengan tautan undangan"),
        "suspend": _("Menangguhkan petugas"),
        "lift": _("Mencabut penangguhan"),
        "manifest": _("Menandatangani daftar penerima"),
        "admit": _("Menerima petugas dalam daftar penerima"),
        "remove": _("Mengeluarkan petugas dari daftar penerima"),
        "acting": _("Menetapkan Plt/Plh"),
        "acting-ended": _("Mengakhiri Plt/Plh"),
        "delegate": _("Memberi delegasi tanda tangan"),
        "delegate-ended": _("Mencabut delegasi tanda tangan"),
        "manifest-installed": _("Memasang daftar petugas yang ditandatangani"),
        "invited-at-shell": _("Mengundang petugas dari server"),
        "recover": _("Memulai pemulihan dengan kunci cadangan"),
        "recover-for": _("Memulihkan kunci kasus untuk petugas"),
        "recovered": _("Menyelesaikan pemulihan dengan kunci cadangan"),
        "rehearse": _("Mencoba kunci cadangan (gladi)"),
        "password": _("Mengganti kata sandi"),
        "password-refused": _("Kata sandi salah saat diminta lagi"),
        "session-end": _("Mengakhiri sesi lain"),
        "second-factor": _("Mengganti aplikasi autentikator"),
        "vouch": _("Memberi rekan kata-kata pengganti ponsel"),
        "vouch-withdrawn": _("Membatalkan kata-kata dari rekan"),
        "sign-in-vouched": _("Masuk dengan kata-kata dari rekan"),
        "regrant": _("Memberi rekan kunci kasus"),
        "new-keys": _("Mengganti kunci kasus tanpa yang sudah pergi atau pindah"),
    }.get(action, action)
