"""Until the first manifest is installed there is nobody to seal a report to: say that the channel is not open yet."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from whistle.store.errors import StoreUnavailable
from whistle.web.channel.here import ctx

PAGES = {"home", "report", "follow"}  # where people begin; help is there all the time


def not_yet() -> ResponseReturnValue | None:
    """In place of a page on which somebody would begin to write in vain; None when the channel is open."""
    page = (request.endpoint or "").rpartition(".")[2]
    if request.method not in {"GET", "HEAD"} or page not in PAGES:
        return None
    try:
        if ctx().is_open():
            return None
    except StoreUnavailable:
        return None  # the page itself says so where it matters
    return render_template("channel/not_open.html"), 503
