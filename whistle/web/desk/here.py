"""What every page of the desk asks of the request at hand: the services' context and the officer."""

from typing import cast

from flask import abort, current_app, g

from whistle.services.context import Context
from whistle.services.officer import Officer


def ctx() -> Context:
    """The services' context that ``create_app`` put on the application."""
    return cast(Context, current_app.extensions["peluit"])


def officer() -> Officer:
    """The officer who asks. Only for views behind ``needs``: the gate has put the officer there."""
    return cast(Officer, g.desk_officer)


def maybe_officer() -> Officer | None:
    """The officer who asks, or None on the sign-in page and on error pages."""
    return cast("Officer | None", g.get("desk_officer"))


def sixteen(text: str) -> bytes:
    """32 lowercase hexadecimal digits as the 16 bytes of a case's id; anything else is the same 404 as no case."""
    try:
        value = bytes.fromhex(text)
    except ValueError:
        abort(404)
    if len(value) != 16 or value.hex() != text:
        abort(404)
    return value
