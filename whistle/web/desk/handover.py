"""Keys for colleagues: for whom, how far it has come, and a button that goes on.

Without JavaScript each click works for about a second. With it the page clicks by itself while it is open.
"""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import handover
from whistle.services.refusals import Refusal
from whistle.web.desk.account_forms import HandoverForm
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.guard import needs
from whistle.web.headers import CSP


@desk.get("/kunci", endpoint="keys")
@needs("case.open")
def keys_page() -> ResponseReturnValue:
    return _page(handover.lines(ctx(), officer()), request.args.get("jalan", ""))


@desk.post("/kunci", endpoint="give_keys")
@needs("case.open")
def give_keys() -> ResponseReturnValue:
    """Work for about a second, then show how far it came. A second sending of the same form only works on."""
    form = HandoverForm(request.form)
    if not form.validate():
        return redirect(url_for(".keys"), 303)
    about = sixteen(form.about.data or "")
    try:
        line = handover.step(ctx(), officer(), form.kind.data, about, again=bool(form.again.data))
    except Refusal:  # admitted or removed otherwise since the page was made
        return redirect(url_for(".keys"), 303)
    running = key_of(line) if line.state == "open" else None
    return redirect(url_for(".keys", jalan=running, _anchor=key_of(line)), 303)


def key_of(line: handover.Line) -> str:
    """What a line is called on the page and in its address."""
    return f"{line.kind}-{line.about.hex()}"


def _page(lines: list[handover.Line], running: str) -> Response:
    form = HandoverForm()
    response = make_response(
        render_template("desk/keys.html", lines=lines, form=form, running=running, key_of=key_of)
    )
    # The page asks for itself again while it works: nothing else may, and from nowhere else.
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {value}" for name, value in {**CSP, "connect-src": "'self'"}.items()
    )
    return response
