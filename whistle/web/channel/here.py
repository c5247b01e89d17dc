"""What every page of the channel asks of the application, and which errors mean: nothing was stored, try again."""

from typing import cast

from flask import current_app, request

from whistle.services.context import Context
from whistle.web.channel.hour_key import HourKeys
from whistle.web.errors import UNAVAILABLE as UNAVAILABLE

WRONG = 422  # RFC 9110, 15.5.21: understood, and not acceptable as it is


def ctx() -> Context:
    """The services' context that ``create_app`` put on the application."""
    return cast(Context, current_app.extensions["peluit"])


def asks_other_language() -> bool:
    """Whether a form came by the header's button for the other language: only to be shown again, in that language."""
    return request.form.get("langkah") == "bahasa"


def seal_root(root: bytes) -> str:
    """A receipt's root for the hidden field of a form; it opens for an hour at most."""
    return _hour_keys().seal(root, _now())


def open_root(token: str) -> bytes:
    """The root again. Raises Refused when the hour is over, the server was started again, or the token was changed."""
    return _hour_keys().open(token, _now())


def forget_old_keys() -> None:
    """Overwrite keys whose hour is over, also when nobody seals anything."""
    _hour_keys().forget_old(_now())


def _hour_keys() -> HourKeys:
    return cast(HourKeys, current_app.extensions["peluit-hour"])


def _now() -> float:
    return ctx().clock.now().timestamp()
