"""Sign in, come back, sign out. A session is a secret that only the browser holds.

Every attempt costs the same key derivation whether the officer exists or not, and failures slow the next attempt for
that name without ever locking it: waiting ends by itself, and attempts made while waiting do not prolong it.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from whistle.casefile.manifest import Directory
from whistle.crypto import totp, vault
from whistle.crypto.suite import Refused
from whistle.services import devices, tries
from whistle.services.context import Context
from whistle.services.officer import Officer, admitted, unlocked
from whistle.services.recording import record, record_unsigned
from whistle.store import accounts, enrolments, officers
from whistle.store.database import Tx
from whistle.store.rows import EnrolmentRow, OfficerRow, SessionRow, as_officer

LIMITED = b"limited"  # in what locks the key of a session that may only set up a new second factor
LIMITED_SECONDS = 30 * 60
SKEW = 120  # seconds that the clocks of two machines, or of one before and after it was set right, may differ


class SignInRefused(Exception):
    """Name, password or code is wrong, or the name has to wait ``wait_seconds`` first. Never says which.

    ``expired``: all three were right, but a colleague's code came too late. ``awaited``: all three were right, and the
    signature that admits the new keys is still to come. ``closed``: all three were right, but the officer is suspended
    or was taken out of the manifest. ``unchecked``: nothing was looked at, as the wait is not over yet; so
    it is for a name that nobody has.
    """

    def __init__(
        self,
        wait_seconds: int = 0,
        expired: bool = False,
        awaited: bool = False,
        closed: bool = False,
        unchecked: bool = False,
    ) -> None:
        super().__init__("sign-in refused")
        self.wait_seconds = wait_seconds
        self.expired = expired
        self.awaited = awaited
        self.closed = closed
        self.unchecked = unchecked


class SessionEnded(Exception):
    """``reason``: "idle", "absolute" or "gone"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign_in(ctx: Context, login: str, password: str, code: str, device: str = "") -> tuple[bytes, Officer]:
    """Open the vault and start a session. Returns the 32-byte cookie secret. Raises SignInRefused.

    ``device``: what `devices.fresh` once gave this browser.
    """
    return enter(ctx, login, password, lambda opened: _by_app(opened, code), device)


@dataclass(frozen=True)
class Opened:
    """A vault that its password opened, before the second factor was looked at. ``now`` in Unix seconds."""

    row: OfficerRow
    vault_key: bytes = field(repr=False)
    directory: Directory
    now: int


@dataclass(frozen=True)
class Second:
    """A second factor that holds. ``use`` uses it up under the write lock; False when another sign-in was first.

    ``limited``: the session may do nothing but set up a new second factor.
    """

    use: Callable[[Tx], bool]
    action: str = "sign-in"
    limited: bool = False


class Expired(Refused):
    """Right, but too late. Only who knows name, password and code is told."""


class _Awaited(Refused):
    """Right, but of keys that no signature admits yet."""


class _Closed(Refused):
    """Right, but of an officer who may not come in (any more)."""


def enter(
    ctx: Context, login: str, password: str, second: Callable[[Opened], Second], device: str = ""
) -> tuple[bytes, Officer]:
    """Sign in with any second factor; ``second`` raises Refused when it does not hold. Raises SignInRefused."""
    login = login.strip().lower()
    now, browser = _now(ctx), devices.known(ctx, login, device)
    counter = tries.by_device(login, browser) if browser else tries.by_login(login)
    with ctx.store.read() as tx:
        row, made = officers.by_login(tx, login), enrolments.by_login(tx, login)
        _check_wait(tx, counter, now)
        directory = ctx.directory(tx)
    wait = _count_try(ctx, counter, now)
    try:
        records = [vault.VaultRecord.from_bytes(one.vault) for one in (row, made) if one] or [_nobody(ctx)]
        which, vault_key = vault.open_first(records, password)
        if row is None or which > 0:
            _check_awaited(made, vault_key, directory, now, second)
            raise Refused("nobody")
        factor = _proven(Opened(row, vault_key, directory, now), second, made, password)
        expires = _expires(ctx, now, factor.limited)
        officer = unlocked(row, directory, vault_key, expires, ctx.clock.today(), factor.limited)
        if officer is None:
            raise _Closed("not admitted")
    except Refused as error:
        awaited, closed = isinstance(error, _Awaited), isinstance(error, _Closed)
        with ctx.store.write() as tx:
            if awaited or closed:
                tries.forget(tx, counter)
            record_unsigned(ctx, tx, "sign-in-refused", row.id if row else None)
        raise SignInRefused(
            0 if awaited or closed else wait, isinstance(error, Expired), awaited=awaited, closed=closed
        ) from error
    secret = os.urandom(32)
    with ctx.store.write() as tx:
        # Of two sign-ins with the same code the second is refused; so is one whose password was changed meanwhile.
        if not factor.use(tx) or accounts.vault_of(tx, officer.id) != row.vault:
            raise SignInRefused
        tries.forget(tx, counter)
        _start_session(tx, officer, secret, now)
        record(ctx, tx, officer, factor.action, about=officer.id if factor.limited else None)
    return secret, officer


def _proven(opened: Opened, second: Callable[[Opened], Second], made: EnrolmentRow | None, password: str) -> Second:
    """The second factor. Raises Refused, and _Awaited for who took the same password for new keys and has their code.

    Only who knows the password waits for one more key derivation.
    """
    try:
        return second(opened)
    except Refused as refused:
        if made is None:
            raise
        try:
            _, vault_key = vault.open_first([vault.VaultRecord.from_bytes(made.vault)], password)
            _check_awaited(made, vault_key, opened.directory, opened.now, second)
        except _Awaited:
            raise
        except Refused:
            pass  # what was wrong with the present one counts
        raise refused


def _check_awaited(
    made: EnrolmentRow | None, vault_key: bytes, directory: Directory, now: int, second: Callable[[Opened], Second]
) -> None:
    """Raises _Awaited when the second factor holds too: nobody else learns that there is such a name."""
    if made is not None:
        second(Opened(as_officer(made), vault_key, directory, now))
        raise _Awaited("not admitted yet")


def _by_app(opened: Opened, code: str) -> Second:
    secret = vault.unlock(opened.vault_key, "totp", opened.row.totp, opened.row.id)
    step = totp.verify(secret, code, opened.now, opened.row.totp_step)
    return Second(lambda tx: officers.use_totp_step(tx, opened.row.id, step))


def authenticate(ctx: Context, login: str, password: str, code: str) -> Officer:
    """The same checks without a session, for the command line. Raises SignInRefused."""
    secret, officer = sign_in(ctx, login, password, code)
    sign_out(ctx, secret)
    return officer


def resume(ctx: Context, secret: bytes) -> Officer:
    """The officer of a running session. Raises SessionEnded, and forgets what was decrypted for it."""
    try:
        return _resumed(ctx, secret)
    except SessionEnded:
        ctx.kept.drop(vault.session_id(secret))
        raise


def _resumed(ctx: Context, secret: bytes) -> Officer:
    now = _now(ctx)
    with ctx.store.read() as tx:
        session = officers.get_session(tx, vault.session_id(secret))
        row = officers.by_id(tx, session.officer) if session else None
        directory = ctx.directory(tx)
    if session is None or row is None:
        raise SessionEnded("gone")
    ended = _ended(ctx, session, now)
    if ended:
        with ctx.store.write() as tx:
            officers.delete_session(tx, session.id)
        raise SessionEnded(ended)
    try:
        vault_key, limited = _session_key(secret, session)
        expires = datetime.fromtimestamp(session.expires, UTC)
        officer = unlocked(row, directory, vault_key, expires, ctx.clock.today(), limited)
    except Refused as error:
        raise SessionEnded("gone") from error
    if officer is None:
        raise SessionEnded("gone")
    if now - session.seen >= 60:  # a write a minute is enough to measure minutes of idleness
        with ctx.store.write() as tx:
            officers.touch_session(tx, session.id, now)
    return replace(officer, session=session.id)


def _ended(ctx: Context, session: SessionRow, now: int) -> str:
    """Why a session is over, "" while it is not. Used in the future it is: the clock was set back since."""
    if session.seen > now + SKEW:
        return "gone"
    if now >= session.expires:
        return "absolute"
    return "idle" if now - session.seen > ctx.settings.idle_minutes * 60 else ""


def still_runs(ctx: Context, session_id: bytes) -> bool:
    """Whether a session has not ended, by itself or with its officer, whichever worker it ended in."""
    with ctx.store.read() as tx:
        session = officers.get_session(tx, session_id)
        row = officers.by_id(tx, session.officer) if session else None
        directory = ctx.directory(tx)
    if session is None or row is None or not admitted(row, directory):
        return False
    return not _ended(ctx, session, _now(ctx))


def sign_out(ctx: Context, secret: bytes) -> None:
    """End the session; unknown secrets are nothing to end."""
    ctx.kept.drop(vault.session_id(secret))
    with ctx.store.write() as tx:
        officers.delete_session(tx, vault.session_id(secret))


def start_session(ctx: Context, tx: Tx, officer: Officer) -> tuple[bytes, Officer]:
    """A session that may do all that its officer may, for one who had to set up a second factor first."""
    secret, now = os.urandom(32), _now(ctx)
    full = replace(officer, session_expires=_expires(ctx, now, False), limited=False)
    _start_session(tx, full, secret, now)
    return secret, full


def _start_session(tx: Tx, officer: Officer, secret: bytes, now: int) -> None:
    """What a session may do is bound to how its key is locked: whoever writes to the table makes it no more."""
    locked = vault.session_lock(secret, officer.vault_key, officer.id + (LIMITED if officer.limited else b""))
    expires = int(officer.session_expires.timestamp())
    officers.insert_session(tx, SessionRow(vault.session_id(secret), officer.id, locked, now, now, expires))


def _session_key(secret: bytes, session: SessionRow) -> tuple[bytes, bool]:
    """The vault key, and whether the session is limited. Raises Refused."""
    with suppress(Refused):
        return vault.session_unlock(secret, session.locked, session.officer), False
    return vault.session_unlock(secret, session.locked, session.officer + LIMITED), True


def _check_wait(tx: Tx, counter: bytes, now: int) -> None:
    try:
        tries.check(tx, counter, now)
    except tries.TooSoon as soon:
        raise SignInRefused(soon.seconds, unchecked=True) from soon


def _count_try(ctx: Context, counter: bytes, now: int) -> int:
    try:
        return tries.count(ctx, counter, now)
    except tries.TooSoon as soon:
        raise SignInRefused(soon.seconds, unchecked=True) from soon


def _nobody(ctx: Context) -> vault.VaultRecord:
    """A vault that no password opens, with the parameters that real vaults get."""
    s = ctx.settings
    params = vault.KdfParams(s.argon2_memory_kib, s.argon2_iterations, s.argon2_lanes)
    return vault.VaultRecord(params, bytes(16), bytes(60))


def _now(ctx: Context) -> int:
    return int(ctx.clock.now().timestamp())


def _expires(ctx: Context, now: int, limited: bool) -> datetime:
    longest = ctx.settings.session_hours * 3600
    return datetime.fromtimestamp(now + (min(longest, LIMITED_SECONDS) if limited else longest), UTC)
