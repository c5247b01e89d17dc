"""A lost phone: a colleague gives words, they sign in once, and a new second factor is set up before anything else."""

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import account as accounts
from whistle.services import vouching
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.services.unlock import SignInRefused, sign_out
from whistle.web.desk import session
from whistle.web.desk.account import drawn, factor_fault
from whistle.web.desk.account_forms import RenewForm, VouchForm, WithdrawForm, WordsForm, complain
from whistle.web.desk.blueprint import desk
from whistle.web.desk.choices import unit_name
from whistle.web.desk.fields import shown_errors
from whistle.web.desk.here import ctx, maybe_officer, officer
from whistle.web.desk.say import _
from whistle.web.guard import anonymous_desk, needs

MINUTES = vouching.SECONDS // 60


@desk.get("/masuk/ponsel", endpoint="lost_phone")
@anonymous_desk
def lost_phone_page() -> ResponseReturnValue:
    if maybe_officer() is not None:
        return redirect(url_for(".home"), 303)
    return render_template("desk/lost_phone.html", form=WordsForm(), minutes=MINUTES, refused=None)


@desk.post("/masuk/ponsel", endpoint="sign_in_with_words")
@anonymous_desk
def sign_in_with_words() -> ResponseReturnValue:
    """One sentence for every refusal, as at the sign-in; only who had it all right learns that it was too late."""
    form = WordsForm(request.form)
    if not form.validate():
        page = render_template("desk/lost_phone.html", form=form, minutes=MINUTES, complaints=shown_errors(form))
        return page, 422
    try:
        typed = (form.login.data or "", form.password.data or "", form.words.data or "")
        secret, who = vouching.sign_in(ctx(), *typed, session.device(request))
    except SignInRefused as refused:
        return render_template("desk/lost_phone.html", form=form, minutes=MINUTES, refused=refused), 403
    if g.desk_secret:
        sign_out(ctx(), g.desk_secret)
    g.desk_officer, g.desk_secret, g.desk_ended = who, secret, None
    response = make_response(redirect(url_for(".renew_phone"), 303))
    session.hand_over(response, secret)
    return response


@desk.route("/ponsel-baru", methods=["GET", "POST"])
@needs("account.phone")
def renew_phone() -> ResponseReturnValue:
    """The one page that a limited session reaches. With a full session the account's own page is the right one."""
    if not officer().limited:
        return redirect(url_for(".change_phone"), 303)
    form = RenewForm(request.form)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate() and (secret := _renewed(form)) is not None:
            response = make_response(redirect(url_for(".account", selesai="ponsel"), 303))
            session.hand_over(response, secret)
            session.remember(response, officer().login)
            return response
    offer = accounts.offer_factor(ctx(), officer(), form.offered.data or "")
    form.offered.data = offer.sealed
    return render_template("desk/renew_phone.html", form=form, offer=offer, drawn=drawn(offer)), status


@desk.route("/rekan/ponsel", methods=["GET", "POST"])
@needs("officers.vouch")
def vouch() -> ResponseReturnValue:
    """Words for a colleague; they stand on the answer to the form, and nowhere again."""
    try:
        known = vouching.colleagues(ctx(), officer())
    except Refusal:
        return render_template("desk/not_for_role.html"), 403
    form = VouchForm(request.form, colleagues=[(one.id.hex(), _described(one)) for one in known])
    if request.method != "POST":
        return render_template("desk/vouch.html", form=form, minutes=MINUTES)
    given = _given(form) if form.validate() else None
    if given is None:
        return render_template("desk/vouch.html", form=form, minutes=MINUTES), 422
    return render_template("desk/vouched.html", given=given, minutes=MINUTES)


@desk.post("/akun/kata-rekan/batal")
@needs("account.own")
def withdraw_words() -> ResponseReturnValue:
    """The officer did not ask for a colleague's words: they no longer work."""
    if WithdrawForm(request.form).validate():
        vouching.withdraw(ctx(), officer())
        return redirect(url_for(".account", selesai="batal"), 303)
    return redirect(url_for(".account"), 303)


@desk.get("/akun/kata-rekan/batal")
@needs("account.own")
def back_from_words() -> ResponseReturnValue:
    return redirect(url_for(".account"), 303)


def _renewed(form: RenewForm) -> bytes | None:
    try:
        secret, full = accounts.renew_factor(ctx(), officer(), form.offered.data or "", form.code.data or "")
    except Refusal as refused:
        complain(form.code, factor_fault(refused.code))
        return None
    g.desk_officer, g.desk_secret = full, secret
    return secret


def _given(form: VouchForm) -> vouching.Vouched | None:
    try:
        return vouching.vouch(ctx(), officer(), form.password.data or "", bytes.fromhex(form.whom.data or ""))
    except WrongPassword as wrong:
        form.refuse(wrong)
    except Refusal:  # the colleague was suspended or removed while the page was open
        complain(form.whom, _("Rekan ini sudah tidak dapat masuk. Pilih yang lain."))
    return None


def _described(one: vouching.Colleague) -> str:
    return f"{one.name}, {unit_name(one.unit)}" if one.unit else one.name
