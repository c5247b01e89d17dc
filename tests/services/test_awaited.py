"""Who signs in before the signature is told so, and nobody else learns anything."""

from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.services import staff
from whistle.crypto import vault
from whistle.services import suspension, unlock
from whistle.services.invitations import Person
from whistle.services.proposal import Choices
from whistle.services.setup import Credentials

RAHMA = Person("rahma", "Rahma Yuliani", "penelaah", "triase")


def tried(office: Inspectorate, who: Credentials, **other: str) -> unlock.SignInRefused:
    office.clock.advance(timedelta(seconds=61))
    typed = {"login": who.login, "password": who.password, "code": staff.code_of(office, who.totp_secret), **other}
    with pytest.raises(unlock.SignInRefused) as refused:
        unlock.sign_in(office.ctx, **typed)
    return refused.value


@pytest.mark.parametrize("person", [staff.NEWCOMER, RAHMA])
def test_with_everything_right_the_signature_is_said_to_be_awaited(office: Inspectorate, person: Person) -> None:
    staff.made(office, person)
    who = office.credentials[person.login]
    assert tried(office, who).awaited
    assert tried(office, who).wait_seconds == 0  # and it costs no wait


def test_who_took_the_password_of_before_for_the_new_keys_is_told_too(office: Inspectorate) -> None:
    # Given new keys under a password, and new ones again under the same
    staff.admitted(office, RAHMA)
    before = office.credentials["rahma"]
    staff.made(office, RAHMA)
    who = office.credentials["rahma"]
    assert who.password == before.password
    # Then the new code is told that it waits, a wrong one nothing, and the code of before comes in
    assert tried(office, who).awaited
    refused = tried(office, who, code="000000")
    assert (refused.awaited, refused.closed, refused.expired) == (False, False, False)
    office.clock.advance(timedelta(seconds=61))
    code = staff.code_of(office, before.totp_secret)
    assert unlock.sign_in(office.ctx, "rahma", before.password, code)[1].name == "Rahma Yuliani"


@pytest.mark.parametrize("person", [staff.NEWCOMER, RAHMA])
@pytest.mark.parametrize("wrong", [{"password": "bukan sandinya"}, {"code": "000000"}])
def test_with_anything_wrong_it_is_a_refusal_like_any_other(
    office: Inspectorate, person: Person, wrong: dict[str, str]
) -> None:
    staff.made(office, person)
    refused = tried(office, office.credentials[person.login], **wrong)
    assert (refused.awaited, refused.closed, refused.expired) == (False, False, False)


def test_a_try_costs_one_key_derivation_for_every_name(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    staff.made(office)
    nobody = Credentials("tidak-ada", "", "", "sandi", b"20 bytes of a secret")
    people = [office.credentials["siti"], office.credentials["yusuf"], nobody]
    old = office.credentials["rahma"]
    staff.made(office, RAHMA)
    derived: list[str] = []
    real = vault._kek

    def counted(*args: object) -> bytes:
        derived.append("once")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(vault, "_kek", counted)
    for who in (*people, office.credentials["rahma"], old):
        for password in (who.password, "bukan sandinya"):
            derived.clear()
            office.clock.advance(timedelta(seconds=61))
            code = staff.code_of(office, who.totp_secret)
            try:
                unlock.sign_in(office.ctx, who.login, password, code)
            except unlock.SignInRefused:
                pass
            assert derived == ["once"], (who.login, password)


def test_a_suspended_or_removed_officer_is_told_with_everything_right(office: Inspectorate) -> None:
    id_ = staff.admitted(office)
    who = office.credentials["siti"]
    suspension.suspend(office.ctx, office.officer("admin"), id_)
    assert tried(office, who).closed
    assert not tried(office, who, password="bukan sandinya").closed
    suspension.lift(office.ctx, office.officer("admin"), id_)
    staff.signed(office, Choices(remove=(id_,)))
    assert tried(office, who).closed
