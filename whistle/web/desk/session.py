"""The desk's session as HTTP knows it: one cookie that holds a random secret, and nothing else anywhere.

A second cookie stays when the session is over. It says that the browser is one in which this officer signed in before,
sealed and bound to the login (``services.devices``); it opens nothing and is read at the sign-in alone.

The server keeps the officer's vault key encrypted under that secret (``services.unlock``): any worker can serve the
session and a stolen database cannot. The channel never sets or reads a cookie, so the two surfaces cannot mix.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import Request, Response, g

from whistle.services import devices
from whistle.services.unlock import SessionEnded, resume
from whistle.web.desk.here import ctx

COOKIE = "__Host-meja"  # the prefix makes a browser insist on Secure, Path=/ and no Domain
DEVICE = "__Host-meja-peramban"
SECRET_BYTES = 32


def begin(request: Request) -> None:
    """Find out who asks. Puts ``desk_officer``, ``desk_secret`` and, at a session's end, ``desk_ended`` in ``g``."""
    g.desk_officer = g.desk_secret = g.desk_ended = None
    text = request.cookies.get(COOKIE)
    if not text:
        return
    secret = _read(text)
    if secret is None:
        g.desk_ended = "gone"
        return
    try:
        g.desk_officer = resume(ctx(), secret)
    except SessionEnded as end:
        g.desk_ended = end.reason
    else:
        g.desk_secret = secret


def hand_over(response: Response, secret: bytes) -> None:
    """Give the browser the secret. No lifetime: the limits are the server's, and closing the browser ends it too."""
    value = urlsafe_b64encode(secret).decode().rstrip("=")
    response.set_cookie(COOKIE, value, path="/", secure=True, httponly=True, samesite="Strict")


def device(request: Request) -> str:
    """What says that the browser is known; empty where nothing does."""
    return request.cookies.get(DEVICE, "")


def remember(response: Response, login: str) -> None:
    """Let the browser say from now on that ``login`` signed in there."""
    token, age = devices.fresh(ctx(), login), devices.DAYS * 86_400
    response.set_cookie(DEVICE, token, max_age=age, path="/", secure=True, httponly=True, samesite="Strict")


def forget(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")


def _read(text: str) -> bytes | None:
    try:
        secret = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return secret if len(secret) == SECRET_BYTES else None
