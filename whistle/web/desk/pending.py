"""What was being done when a session ended: it travels through the sign-in page, so that nothing typed is lost.

A page that was asked for comes back by itself. A form that was sent comes back filled in, with a new token, and is
sent only when the officer clicks once more: between the two another person may have sat down.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from whistle.web.desk.fields import ActionForm
from whistle.web.desk.forms import SignInForm
from whistle.web.desk.here import ctx
from whistle.web.desk.offers import MAKERS
from whistle.web.incoming import the_request

PREFIX = "tertunda-"  # marks a carried field, so that a form's own "login" cannot be taken for the sign-in's
TARGET = "tujuan"
PATH = re.compile(r"(/en)?/meja(/[A-Za-z0-9/_-]*)?(\?[\x21-\x7e]*)?")


@dataclass(frozen=True)
class Carried:
    """A form that was sent too late: where to, and what stood in it (without the old session's token)."""

    target: str
    action: str
    fields: tuple[tuple[str, str], ...]

    def hidden(self) -> list[tuple[str, str]]:
        """Hidden inputs for the sign-in page."""
        return [(TARGET, self.target), *((PREFIX + name, value) for name, value in self.fields)]

    def form(self) -> ActionForm:
        """The form as it was typed, with a token of the new session."""
        form = MAKERS[self.action](MultiDict(self.fields))
        form["csrf"].data = None
        return form


def ask_to_sign_in() -> ResponseReturnValue:
    """For a page that needs a session where there is none: a link back for a page, the text itself for a form."""
    reason = g.desk_ended or ""
    if request.method in ("GET", "HEAD"):
        back = request.full_path.rstrip("?")
        return redirect(url_for(".sign_in", ke=back, alasan=reason or None), 303)
    carried = sent_now()
    back = carried.target if carried else request.path
    form = SignInForm(data={"ke": parent(back)})
    return render_template("desk/sign_in.html", form=form, reason=reason or "gone", carried=carried), 403


def sent_now() -> Carried | None:
    """The form that this request carries, when its action is one that can be shown again; of its files nothing."""
    the_request().pass_over_files(ctx())
    return _carried(request.path, request.form.items(multi=True))


def brought_along() -> Carried | None:
    """The form that came through the sign-in page."""
    fields = ((name.removeprefix(PREFIX), value) for name, value in request.form.items(multi=True)
              if name.startswith(PREFIX))  # fmt: skip
    return _carried(request.form.get(TARGET, ""), fields)


def safe_back(path: str | None) -> str | None:
    """``path`` when it is a page of this desk, else None: a sign-in never leads to another site."""
    if not path or not PATH.fullmatch(path) or _endpoint(path, "GET") is None:
        return None
    return path


def parent(path: str) -> str:
    """The page that a form's address belongs to: /meja/kasus/<id>/tanya stands on /meja/kasus/<id>."""
    while path and safe_back(path) is None:
        path = path.rpartition("/")[0]
    return path


def _carried(target: str, fields: Iterable[tuple[str, str]]) -> Carried | None:
    if not PATH.fullmatch(target):
        return None
    action = _endpoint(target, "POST")
    if action is None or action not in MAKERS:
        return None
    return Carried(target, action, tuple((name, value) for name, value in fields if name != "csrf"))


def _endpoint(path: str, method: str) -> str | None:
    """The desk's view for ``path``, without the blueprint's name."""
    adapter = current_app.url_map.bind("")
    try:
        endpoint, _arguments = adapter.match(path.partition("?")[0], method=method)
    except (HTTPException, RequestRedirect):
        return None
    blueprint, _, view = str(endpoint).rpartition(".")
    return view if blueprint in ("desk", "desk_en") and view not in ("sign_in", "sign_out") else None
