"""The own account: a change of password, sessions, a new second factor; and what each of them ends."""

from base64 import b32decode, urlsafe_b64encode
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from whistle.crypto import totp, vault
from whistle.crypto.suite import Refused
from whistle.services import account, tries, unlock
from whistle.services.officer import Officer
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.services.unlock import SessionEnded, SignInRefused
from whistle.store import audit, officers

NEW = "kayuh baimbai di sungai"


def seat(office: Inspectorate, login: str = "rahma", password: str = "") -> tuple[bytes, Officer]:
    """Sign in; the clock moves on, since each code is good for one sign-in."""
    office.clock.advance(timedelta(seconds=31))
    who = office.credentials[login]
    code = totp.code(who.totp_secret, now(office))
    return unlock.sign_in(office.ctx, login, password or who.password, code)


def now(office: Inspectorate) -> int:
    return int(office.clock.now().timestamp())


def actions(office: Inspectorate, number: int) -> list[tuple[str, bool]]:
    with office.ctx.store.read() as tx:
        return [(row.action, bool(row.signature)) for row in audit.page(tx, number)]


def test_a_new_password_opens_the_same_keys_and_ends_the_other_sessions(office: Inspectorate) -> None:
    other, _ = seat(office)
    here, officer = seat(office)
    # When the password is changed
    assert account.change_password(office.ctx, officer, here, office.credentials["rahma"].password, NEW) == 1
    # Then this session goes on, the other is over, and only the new password signs in
    assert unlock.resume(office.ctx, here).sign_seed == officer.sign_seed
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, other)
    with pytest.raises(SignInRefused):
        seat(office)
    _, again = seat(office, password=NEW)
    assert (again.hpke_seed, again.sign_seed) == (officer.hpke_seed, officer.sign_seed)


def test_a_change_of_password_is_in_the_audit_log(office: Inspectorate) -> None:
    secret, officer = seat(office)
    account.change_password(office.ctx, officer, secret, office.credentials["rahma"].password, NEW)
    assert actions(office, 1) == [("password", True)]


def test_a_wrong_old_password_changes_nothing_and_is_recorded(office: Inspectorate) -> None:
    secret, officer = seat(office)
    with pytest.raises(WrongPassword):
        account.change_password(office.ctx, officer, secret, "bukan kata sandinya", NEW)
    assert actions(office, 1) == [("password-refused", True)]
    seat(office)


@pytest.mark.parametrize(("new", "fault"), [("pendek", "short"), ("", "short"), ("rahma" * 4, "simple")])
def test_a_poor_password_is_refused_with_its_reason(office: Inspectorate, new: str, fault: str) -> None:
    secret, officer = seat(office)
    with pytest.raises(Refusal) as refused:
        account.change_password(office.ctx, officer, secret, office.credentials["rahma"].password, new)
    assert refused.value.values == {"fault": fault}


def test_the_old_password_again_is_no_change(office: Inspectorate) -> None:
    secret, officer = seat(office)
    old = office.credentials["rahma"].password
    with pytest.raises(Refusal) as refused:
        account.change_password(office.ctx, officer, secret, old, old)
    assert refused.value.values == {"fault": "same"}


def test_guessing_at_an_open_desk_is_slowed_like_at_the_sign_in(office: Inspectorate) -> None:
    secret, _ = seat(office)
    officer = unlock.resume(office.ctx, secret)
    for _ in range(tries.FREE_FAILURES + 1):
        with pytest.raises(WrongPassword) as wrong:
            account.change_password(office.ctx, officer, secret, "bukan kata sandinya", NEW)
    assert wrong.value.wait_seconds > 0
    # Then even the right one has to wait
    with pytest.raises(WrongPassword):
        account.change_password(office.ctx, officer, secret, office.credentials["rahma"].password, NEW)
    # and whoever types the name somewhere else makes nobody wait here
    office.clock.advance(timedelta(seconds=wrong.value.wait_seconds))
    for _ in range(tries.FREE_FAILURES + 1):
        with pytest.raises(SignInRefused):
            unlock.sign_in(office.ctx, "rahma", "salah", "000000")
    account.change_password(office.ctx, officer, secret, office.credentials["rahma"].password, NEW)


def test_a_copy_of_the_vault_from_before_still_opens_with_the_old_password(office: Inspectorate) -> None:
    # Nothing can call back a copy: docs/threat-model.md says so, and no page promises otherwise.
    secret, officer = seat(office)
    with office.ctx.store.read() as tx:
        copy = officers.by_id(tx, officer.id)
    assert copy is not None
    account.change_password(office.ctx, officer, secret, office.credentials["rahma"].password, NEW)
    stored = vault.VaultRecord.from_bytes(copy.vault)
    assert vault.open_vault(stored, office.credentials["rahma"].password) == officer.vault_key
    with office.ctx.store.read() as tx:
        fresh = officers.by_id(tx, officer.id)
    assert fresh is not None
    with pytest.raises(Refused):
        vault.open_vault(vault.VaultRecord.from_bytes(fresh.vault), office.credentials["rahma"].password)


def test_of_two_changes_at_once_one_wins(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, officer = seat(office)
    old = office.credentials["rahma"].password
    real = account.vault.rewrap

    def meanwhile(*args: object) -> vault.VaultRecord:
        monkeypatch.setattr(account.vault, "rewrap", real)
        account.change_password(office.ctx, officer, secret, old, NEW)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(account.vault, "rewrap", meanwhile)
    with pytest.raises(Refusal) as refused:
        account.change_password(office.ctx, officer, secret, old, "kata sandi yang kedua")
    assert refused.value.code == "changed_meanwhile"
    seat(office, password=NEW)


def test_a_sign_in_that_saw_the_old_password_finds_it_changed(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, officer = seat(office)
    old = office.credentials["rahma"].password
    real = unlock.totp.verify

    def meanwhile(*args: object) -> int:
        monkeypatch.setattr(unlock.totp, "verify", real)
        account.change_password(office.ctx, officer, secret, old, NEW)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(unlock.totp, "verify", meanwhile)
    with pytest.raises(SignInRefused):
        seat(office)
    assert len(account.sessions(office.ctx, officer, secret)) == 1


def test_sessions_are_listed_with_their_times_and_which_one_asks(office: Inspectorate) -> None:
    first, _ = seat(office)
    begun = office.clock.now()
    office.clock.advance(timedelta(minutes=2))
    second, officer = seat(office)
    office.clock.advance(timedelta(minutes=2))
    unlock.resume(office.ctx, first)
    lines = account.sessions(office.ctx, officer, second)
    assert [line.here for line in lines] == [True, False]
    assert (lines[1].begun, lines[1].seen) == (begun, office.clock.now())


def test_a_session_that_reached_a_limit_is_not_listed(office: Inspectorate) -> None:
    seat(office)
    office.clock.advance(timedelta(minutes=office.ctx.settings.idle_minutes + 1))
    secret, officer = seat(office)
    assert len(account.sessions(office.ctx, officer, secret)) == 1


def test_one_session_is_ended_or_all_others(office: Inspectorate) -> None:
    one, _ = seat(office)
    two, _ = seat(office)
    here, officer = seat(office)
    assert account.end_session(office.ctx, officer, vault.session_id(one))
    assert not account.end_session(office.ctx, officer, vault.session_id(one))
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, one)
    unlock.resume(office.ctx, two)
    assert account.end_other_sessions(office.ctx, officer, here) == 1
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, two)
    unlock.resume(office.ctx, here)
    assert actions(office, 2) == [("session-end", True)] * 2


def test_nobody_ends_a_colleagues_session(office: Inspectorate) -> None:
    theirs, _ = seat(office, "yusuf")
    here, officer = seat(office)
    assert not account.end_session(office.ctx, officer, vault.session_id(theirs))
    assert account.end_other_sessions(office.ctx, officer, here) == 0
    unlock.resume(office.ctx, theirs)


def offered(office: Inspectorate, officer: Officer) -> tuple[account.OfferedFactor, bytes]:
    offer = account.offer_factor(office.ctx, officer)
    return offer, b32decode(offer.secret.replace(" ", ""))


def test_a_new_second_factor_takes_the_place_of_the_old_one(office: Inspectorate) -> None:
    other, _ = seat(office)
    here, officer = seat(office)
    offer, secret = offered(office, officer)
    password, code = office.credentials["rahma"].password, totp.code(secret, now(office))
    assert account.set_factor(office.ctx, officer, here, offer.sealed, password, code) == 1
    assert actions(office, 1) == [("second-factor", True)]
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, other)
    # Then the old app's codes open nothing, the new app's do, and the code that proved it is used up
    with pytest.raises(SignInRefused):
        seat(office)
    with pytest.raises(SignInRefused):
        unlock.sign_in(office.ctx, "rahma", password, code)
    office.clock.advance(timedelta(seconds=31))
    unlock.sign_in(office.ctx, "rahma", password, totp.code(secret, now(office)))


def test_a_new_second_factor_needs_its_own_code_and_the_password(office: Inspectorate) -> None:
    here, officer = seat(office)
    offer, secret = offered(office, officer)
    right, password = totp.code(secret, now(office)), office.credentials["rahma"].password
    old = totp.code(office.credentials["rahma"].totp_secret, now(office) + 60)
    with pytest.raises(Refusal, match="code"):
        account.set_factor(office.ctx, officer, here, offer.sealed, password, old)
    with pytest.raises(WrongPassword):
        account.set_factor(office.ctx, officer, here, offer.sealed, "bukan kata sandinya", right)
    seat(office)


def test_an_offer_is_for_one_officer_and_cannot_be_made_up(office: Inspectorate) -> None:
    _, rahma = seat(office)
    here, yusuf = seat(office, "yusuf")
    offer, secret = offered(office, rahma)
    code = totp.code(secret, now(office))
    with office.ctx.store.read() as tx:
        row = officers.by_id(tx, yusuf.id)
    assert row is not None
    for sealed in (offer.sealed, "", "ü", "AAAA", urlsafe_b64encode(row.totp).decode()):
        with pytest.raises(Refusal, match="offer"):
            account.set_factor(office.ctx, yusuf, here, sealed, office.credentials["yusuf"].password, code)


def test_an_offer_comes_back_unchanged_after_a_mistake(office: Inspectorate) -> None:
    _, officer = seat(office)
    offer = account.offer_factor(office.ctx, officer)
    assert account.offer_factor(office.ctx, officer, offer.sealed) == offer
    assert account.offer_factor(office.ctx, officer, "nonsense").secret != offer.secret
