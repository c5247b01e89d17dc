"""The second factor: TOTP (RFC 6238), SHA-1, six digits, 30 seconds - what every authenticator app reads.

Time is handed in as Unix seconds, an int that no time zone can shift.
"""

import hmac
import os
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from whistle.crypto.suite import Refused

SECRET: Final = 20  # bytes, as RFC 4226 recommends
DIGITS: Final = 6
STEP: Final = 30  # seconds
WINDOW: Final = 1  # steps before and after: clocks differ, fingers are slow


def new_secret() -> bytes:
    """20 random bytes."""
    return os.urandom(SECRET)


def provisioning_uri(secret: bytes, name: str, issuer: str) -> str:
    """The otpauth:// address for the officer's app."""
    return _totp(secret).get_provisioning_uri(name, issuer)


def code(secret: bytes, unix: int) -> str:
    """The six digits at ``unix``."""
    return _totp(secret).generate(int(unix)).decode()


def verify(secret: bytes, code: str, unix: int, last_step: int) -> int:
    """The step to which ``code`` belongs; store it as the next ``last_step``. Raises Refused.

    Steps up to ``last_step`` were used: a code that somebody saw being typed opens nothing again.
    """
    typed = "".join(code.split()).encode("utf-8", "surrogatepass")
    step_now = int(unix) // STEP
    matched = None
    for step in range(max(0, step_now - WINDOW), step_now + WINDOW + 1):
        if hmac.compare_digest(_totp(secret).generate(step * STEP), typed) and step > last_step:
            matched = step
    if matched is None:
        raise Refused("the code is wrong, or was used")
    return matched


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 (the standard's hash; HMAC does not need collision resistance)
