"""What a password of an officer must be. Length decides: rules on signs make passwords shorter and no better.

With a copy of the database the password alone stands before an officer's keys, so the least length is that for a
password without a second factor. Source: NIST SP 800-63B-4 (2025), section 3.1.1.
"""

from typing import Literal

from whistle.domain.composed import nfc

LEAST = 15  # characters
MOST = 256
FEWEST_SIGNS = 5  # different ones

Fault = Literal["short", "long", "same", "simple", "own_name"]


def fault(new: str, login: str, old: str | None = None) -> Fault | None:
    """What is wrong with ``new`` for the officer ``login``; None when nothing is.

    "same": it is the ``old`` one. "simple": a few signs over and over. "own_name": little but the login.
    """
    new = nfc(new)
    if old is not None and new == nfc(old):
        return "same"
    if len(new) < LEAST:
        return "short"
    if len(new) > MOST:
        return "long"
    if len(set(new)) < FEWEST_SIGNS:
        return "simple"
    if login and len(new.casefold().replace(login.casefold(), "")) < FEWEST_SIGNS:
        return "own_name"
    return None
