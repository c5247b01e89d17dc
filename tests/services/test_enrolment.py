"""An invited person makes keys: once, in one request, whatever the signal does."""

import os
import threading
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.services import staff
from whistle.services import enrolment, invitations, tries
from whistle.services.enrolment import LinkGone
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.store import enrolments, officers


def enrol(office: Inspectorate, token: str, password: str = staff.PASSWORD, secret: bytes = b"") -> None:
    secret = secret or os.urandom(20)
    enrolment.enrol(office.ctx, token, password, secret, staff.code_of(office, secret))


def test_keys_are_made_and_six_words_stand_for_them(office: Inspectorate) -> None:
    token = staff.invited(office)
    enrol(office, token)
    with office.ctx.store.read() as tx:
        row = enrolments.by_login(tx, "siti")
        assert officers.by_login(tx, "siti") is None
    assert row is not None and enrolment.look(office.ctx, token).made
    words = enrolment.words_again(office.ctx, token, staff.PASSWORD)
    assert len(words) == 6
    assert words == enrolment.words_of(row)


def test_the_words_are_shown_again_to_the_password_alone(office: Inspectorate) -> None:
    token = staff.invited(office)
    with pytest.raises(LinkGone):
        enrolment.words_again(office.ctx, token, staff.PASSWORD)
    enrol(office, token)
    for _ in range(tries.FREE_FAILURES + 1):
        with pytest.raises(WrongPassword):
            enrolment.words_again(office.ctx, token, "sungai barito pagi hari")
    with pytest.raises(WrongPassword) as soon:  # tries wait, as at the sign-in
        enrolment.words_again(office.ctx, token, staff.PASSWORD)
    office.clock.advance(timedelta(seconds=soon.value.wait_seconds))
    assert len(enrolment.words_again(office.ctx, token, staff.PASSWORD)) == 6


def test_a_second_sending_makes_no_other_keys(office: Inspectorate) -> None:
    token = staff.invited(office)
    enrol(office, token)
    words = enrolment.words_again(office.ctx, token, staff.PASSWORD)
    enrol(office, token, "sandi yang lain sama sekali")
    assert enrolment.words_again(office.ctx, token, staff.PASSWORD) == words


def test_two_taps_at_once_make_keys_once(office: Inspectorate) -> None:
    token, failures = staff.invited(office), []

    def tap() -> None:
        try:
            enrol(office, token)
        except Exception as error:
            failures.append(error)

    taps = [threading.Thread(target=tap) for _ in range(4)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join()
    assert failures == []
    with office.ctx.store.read() as tx:
        assert len(enrolments.every(tx)) == 1


@pytest.mark.parametrize(
    ("password", "fault"),
    [("pendek", "short"), ("a" * 20, "simple"), ("x" * 300, "long"), ("sitisitisiti1abc", "own_name")],
)
def test_a_weak_password_is_refused_before_anything_is_made(office: Inspectorate, password: str, fault: str) -> None:
    token = staff.invited(office)
    with pytest.raises(Refusal) as caught:
        enrol(office, token, password)
    assert (caught.value.code, caught.value.values["fault"]) == ("password", fault)
    assert not enrolment.look(office.ctx, token).made


def test_a_code_of_another_secret_is_refused(office: Inspectorate) -> None:
    token = staff.invited(office)
    with pytest.raises(Refusal, match="code"):
        code = staff.code_of(office, b"other secret" + bytes(8))
        enrolment.enrol(office.ctx, token, staff.PASSWORD, b"20 bytes of a secret", code)
    assert not enrolment.look(office.ctx, token).made


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\ud800", "é" * 500])
def test_an_unknown_link_opens_nothing(office: Inspectorate, token: str) -> None:
    with pytest.raises(LinkGone):
        enrolment.look(office.ctx, token)
    with pytest.raises(LinkGone):
        enrol(office, token)


def test_a_link_withdrawn_while_the_keys_are_made_makes_none(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, admin = staff.invited(office), office.officer("admin")
    real = enrolment._made

    def slowly(*args: object) -> object:
        (waiting,) = invitations.waiting(office.ctx, admin)
        invitations.withdraw(office.ctx, admin, waiting.officer)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(enrolment, "_made", slowly)
    with pytest.raises(LinkGone):
        enrol(office, token)
    with office.ctx.store.read() as tx:
        assert enrolments.every(tx) == []
