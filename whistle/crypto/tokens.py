"""Sealed tokens for hidden form fields: the browser carries them, reads nothing in them and can change nothing.

``purpose`` says what a token is for, ``context`` what it belongs to (a session, an hour): opened with another
purpose or context it is refused. That is how tokens expire: seal with the hour as context, try this and the last.
"""

import base64
import binascii

from whistle.crypto.suite import LABELS, Refused, aead_open, aead_seal, hkdf, lp


def seal_token(key: bytes, purpose: str, payload: bytes, context: bytes = b"") -> str:
    """``payload`` sealed under ``key`` (32 bytes or more), in base64url without padding."""
    sealed = aead_seal(_key(key, purpose), payload, lp(LABELS["token-aad"], context))
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def open_token(key: bytes, purpose: str, token: str, context: bytes = b"") -> bytes:
    """The payload. Raises Refused for anything but what `seal_token` gave for the same key, purpose and context."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("the token cannot be read") from None
    if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != token:
        raise Refused("the token cannot be read")
    return aead_open(_key(key, purpose), sealed, lp(LABELS["token-aad"], context))


def _key(key: bytes, purpose: str) -> bytes:
    return hkdf(key, LABELS["token-key"], purpose.encode())
