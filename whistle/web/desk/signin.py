"""Sign in with password and second factor on one page; sign out with one button."""

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services.unlock import SignInRefused
from whistle.services.unlock import sign_in as unlock_desk
from whistle.services.unlock import sign_out as lock_desk
from whistle.web.desk import pending, session
from whistle.web.desk.blueprint import desk
from whistle.web.desk.fields import shown_errors
from whistle.web.desk.forms import SignInForm, SignOutForm
from whistle.web.desk.here import ctx, maybe_officer
from whistle.web.desk.offers import action_words
from whistle.web.errors import RETRY_SECONDS, UNAVAILABLE
from whistle.web.guard import anonymous_desk

REASONS = frozenset({"idle", "absolute", "gone", "out"})


@desk.get("/masuk", endpoint="sign_in")
@anonymous_desk
def sign_in_page() -> ResponseReturnValue:
    back = pending.safe_back(request.args.get("ke"))
    if maybe_officer() is not None:
        return redirect(back or url_for(".home"), 303)
    reason = request.args.get("alasan", "")
    form = SignInForm(data={"ke": back or ""})
    return render_template("desk/sign_in.html", form=form, reason=reason if reason in REASONS else "", carried=None)


@desk.post("/masuk", endpoint="try_sign_in")
@anonymous_desk
def try_sign_in() -> ResponseReturnValue:
    """One sentence for every refusal, whatever was wrong, so that no answer tells which names exist."""
    form = SignInForm(request.form)
    carried = pending.brought_along()
    if not form.validate():  # told before anything is looked at, and no try
        return render_template("desk/sign_in.html", form=form, complaints=shown_errors(form), carried=carried), 422
    try:
        typed = (form.login.data or "", form.password.data or "", form.code.data or "")
        secret, officer = unlock_desk(ctx(), *typed, session.device(request))
    except SignInRefused as refused:
        page = render_template("desk/sign_in.html", form=form, refused=refused, reason="", carried=carried)
        return page, 403
    except UNAVAILABLE:
        page = render_template("desk/sign_in.html", form=form, unavailable=True, reason="", carried=carried)
        return page, 503, {"Retry-After": RETRY_SECONDS}
    if g.desk_secret:
        lock_desk(ctx(), g.desk_secret)  # the session that this browser held before
    g.desk_officer, g.desk_secret, g.desk_ended = officer, secret, None
    back = pending.safe_back(form.ke.data) or url_for(".home")
    if carried:
        response = make_response(_brought_back(carried, back))
    else:
        response = make_response(redirect(back, 303))
    session.hand_over(response, secret)
    session.remember(response, officer.login)
    return response


@desk.post("/keluar")
@anonymous_desk
def sign_out() -> ResponseReturnValue:
    """End the session on the server and in the browser. Also right where the session is already over."""
    if g.desk_secret and SignOutForm(request.form).validate():
        lock_desk(ctx(), g.desk_secret)
    elif g.desk_secret:
        return redirect(url_for(".home"), 303)
    response = make_response(redirect(url_for(".sign_in", alasan="out"), 303))
    session.forget(response)
    return response


def _brought_back(carried: pending.Carried, back: str) -> str:
    """The page after sign-in that shows what was typed before it, to be sent with one more click."""
    form = carried.form()
    said = action_words(carried.action, form)
    return render_template("desk/resume.html", form=form, words=said, target=carried.target, back=back)
