"""The desk's blueprint and its gate: from where a request comes, who asks, and whether the page is for that role.

The blueprint is registered twice, under /meja and /en/meja, so that ``url_for(".page")`` keeps the language.
"""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.casefile.reading import CaseBroken
from whistle.services.refusals import NotYours
from whistle.services.work import KeysAwaited
from whistle.web import guard
from whistle.web.desk import pending, session
from whistle.web.origin import comes_from_here

desk = Blueprint("desk", __name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@desk.before_request
def gate() -> ResponseReturnValue | None:
    """Nothing passes that the route's own declaration does not let pass (`whistle.web.guard`)."""
    session.begin(request)
    if request.method not in SAFE and not comes_from_here(request):
        return render_template("desk/elsewhere.html"), 403
    permission = guard.permission_of(request.endpoint)
    if permission is None:
        return None
    if g.desk_officer is None:
        return pending.ask_to_sign_in()
    if g.desk_officer.limited and not g.desk_officer.may(permission):
        return redirect(url_for(".renew_phone"), 303)
    if not g.desk_officer.may(permission):
        return render_template("desk/not_for_role.html"), 403
    return None


@desk.after_request
def keep_nothing(response: Response) -> Response:
    """What the desk shows stays in no cache, and a session that is over leaves no cookie behind."""
    response.headers["Cache-Control"] = "no-store"
    # With "no-referrer" older browsers send "Origin: null". A page whose address is a secret names the origin alone.
    response.headers["Referrer-Policy"] = g.get("desk_referrer", "same-origin")
    if g.get("desk_ended"):
        session.forget(response)
    return response


@desk.errorhandler(NotYours)
@desk.errorhandler(404)
def missing(error: Exception) -> ResponseReturnValue:
    """No such case and not your case are one page: what one may not read must not be told to exist."""
    return render_template("desk/missing.html"), 404


@desk.errorhandler(KeysAwaited)
def keys_awaited(error: Exception) -> ResponseReturnValue:
    """Nothing is wrong with the case: a colleague has to give its keys to the officer's new ones."""
    return render_template("desk/awaited.html"), 409


@desk.errorhandler(CaseBroken)
def broken(error: Exception) -> ResponseReturnValue:
    """A case that does not hold is shown as such; the rest of the desk goes on."""
    return render_template("desk/broken.html"), 409
