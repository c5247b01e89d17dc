"""The browser in which an officer signed in is known again by a token, so that strangers' tries do not slow it.

OWASP calls it a device cookie. It opens nothing: whoever holds one has tries of their own, as slow as everybody's.
"""

import os

from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token
from whistle.services.context import Context

PURPOSE = "device"
DAYS = 180  # since the last sign-in there
ID = 16  # bytes


def fresh(ctx: Context, login: str) -> str:
    """A token for the browser in which ``login`` has just signed in."""
    day = ctx.clock.today().toordinal().to_bytes(4, "big")
    return seal_token(ctx.settings.secret_key, PURPOSE, os.urandom(ID) + day, login.encode())


def known(ctx: Context, login: str, token: str) -> bytes | None:
    """Which browser a token is of; None for one of another login, of another server, too old, or none at all."""
    try:
        payload = open_token(ctx.settings.secret_key, PURPOSE, token, login.encode())
    except Refused:
        return None
    age = ctx.clock.today().toordinal() - int.from_bytes(payload[ID:], "big")
    return payload[:ID] if -1 <= age <= DAYS else None
