"""Signing in: what it costs, what slows it, how long it lasts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from whistle.crypto import totp, vault
from whistle.services import tries, unlock
from whistle.services.context import Context
from whistle.services.unlock import SessionEnded, SignInRefused
from whistle.store import audit, officers

WRONG = "bukan kata sandinya"


def code(office: Inspectorate, login: str) -> str:
    return totp.code(office.credentials[login].totp_secret, int(office.clock.now().timestamp()))


def sign_in(office: Inspectorate, login: str = "rahma", password: str = "", digits: str = "") -> bytes:
    who = office.credentials[login]
    return unlock.sign_in(office.ctx, login, password or who.password, digits or code(office, login))[0]


def refused(office: Inspectorate, login: str, password: str = WRONG) -> int:
    with pytest.raises(SignInRefused) as caught:
        unlock.sign_in(office.ctx, login, password, "000000")
    return caught.value.wait_seconds


def test_an_officer_signs_in_and_comes_back_with_the_secret(office: Inspectorate) -> None:
    officer = unlock.resume(office.ctx, sign_in(office))
    assert (officer.name, officer.role, officer.unit) == ("Rahma Yuliani", "penelaah", "triase")
    assert officer.may("case.triage")
    assert not officer.may("case.approve")


def test_the_login_may_be_typed_in_capitals(office: Inspectorate) -> None:
    unlock.sign_in(office.ctx, " RAHMA ", office.credentials["rahma"].password, code(office, "rahma"))


@pytest.mark.parametrize("login", ["rahma", "tidak-ada"])
def test_an_attempt_costs_one_key_derivation_whoever_it_names(
    office: Inspectorate, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[vault.KdfParams] = []
    real = vault._kek

    def counted(password: str, params: vault.KdfParams, salt: bytes) -> bytes:
        calls.append(params)
        return real(password, params, salt)

    monkeypatch.setattr(vault, "_kek", counted)
    refused(office, login)
    assert calls == [vault.KdfParams(office.ctx.settings.argon2_memory_kib, 1, 1)]


def test_a_wrong_code_and_a_wrong_password_are_refused_alike(office: Inspectorate) -> None:
    with pytest.raises(SignInRefused) as wrong_code:
        sign_in(office, digits="000000")
    with pytest.raises(SignInRefused) as wrong_password:
        sign_in(office, password=WRONG)
    assert str(wrong_code.value) == str(wrong_password.value)


def test_a_code_is_used_once(office: Inspectorate) -> None:
    digits = code(office, "rahma")
    sign_in(office, digits=digits)
    with pytest.raises(SignInRefused):
        sign_in(office, digits=digits)
    office.clock.advance(timedelta(seconds=30))
    sign_in(office)


@pytest.mark.parametrize("login", ["rahma", "tidak-ada"])
def test_failures_slow_the_next_try_but_never_lock_out(office: Inspectorate, login: str) -> None:
    waits = []
    for _ in range(12):
        wait = refused(office, login)
        waits.append(wait)
        office.clock.advance(timedelta(seconds=wait))
    assert waits[:3] == [0, 0, 0]
    assert waits == sorted(waits)
    assert waits[-1] == tries.LONGEST_WAIT
    if login in office.credentials:
        sign_in(office)
        assert refused(office, login) == 0


def test_trying_while_waiting_does_not_prolong_the_wait(office: Inspectorate) -> None:
    for _ in range(4):
        wait = refused(office, "rahma")
    assert wait > 1
    office.clock.advance(timedelta(seconds=1))
    assert refused(office, "rahma") == wait - 1
    office.clock.advance(timedelta(seconds=wait - 1))
    sign_in(office)


def test_a_session_ends_when_idle(office: Inspectorate) -> None:
    secret = sign_in(office)
    office.clock.advance(timedelta(minutes=office.ctx.settings.idle_minutes, seconds=1))
    with pytest.raises(SessionEnded, match="idle"):
        unlock.resume(office.ctx, secret)


def test_a_busy_session_ends_at_its_absolute_limit(office: Inspectorate) -> None:
    secret = sign_in(office)
    for _ in range(office.ctx.settings.session_hours * 6 - 1):
        office.clock.advance(timedelta(minutes=10))
        unlock.resume(office.ctx, secret)
    office.clock.advance(timedelta(minutes=10))
    with pytest.raises(SessionEnded, match="absolute"):
        unlock.resume(office.ctx, secret)


def test_a_session_ends_when_signed_out(office: Inspectorate) -> None:
    secret = sign_in(office)
    unlock.sign_out(office.ctx, secret)
    with pytest.raises(SessionEnded, match="gone"):
        unlock.resume(office.ctx, secret)


def test_another_process_serves_the_session(office: Inspectorate) -> None:
    secret = sign_in(office)
    other = Context(office.ctx.store, office.ctx.trust, office.ctx.clock, office.ctx.settings)
    assert unlock.resume(other, secret).login == "rahma"


def test_the_database_holds_nothing_that_opens_a_session(office: Inspectorate) -> None:
    secret = sign_in(office)
    vault_key = unlock.resume(office.ctx, secret).vault_key
    with database(office) as copy:
        rows = copy.execute("SELECT * FROM session").fetchall()
    stored = b"".join(bytes(part) for row in rows for part in row if isinstance(part, (bytes, memoryview)))
    assert len(stored) > 60
    assert secret not in stored
    assert vault_key not in stored


def test_a_suspended_officer_and_an_officer_outside_the_manifest_stay_out(office: Inspectorate) -> None:
    secret = sign_in(office, "yusuf")
    with office.ctx.store.write() as tx:
        row = officers.by_login(tx, "yusuf")
        assert row is not None
        officers.update_officer(tx, replace(row, status="suspended"))
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, secret)
    office.clock.advance(timedelta(minutes=1))
    with pytest.raises(SignInRefused):
        sign_in(office, "yusuf")


def test_a_role_changed_in_the_database_alone_changes_nothing(office: Inspectorate) -> None:
    with office.ctx.store.write() as tx:
        row = officers.by_login(tx, "rahma")
        assert row is not None
        officers.update_officer(tx, replace(row, role="pimpinan", unit="pimpinan"))
    officer = unlock.resume(office.ctx, sign_in(office))
    assert (officer.role, officer.unit) == ("penelaah", "triase")


def test_signing_in_and_being_refused_are_in_the_audit_log(office: Inspectorate) -> None:
    sign_in(office)
    refused(office, "yusuf")
    with office.ctx.store.read() as tx:
        newest = audit.page(tx, 2)
    assert [row.action for row in newest] == ["sign-in-refused", "sign-in"]
    assert [bool(row.signature) for row in newest] == [False, True]
