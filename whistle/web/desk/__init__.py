"""The desk's pages, one file an area. `init_app` puts them under /meja and, in English, under /en/meja."""

from flask import Flask, redirect
from flask.typing import ResponseReturnValue

from whistle.web.desk import (  # noqa: F401 - importing an area registers its routes
    account,
    actions,
    attaching,
    audit,
    case,
    cases,
    closing,
    enrolment,
    exhibits,
    handover,
    home,
    invitation,
    lost_phone,
    officers,
    report,
    retention,
    signin,
    signing,
    templating,
    trouble,
)
from whistle.web.desk.blueprint import desk
from whistle.web.guard import public


def init_app(app: Flask, alone: bool = False) -> None:
    """``alone``: the channel is elsewhere, and whoever types the bare address means the desk."""
    app.register_blueprint(desk, url_prefix="/meja")
    app.register_blueprint(desk, name="desk_en", url_prefix="/en/meja")
    if alone:
        app.add_url_rule("/", "bare", _to_the_desk)


@public
def _to_the_desk() -> ResponseReturnValue:
    return redirect("/meja", 303)
