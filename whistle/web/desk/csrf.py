"""No other site can act through an officer's browser: a token bound to the session.

The token covers every form behind a session. The check of where a POST comes from (``web.origin``) covers the sign-in
too, which has no session to bind a token to. SameSite=Strict on the cookie is the third wall, not the only one.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from wtforms import Field, ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.form import BaseForm

LABEL = b"peluit/v1/desk-form"
TOKEN_BYTES = 32


def token(secret: bytes) -> str:
    """A fresh token of the session ``secret``: a random mask, and the session's value under it.

    The mask makes every page's token look different, so that compression of a page gives none away (BREACH).
    """
    mask = secrets.token_bytes(TOKEN_BYTES)
    return urlsafe_b64encode(mask + _xor(mask, _value(secret))).decode()


def belongs(secret: bytes, text: str) -> bool:
    """Whether ``text`` is a token of the session ``secret``."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii"))
    except ValueError:
        return False
    if len(raw) != 2 * TOKEN_BYTES:
        return False
    return hmac.compare_digest(_xor(raw[:TOKEN_BYTES], raw[TOKEN_BYTES:]), _value(secret))


class SessionCSRF(CSRF):
    """WTForms' hook: ``Meta.csrf_context`` is the session's secret, or None where nobody is signed in."""

    secret: bytes | None = None

    def setup_form(self, form: BaseForm) -> list[tuple[str, Any]]:
        self.secret = form.meta.csrf_context
        return list(super().setup_form(form))

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        return token(self.secret) if self.secret else ""

    def validate_csrf_token(self, form: BaseForm, field: Field) -> None:
        if not self.secret or not belongs(self.secret, field.data or ""):
            raise ValidationError("csrf")


def _value(secret: bytes) -> bytes:
    return hmac.digest(secret, LABEL, hashlib.sha256)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
