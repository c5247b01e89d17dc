"""Who works at the desk: the list, one officer, and the two things done at once: suspend, and lift it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.domain.roles import ROLES
from whistle.services import invitations, people, suspension
from whistle.services.refusals import NotYours, Refusal
from whistle.web.desk import officer_words
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.officer_forms import PlainForm
from whistle.web.desk.say import _
from whistle.web.guard import needs


@desk.get("/petugas")
@needs("officers.view")
def officers() -> ResponseReturnValue:
    return render_template(
        "desk/officers.html",
        people=people.people(ctx(), officer()),
        waiting=invitations.waiting(ctx(), officer()),
        described=ROLES,
        post=officer_words.post,
        done=done(request.args.get("selesai", "")),
    )


@desk.get("/petugas/<who>")
@needs("officers.view")
def officer_page(who: str) -> ResponseReturnValue:
    return _page(sixteen(who))


@desk.post("/petugas/<who>/tangguhkan")
@needs("officers.suspend")
def suspend(who: str) -> ResponseReturnValue:
    return _set(sixteen(who), "ditangguhkan")


@desk.post("/petugas/<who>/pulihkan")
@needs("officers.suspend")
def lift(who: str) -> ResponseReturnValue:
    return _set(sixteen(who), "dipulihkan")


@desk.get("/petugas/<who>/<any(tangguhkan, pulihkan):_deed>")
@needs("officers.view")
def back_to_officer(who: str, _deed: str) -> ResponseReturnValue:
    """A form's address typed or reloaded as a page."""
    sixteen(who)
    return redirect(url_for(".officers"), 303)


def done(code: str) -> str:
    """What was done, for the top of the page after it."""
    return {
        "ditangguhkan": _("Petugas ini ditangguhkan. Semua sesinya sudah berakhir."),
        "dipulihkan": _("Penangguhan dicabut. Petugas ini dapat masuk lagi."),
        "dibatalkan": _("Undangan dibatalkan. Tautannya tidak berlaku lagi."),
        "ditandatangani": _("Daftar penerima sudah ditandatangani dan berlaku sekarang."),
    }.get(code, "")


def _set(who: bytes, deed: str) -> ResponseReturnValue:
    if not PlainForm(request.form).validate():
        return redirect(url_for(".officer_page", who=who.hex()), 303)
    try:
        (suspension.suspend if deed == "ditangguhkan" else suspension.lift)(ctx(), officer(), who)
    except Refusal as refused:
        return _page(who, refused)
    return redirect(url_for(".officer_page", who=who.hex(), selesai=deed), 303)


def _page(who: bytes, refused: Refusal | None = None) -> ResponseReturnValue:
    try:
        shown, words = people.person(ctx(), officer(), who)
    except Refusal as gone:
        raise NotYours from gone  # the page that says: there is no such thing here
    return render_template(
        "desk/officer.html",
        person=shown,
        words=words,
        form=PlainForm(),
        post=officer_words.post,
        reads=officer_words.reads(shown.unit),
        acting_words=officer_words.acting_words,
        refused=officer_words.sentence(refused) if refused else "",
        done=done(request.args.get("selesai", "")),
    ), 422 if refused else 200
