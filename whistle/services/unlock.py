"""Sign in, come back, sign out. A session is a secret that only the browser holds.

Every attempt costs the same key derivation whether the officer exists or not, and failures slow the next attempt for
that name without ever locking it: waiting ends by itself, and attempts made while waiting do not prolong it.
"""

import hashlib
import os
from contextlib import suppress
from datetime import UTC, datetime

from whistle.casefile.canon import UNREADABLE
from whistle.casefile.keys import rewrapped
from whistle.crypto import totp, vault
from whistle.crypto.suite import Refused
from whistle.services.context import Context
from whistle.services.officer import Officer, unlocked
from whistle.services.recording import record, record_unsigned
from whistle.store import cases, officers
from whistle.store.database import Tx
from whistle.store.rows import SessionRow, ThrottleRow

FREE_FAILURES = 3  # a mistyped password or two costs nobody a wait
LONGEST_WAIT = 30  # seconds
REWRAP_BATCH = 1_000  # grants; about a tenth of a second


class SignInRefused(Exception):
    """Name, password or code is wrong, or the name has to wait ``wait_seconds`` first. Never says which."""

    def __init__(self, wait_seconds: int = 0) -> None:
        super().__init__("sign-in refused")
        self.wait_seconds = wait_seconds


class SessionEnded(Exception):
    """``reason``: "idle", "absolute" or "gone"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign_in(ctx: Context, login: str, password: str, code: str) -> tuple[bytes, Officer]:
    """Open the vault and start a session. Returns the 32-byte cookie secret. Raises SignInRefused."""
    login = login.strip().lower()
    now = _now(ctx)
    with ctx.store.read() as tx:
        row = officers.by_login(tx, login)
        throttle = officers.get_throttle(tx, _name_hash(login))
        directory = ctx.directory(tx)
    if throttle and throttle.until > now:
        raise SignInRefused(throttle.until - now)
    wait = _count_try(ctx, login, now)
    try:
        record_of = vault.VaultRecord.from_bytes(row.vault) if row else _nobody(ctx)
        vault_key = vault.open_vault(record_of, password)
        if row is None:
            raise Refused("nobody")
        step = totp.verify(vault.unlock(vault_key, "totp", row.totp, row.id), code, now, row.totp_step)
        officer = unlocked(row, directory, vault_key, _expires(ctx, now), ctx.clock.today())
        if officer is None:
            raise Refused("not admitted")
    except Refused as error:
        with ctx.store.write() as tx:
            record_unsigned(ctx, tx, "sign-in-refused", row.id if row else None)
        raise SignInRefused(wait) from error
    secret = os.urandom(32)
    with ctx.store.write() as tx:
        _use_code_once(tx, officer, step)
        officers.clear_throttle(tx, _name_hash(login))
        _start_session(ctx, tx, officer, secret, now)
        record(ctx, tx, officer, "sign-in")
    rewrap(ctx, officer)
    return secret, officer


def authenticate(ctx: Context, login: str, password: str, code: str) -> Officer:
    """The same checks without a session, for the command line. Raises SignInRefused."""
    secret, officer = sign_in(ctx, login, password, code)
    sign_out(ctx, secret)
    return officer


def resume(ctx: Context, secret: bytes) -> Officer:
    """The officer of a running session. Raises SessionEnded."""
    now = _now(ctx)
    with ctx.store.read() as tx:
        session = officers.get_session(tx, vault.session_id(secret))
        row = officers.by_id(tx, session.officer) if session else None
        directory = ctx.directory(tx)
    if session is None or row is None:
        raise SessionEnded("gone")
    idle = ctx.settings.idle_minutes * 60
    if now >= session.expires or now - session.seen > idle:
        with ctx.store.write() as tx:
            officers.delete_session(tx, session.id)
        raise SessionEnded("absolute" if now >= session.expires else "idle")
    try:
        vault_key = vault.session_unlock(secret, session.locked, row.id)
        expires = datetime.fromtimestamp(session.expires, UTC)
        officer = unlocked(row, directory, vault_key, expires, ctx.clock.today())
    except Refused as error:
        raise SessionEnded("gone") from error
    if officer is None:
        raise SessionEnded("gone")
    if now - session.seen >= 60:  # a write a minute is enough to measure minutes of idleness
        with ctx.store.write() as tx:
            officers.touch_session(tx, session.id, now)
    return officer


def rewrap(ctx: Context, officer: Officer) -> None:
    """Put grants that are still sealed by HPKE under the vault's key, in batches, so that lists open quickly.

    Only of cases of days that are over. When officers sign in stands in the audit log: which of a case's grants are
    still sealed would tell between which two of them it came in.
    """
    while True:
        with ctx.store.read() as tx:
            installation = ctx.directory(tx).installation
            sealed = cases.sealed_grants(tx, officer.id, REWRAP_BATCH, ctx.clock.today())
        fresh = []
        for grant, commitment in sealed:
            with suppress(*UNREADABLE):
                fresh.append(rewrapped(installation, grant, commitment, officer.holder))
        if not fresh:
            return
        with ctx.store.write() as tx:
            cases.rewrap_grants(tx, fresh)
        if len(sealed) < REWRAP_BATCH:
            return


def sign_out(ctx: Context, secret: bytes) -> None:
    """End the session; unknown secrets are nothing to end."""
    with ctx.store.write() as tx:
        officers.delete_session(tx, vault.session_id(secret))


def _start_session(ctx: Context, tx: Tx, officer: Officer, secret: bytes, now: int) -> None:
    locked = vault.session_lock(secret, officer.vault_key, officer.id)
    expires = int(officer.session_expires.timestamp())
    officers.insert_session(tx, SessionRow(vault.session_id(secret), officer.id, locked, now, now, expires))


def _use_code_once(tx: Tx, officer: Officer, step: int) -> None:
    """Under the write lock: of two sign-ins with the same code the second is refused."""
    if not officers.use_totp_step(tx, officer.id, step):
        raise SignInRefused


def _count_try(ctx: Context, login: str, now: int) -> int:
    """Count a try before it is made, so that many at once are not all the first; the wait after it if it fails.

    Raises SignInRefused when another try that came first has to be waited for. What succeeds is forgotten again.
    """
    name = _name_hash(login)
    with ctx.store.write() as tx:
        before = officers.lock_throttle(tx, name)
        if before.until > now:
            raise SignInRefused(before.until - now)
        failures = before.failures + 1
        wait = 0 if failures <= FREE_FAILURES else min(2 ** (failures - FREE_FAILURES), LONGEST_WAIT)
        officers.put_throttle(tx, ThrottleRow(name, failures, now + wait))
    return wait


def _nobody(ctx: Context) -> vault.VaultRecord:
    """A vault that no password opens, with the parameters that real vaults get."""
    s = ctx.settings
    params = vault.KdfParams(s.argon2_memory_kib, s.argon2_iterations, s.argon2_lanes)
    return vault.VaultRecord(params, bytes(16), bytes(60))


def _name_hash(login: str) -> bytes:
    return hashlib.sha256(b"peluit/v1/throttle" + login.encode()).digest()


def _now(ctx: Context) -> int:
    return int(ctx.clock.now().timestamp())


def _expires(ctx: Context, now: int) -> datetime:
    return datetime.fromtimestamp(now + ctx.settings.session_hours * 3600, UTC)
