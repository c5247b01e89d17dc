"""The actions a case page offers: only those that the officer's role and the case's stage permit, each a short form.

The service refuses what is not permitted whatever the page offers; this file only decides what is shown.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from whistle.domain.categories import CATEGORIES, suggest
from whistle.domain.deadlines import LIMITS
from whistle.domain.offices import OFFICES, UNKNOWN
from whistle.domain.roles import UNITS
from whistle.domain.stages import FIRST, STAGES
from whistle.domain.summary import Summary
from whistle.services.officer import Officer
from whistle.services.views import CaseView
from whistle.web.desk import forms
from whistle.web.desk.closing_form import ClosingForm
from whistle.web.desk.fields import ActionForm
from whistle.web.desk.here import ctx
from whistle.web.desk.say import _
from whistle.web.i18n import lang

MAKERS: Mapping[str, Callable[..., ActionForm]] = {
    "triage": forms.TriageForm,
    "ask": forms.AskForm,
    "reply": forms.ReplyForm,
    "note": forms.NoteForm,
    "attach": forms.AttachForm,
    "route": lambda formdata=None, **kw: forms.RouteForm(formdata, **{"units": list(UNITS), **kw}),
    "move": forms.MoveForm,
    "hold": forms.HoldForm,
    "release": forms.ReleaseForm,
    "close": ClosingForm,
    "approve": forms.ApproveForm,
    "give_back": forms.GiveBackForm,
}
PERMISSIONS = {
    "triage": "case.triage", "ask": "case.ask", "reply": "case.answer", "note": "case.note", "attach": "case.attach",
    "route": "case.route", "move": "case.move", "close": "case.close", "approve": "case.approve",
    "give_back": "case.approve", "hold": "case.hold", "release": "case.release",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What is said around a form: its heading, what will happen, and the button that names the deed."""

    title: str
    consequence: str
    button: str


@dataclass(frozen=True)
class Offer:
    code: str
    words: Words
    form: ActionForm
    open: bool  # unfolded: it is the form with a complaint, or the one the case waits for


def new_form(code: str, view: CaseView, **kwargs: Any) -> ActionForm:
    """An empty form of action ``code`` with a fresh action id, over the case as ``view`` shows it."""
    known = {"action_id": secrets.token_hex(16), "seen": seen_of(view)}
    return MAKERS[code](None, data={**known, **kwargs.pop("data", {})}, **kwargs)


def seen_of(view: CaseView) -> str:
    """How much of the case a page made from ``view`` shows."""
    return f"{view.summary.thread_places}.{view.summary.file_places}" if view.summary else ""


def words(code: str) -> Words:
    return {
        "triage": Words(
            _("Telaah laporan"),
            _(
                "Laporan mendapat nomor register dan dihitung dalam laporan bulanan. Pelapor membaca “%(stage)s”.",
                stage=_public("TELAAH"),
            ),
            _("Simpan telaah"),
        ),
        "retriage": Words(
            _("Ubah telaah"),
            _("Isian yang lama tetap ada di berkas. Daftar dan laporan bulanan memakai yang baru."),
            _("Simpan telaah"),
        ),
        "ask": Words(
            _("Tanya pelapor"),
            _(
                "Pelapor membacanya dengan kodenya dan diberi %(days)s hari. Pada halamannya tertulis “%(stage)s”.",
                days=LIMITS["clarify"].days,
                stage=_public("BUTUH_KLARIFIKASI"),
            ),
            _("Kirim pertanyaan ke pelapor"),
        ),
        "reply": Words(
            _("Balas pelapor"),
            _("Pelapor membacanya dengan kodenya. Pesan yang terkirim tidak dapat ditarik."),
            _("Kirim pesan ke pelapor"),
        ),
        "note": Words(
            _("Catatan internal"),
            _("Dibaca semua petugas yang memegang kasus ini. Tidak dapat diubah, hanya ditambah."),
            _("Simpan catatan"),
        ),
        "attach": Words(
            _("Lampirkan berkas"),
            _(
                "Hanya petugas yang memegang kunci laporan ini yang dapat membukanya. Berkas disimpan seperti aslinya "
                "dengan nama Anda, dan tidak dapat ditarik."
            ),
            _("Lampirkan berkas"),
        ),
        "route": Words(
            _("Kirim ke unit"),
            _("Unit yang dipilih dapat membaca seluruh berkas ini. Kunci yang sudah diberikan tidak dapat ditarik."),
            _("Kirim ke unit"),
        ),
        "move": Words(
            _("Pindahkan tahap"), _("Pelapor melihat tahap yang baru pada halamannya."), _("Pindahkan tahap")
        ),
        "hold": Words(
            _("Tahan penghapusan"),
            _(
                "Laporan ini tidak dihapus walaupun waktu simpannya habis, sampai penahanannya dilepas. Yang dapat "
                "melepasnya pimpinan, atau pembaca luar pada jalur luar. Pelapor tidak diberi tahu."
            ),
            _("Tahan penghapusan"),
        ),
        "release": Words(
            _("Lepas penahanan"),
            _(
                "Sesudah ini laporan dapat dihapus bila waktu simpannya habis dan dua petugas menyetujuinya. "
                "Pelapor tidak diberi tahu."
            ),
            _("Lepas penahanan"),
        ),
        "close": Words(
            _("Tutup laporan"),
            _("Hasil “terbukti” dan “tidak terbukti” menunggu persetujuan orang kedua sebelum pelapor membacanya."),
            _("Tutup laporan"),
        ),
        "approve": Words(
            _("Setujui penutupan"),
            _("Laporan selesai dan pelapor membaca hasil dan jawabannya."),
            _("Setujui dan tutup laporan"),
        ),
        "give_back": Words(
            _("Kembalikan untuk diperbaiki"),
            _("Laporan tetap terbuka dan kembali ke penyusunnya dengan alasan Anda."),
            _("Kembalikan untuk diperbaiki"),
        ),
    }[code]


def done_words(code: str) -> str:
    """What the case page says after a deed; "" for anything else in the address."""
    return {
        "triage": _("Telaah tersimpan. Langkah berikutnya: tanya pelapor, atau kirim ke unit yang memeriksa."),
        "ask": _("Pertanyaan terkirim. Laporan menunggu jawaban pelapor."),
        "reply": _("Pesan terkirim ke pelapor."),
        "note": _("Catatan tersimpan di berkas."),
        "attach": _("Berkas terlampir."),
        "route": _("Laporan terkirim. Unit itu sekarang dapat membaca seluruh berkas."),
        "move": _("Tahap sudah dipindahkan."),
        "hold": _("Penghapusan laporan ini ditahan."),
        "release": _("Penahanan dilepas. Laporan ini dapat dihapus bila waktu simpannya habis."),
        "closed": _("Laporan ditutup. Pelapor dapat membaca hasil dan jawabannya."),
        "proposed": _("Penutupan tersimpan dan menunggu persetujuan orang kedua."),
        "approve": _("Penutupan disetujui. Pelapor dapat membaca hasil dan jawabannya."),
        "give_back": _("Penutupan dikembalikan kepada penyusunnya."),
    }.get(code, "")


def unit_button(unit: str) -> str:
    """The button that sends a case to ``unit``."""
    return _("Kirim ke %(unit)s", unit=UNITS[unit].label.text(lang()))


def move_words(to: str) -> Words:
    """A move is named by what it does, and says what the reporter will read."""
    public = _public(to)
    consequence = _("Pelapor membaca: “%(stage)s”. %(text)s", stage=public, text=STAGES[to].public_text.text(lang()))
    name = STAGES[to].action.text(lang())
    return Words(name, consequence, name)


def action_words(code: str, form: ActionForm) -> Words:
    """The words around a form that stands on a page of its own: a button must name the unit or the stage."""
    if code == "move" and form["to"].data in STAGES:
        return move_words(form["to"].data)
    said = words(code)
    if code == "route" and form["unit"].data in UNITS:
        return replace(said, button=unit_button(form["unit"].data))
    return said


Tried = tuple[str, ActionForm]


def offers(view: CaseView, officer: Officer, tried: Tried | None = None) -> dict[str, Offer]:
    """The forms for the case page by code. ``tried`` is the one that came back with a complaint, kept as typed."""
    found: dict[str, Offer] = {}
    for code in ("triage", "ask", "reply", "note", "attach", "route", "hold", "release"):
        came_back = tried is not None and tried[0] == code
        if not came_back and not (officer.may(PERMISSIONS[code]) and _possible(code, view)):
            continue
        form = tried[1] if tried is not None and came_back else new_form(code, view, **_start(code, view))
        if isinstance(form, forms.RouteForm):
            form.units = view.units
        waited_for = code == "triage" and not _registered(view)
        said = words("retriage" if code == "triage" and not waited_for else code)
        found[code] = Offer(code, said, form.named(code), came_back or waited_for)
    return found


def move_offers(view: CaseView, officer: Officer, tried: Tried | None = None) -> list[Offer]:
    """One form for each stage that the case may move to now, and the one that came back even if it no longer may."""
    back = tried[1] if tried is not None and tried[0] == "move" else None
    moves = list(view.moves) if officer.may("case.move") and view.closing is None else []
    if view.summary is not None and view.summary.stage == FIRST and "TELAAH" in moves:
        moves.remove("TELAAH")  # triage is how a new report gets there, with its register number
    if back is not None and back["to"].data in STAGES and back["to"].data not in moves:
        moves.append(back["to"].data)
    found = []
    for to in moves:
        came_back = back is not None and back["to"].data == to
        form = back if back is not None and came_back else new_form("move", view, to=to)
        found.append(Offer("move", move_words(to), form.named(f"move-{to.lower()}"), came_back))
    return found


def usual_unit(summary: Summary) -> str:
    """Where such a case usually goes: its category's unit, else the irban that covers the office; "" when unknown."""
    category = CATEGORIES.get(summary.category)
    office = OFFICES.get(summary.office)
    return (category.default_unit if category else "") or (office.irban if office else "")


def _public(stage: str) -> str:
    return STAGES[stage].public.text(lang())


def _possible(code: str, view: CaseView) -> bool:
    open_case = view.summary is not None and view.summary.closed is None
    if code in ("triage", "route"):
        return open_case and view.closing is None and (code == "triage" or bool(view.units))
    if code == "ask":
        return view.may_ask and view.closing is None
    if code == "attach":
        return ctx().settings.files > 0
    if code in ("hold", "release"):
        return (view.held is None) == (code == "hold")
    return True


def _registered(view: CaseView) -> bool:
    return view.summary is not None and bool(view.summary.register)


def _start(code: str, view: CaseView) -> dict[str, Any]:
    if code == "route":
        return {"units": view.units}
    if code == "triage":
        return {"data": _triage_so_far(view)}
    return {}


def _triage_so_far(view: CaseView) -> dict[str, Any]:
    """What the desk knows, else what the reporter said, as a start to be corrected."""
    summary = view.summary
    if summary is None:
        return {}
    return {
        "title": summary.title if summary.register else "",
        "category": summary.category or suggest(summary.happened),
        "office": summary.office if summary.office in OFFICES else UNKNOWN,
        "service": summary.service,
        "people": summary.people,
        "amount_asked": summary.amount_asked,
        "amount_paid": summary.amount_paid,
        "victims": summary.victims,
        "priority": summary.priority,
    }
