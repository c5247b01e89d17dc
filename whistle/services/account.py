"""An officer's own account: the password, the running sessions, the second factor. Nobody does this for another.

A change of password wraps the same vault key anew. Whoever holds an older copy of the officer's row opens it with the
older password, and the keys inside are still the officer's: see docs/threat-model.md.
"""

from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from whistle.crypto import totp, vault
from whistle.crypto.suite import Refused
from whistle.domain.passwords import fault
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.reentry import reenter
from whistle.services.refusals import Refusal
from whistle.services.unlock import SKEW, start_session
from whistle.store import accounts, officers

ISSUER = "Peluit"
OFFERED = b"offered"  # in the context of a second factor that is not yet the officer's


@dataclass(frozen=True)
class SessionLine:
    """A running session; ``here`` is the one that asks. Where it runs is not known: no address is kept."""

    id: bytes
    begun: datetime
    seen: datetime
    here: bool


@dataclass(frozen=True)
class OfferedFactor:
    """A second factor on offer. ``sealed`` goes through the page, and opens with this officer's vault alone."""

    sealed: str
    uri: str
    secret: str  # base32 in groups of four, for typing


def change_password(ctx: Context, officer: Officer, secret: bytes, old: str, new: str) -> int:
    """The vault under ``new``; all other sessions end, and how many is returned.

    ``secret`` is that of the session that stays. Raises WrongPassword, and Refusal "password" with its ``fault``, or
    "changed_meanwhile" when another change came first.
    """
    stored = reenter(ctx, officer, old)
    wrong = fault(new, officer.login, old)
    if wrong:
        raise Refusal("password", fault=wrong)
    s = ctx.settings
    costs = vault.KdfParams(s.argon2_memory_kib, s.argon2_iterations, s.argon2_lanes)
    fresh = vault.rewrap(replace(stored, params=costs), officer.vault_key, new)
    with ctx.store.write() as tx:
        if not accounts.set_vault(tx, officer.id, stored.to_bytes(), fresh.to_bytes()):
            raise Refusal("changed_meanwhile")
        ended = accounts.end_other_sessions(tx, officer.id, vault.session_id(secret))
        record(ctx, tx, officer, "password", about=officer.id)
    return ended


def sessions(ctx: Context, officer: Officer, secret: bytes) -> list[SessionLine]:
    """The officer's sessions that have not reached a limit, the newest first."""
    now, here = _now(ctx), vault.session_id(secret)
    idle = ctx.settings.idle_minutes * 60
    with ctx.store.read() as tx:
        rows = officers.sessions_of(tx, officer.id)
    return [
        SessionLine(row.id, _moment(row.created), _moment(row.seen), row.id == here)
        for row in rows
        if row.expires > now and now - row.seen <= idle and row.seen <= now + SKEW
    ]


def end_session(ctx: Context, officer: Officer, session: bytes) -> bool:
    """End one of the officer's own sessions; False when there is no such session (any more)."""
    with ctx.store.write() as tx:
        ended = accounts.end_session(tx, officer.id, session)
        if ended:
            record(ctx, tx, officer, "session-end", about=officer.id)
    return ended


def end_other_sessions(ctx: Context, officer: Officer, secret: bytes) -> int:
    """End all of the officer's sessions but that of ``secret``; how many they were."""
    with ctx.store.write() as tx:
        ended = accounts.end_other_sessions(tx, officer.id, vault.session_id(secret))
        if ended:
            record(ctx, tx, officer, "session-end", about=officer.id)
    return ended


def offer_factor(ctx: Context, officer: Officer, sealed: str = "") -> OfferedFactor:
    """A new second factor to scan, or the one that ``sealed`` holds once more; it counts when `set_factor` says so."""
    secret = _offered(officer, sealed)
    if secret is None:
        secret = totp.new_secret()
        locked = vault.lock(officer.vault_key, "totp", secret, officer.id + OFFERED)
        sealed = urlsafe_b64encode(locked).decode()
    typed = b32encode(secret).decode()
    groups = " ".join(typed[at : at + 4] for at in range(0, len(typed), 4))
    return OfferedFactor(sealed, totp.provisioning_uri(secret, officer.login, f"{ISSUER} {ctx.settings.city}"), groups)


def set_factor(ctx: Context, officer: Officer, secret: bytes, sealed: str, password: str, code: str) -> int:
    """Put the offered second factor in the place of the old one; all other sessions end, and how many is returned.

    ``code`` is one of the new app, which shows that it works. ``secret`` is that of the session that stays. Raises
    WrongPassword and Refusal "code" or "offer".
    """
    if _offered(officer, sealed) is None:
        raise Refusal("offer")
    reenter(ctx, officer, password)
    locked, step = _proved(ctx, officer, sealed, code)
    with ctx.store.write() as tx:
        accounts.set_totp(tx, officer.id, locked, step)
        ended = accounts.end_other_sessions(tx, officer.id, vault.session_id(secret))
        record(ctx, tx, officer, "second-factor", about=officer.id)
    return ended


def renew_factor(ctx: Context, officer: Officer, sealed: str, code: str) -> tuple[bytes, Officer]:
    """The same in a limited session, which ends with all others; returns the secret and officer of a full one.

    The password was asked for at the sign-in, together with a colleague's words. Raises Refusal "code" or "offer".
    """
    locked, step = _proved(ctx, officer, sealed, code)
    with ctx.store.write() as tx:
        accounts.set_totp(tx, officer.id, locked, step)
        officers.delete_sessions_of(tx, officer.id)
        secret, full = start_session(ctx, tx, officer)
        record(ctx, tx, full, "second-factor", about=officer.id)
    return secret, full


def _proved(ctx: Context, officer: Officer, sealed: str, code: str) -> tuple[bytes, int]:
    """The offered second factor as it is stored, with the step of the code that proves it. Raises Refusal."""
    offered = _offered(officer, sealed)
    if offered is None:
        raise Refusal("offer")
    try:
        step = totp.verify(offered, code, _now(ctx), 0)
    except Refused as error:
        raise Refusal("code") from error
    return vault.lock(officer.vault_key, "totp", offered, officer.id), step


def _offered(officer: Officer, sealed: str) -> bytes | None:
    try:
        locked = urlsafe_b64decode(sealed.encode("ascii"))
        return vault.unlock(officer.vault_key, "totp", locked, officer.id + OFFERED)
    except (ValueError, Refused):
        return None


def _moment(unix: int) -> datetime:
    return datetime.fromtimestamp(unix, UTC)


def _now(ctx: Context) -> int:
    return int(ctx.clock.now().timestamp())
