"""Wrong passwords slow the next try, without ever locking anybody out.

Waiting ends by itself, and tries made while waiting do not prolong it. Tries are counted for each name, and a name that
nobody has is slowed like any other; but for each browser in which the officer signed in before, and for each session,
there is a counter of its own: else whoever types a name again and again would keep its officer waiting.
"""

import hashlib

from whistle.crypto.suite import lp
from whistle.services.context import Context
from whistle.store import officers
from whistle.store.database import Tx
from whistle.store.rows import ThrottleRow

FREE_FAILURES = 3  # a mistyped password or two costs nobody a wait
LONGEST_WAIT = 30  # seconds


class TooSoon(Exception):
    """Another try that came first has to be waited for, ``seconds`` long."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too soon")
        self.seconds = seconds


def by_login(login: str) -> bytes:
    """The counter (32 B) of everybody who types this name."""
    return hashlib.sha256(b"peluit/v1/throttle" + login.encode()).digest()


def by_device(login: str, device: bytes) -> bytes:
    """The counter of one browser that this officer is known to use."""
    return hashlib.sha256(lp(b"peluit/v1/throttle-device", device, login.encode())).digest()


def by_session(session: bytes) -> bytes:
    """The counter of one running session."""
    return hashlib.sha256(lp(b"peluit/v1/throttle-session", session)).digest()


def check(tx: Tx, counter: bytes, now: int) -> None:
    """Raises TooSoon while a try is not taken."""
    throttle = officers.get_throttle(tx, counter)
    if throttle and (left := _left(throttle, now)):
        raise TooSoon(left)


def count(ctx: Context, counter: bytes, now: int) -> int:
    """Count a try before it is made, so that many at once are not all the first; the wait after it if it fails.

    Raises TooSoon when another try that came first has to be waited for. What succeeds is forgotten again.
    """
    with ctx.store.write() as tx:
        before = officers.lock_throttle(tx, counter)
        if left := _left(before, now):
            raise TooSoon(left)
        failures = before.failures + 1
        wait = 0 if failures <= FREE_FAILURES else min(2 ** (failures - FREE_FAILURES), LONGEST_WAIT)
        officers.put_throttle(tx, ThrottleRow(counter, failures, now + wait))
    return wait


def forget(tx: Tx, counter: bytes) -> None:
    """A try succeeded."""
    officers.clear_throttle(tx, counter)


def _left(throttle: ThrottleRow, now: int) -> int:
    """Seconds still to wait. More than the longest wait was never asked for: the clock was set back since."""
    left = throttle.until - now
    return left if 0 < left <= LONGEST_WAIT else 0
