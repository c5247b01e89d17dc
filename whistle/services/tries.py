"""Wrong passwords slow the next try for that name, without ever locking it.

Waiting ends by itself, and tries made while waiting do not prolong it. A name that nobody has is slowed like any other.
"""

import hashlib

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


def check(tx: Tx, login: str, now: int) -> None:
    """Raises TooSoon while a try for this name is not taken."""
    throttle = officers.get_throttle(tx, _name_hash(login))
    if throttle and (left := _left(throttle, now)):
        raise TooSoon(left)


def count(ctx: Context, login: str, now: int) -> int:
    """Count a try before it is made, so that many at once are not all the first; the wait after it if it fails.

    Raises TooSoon when another try that came first has to be waited for. What succeeds is forgotten again.
    """
    name = _name_hash(login)
    with ctx.store.write() as tx:
        before = officers.lock_throttle(tx, name)
        if left := _left(before, now):
            raise TooSoon(left)
        failures = before.failures + 1
        wait = 0 if failures <= FREE_FAILURES else min(2 ** (failures - FREE_FAILURES), LONGEST_WAIT)
        officers.put_throttle(tx, ThrottleRow(name, failures, now + wait))
    return wait


def forget(tx: Tx, login: str) -> None:
    """A try succeeded."""
    officers.clear_throttle(tx, _name_hash(login))


def _left(throttle: ThrottleRow, now: int) -> int:
    """Seconds still to wait. More than the longest wait was never asked for: the clock was set back since."""
    left = throttle.until - now
    return left if 0 < left <= LONGEST_WAIT else 0


def _name_hash(login: str) -> bytes:
    return hashlib.sha256(b"peluit/v1/throttle" + login.encode()).digest()
