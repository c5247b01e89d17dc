"""The officer's own account: password, second factor, running sessions."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import account as accounts
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.web import qr
from whistle.web.desk.account_forms import PasswordForm, PhoneForm, SessionsForm, complain, password_fault
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.say import _, ngettext
from whistle.web.guard import needs

OTHERS = "lain"  # the button that ends every session but this one


@desk.get("/akun")
@needs("account.own")
def account() -> ResponseReturnValue:
    return render_template(
        "desk/account.html",
        form=SessionsForm(),
        sessions=accounts.sessions(ctx(), officer(), g.desk_secret),
        settings=ctx().settings,
        others=OTHERS,
        done=_done(request.args.get("selesai", ""), request.args.get("n", "")),
    )


@desk.route("/akun/sandi", methods=["GET", "POST"])
@needs("account.own")
def change_password() -> ResponseReturnValue:
    form = PasswordForm(request.form)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate() and (ended := _new_password(form)) is not None:
            return redirect(url_for(".account", selesai="sandi", n=ended), 303)
    return render_template("desk/account_password.html", form=form), status


@desk.route("/akun/ponsel", methods=["GET", "POST"])
@needs("account.own")
def change_phone() -> ResponseReturnValue:
    form = PhoneForm(request.form)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate() and (ended := _new_phone(form)) is not None:
            return redirect(url_for(".account", selesai="ponsel", n=ended), 303)
    offer = accounts.offer_factor(ctx(), officer(), form.offered.data or "")
    form.offered.data = offer.sealed
    return render_template("desk/account_phone.html", form=form, offer=offer, drawn=drawn(offer)), status


@desk.get("/akun/sesi")
@needs("account.own")
def back_to_account() -> ResponseReturnValue:
    """The form's address typed or reloaded as a page."""
    return redirect(url_for(".account"), 303)


@desk.post("/akun/sesi")
@needs("account.own")
def end_session() -> ResponseReturnValue:
    """End one of the officer's sessions, or all but this one. One that is over already is no mistake."""
    if not SessionsForm(request.form).validate():
        return redirect(url_for(".account"), 303)
    which = request.form.get("session", "")
    if which == OTHERS:
        ended = accounts.end_other_sessions(ctx(), officer(), g.desk_secret)
    else:
        ended = int(accounts.end_session(ctx(), officer(), sixteen(which)))
    return redirect(url_for(".account", selesai="sesi", n=ended), 303)


def drawn(offer: accounts.OfferedFactor) -> str:
    """The second factor as a QR code."""
    return qr.svg(offer.uri, _("Kode QR untuk aplikasi autentikator"))


def _new_password(form: PasswordForm) -> int | None:
    """How many other sessions ended; None when the form has to be shown again."""
    try:
        return accounts.change_password(
            ctx(), officer(), g.desk_secret, form.password.data or "", form.new.data or ""
        )
    except WrongPassword as wrong:
        form.refuse(wrong)
    except Refusal as refused:
        if refused.code == "password":
            complain(form.new, password_fault(refused.values["fault"]))
        else:
            complain(form.password, _("Kata sandi Anda baru saja diganti di tempat lain. Coba lagi."))
    return None


def _new_phone(form: PhoneForm) -> int | None:
    try:
        return accounts.set_factor(
            ctx(), officer(), g.desk_secret, form.offered.data or "", form.password.data or "", form.code.data or ""
        )
    except WrongPassword as wrong:
        form.refuse(wrong)
    except Refusal as refused:
        complain(form.code, factor_fault(refused.code))
    return None


def factor_fault(code: str) -> str:
    """Why a second factor was not taken, in a sentence."""
    return {
        "offer": _("Kode QR di halaman ini sudah diganti. Pindai yang baru, lalu tulis kodenya."),
        "code": _("Kode ini tidak cocok dengan aplikasi yang baru. Periksa jam ponsel, lalu tulis kode berikutnya."),
    }.get(code, "")


def _done(what: str, ended: str) -> str:
    """What was done, for the top of the page after it."""
    number = int(ended) if ended.isascii() and ended.isdigit() and len(ended) < 4 else 0
    others = ngettext("%(num)s sesi lain diakhiri.", "%(num)s sesi lain diakhiri.", number)
    said = {
        "sandi": _("Kata sandi Anda sudah diganti."),
        "ponsel": _("Aplikasi autentikator yang baru sudah berlaku. Yang lama tidak berlaku lagi."),
        "batal": _("Kata-kata dari rekan tidak berlaku lagi."),
    }.get(what, "")
    if what == "sesi":
        return ngettext("%(num)s sesi diakhiri.", "%(num)s sesi diakhiri.", number)
    return f"{said} {others}" if said and number else said
