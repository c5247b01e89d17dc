"""What the nightly timer does, without any key."""

from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from whistle.crypto import totp, vault
from whistle.services import casework, housekeeping, unlock
from whistle.services.unlock import SignInRefused
from whistle.store import cases, officers


def test_sessions_that_ended_and_names_that_failed_long_ago_are_forgotten(office: Inspectorate) -> None:
    with pytest.raises(SignInRefused):
        unlock.sign_in(office.ctx, "siapa-saja", "salah", "000000")
    who = office.credentials["rahma"]
    code = totp.code(who.totp_secret, int(office.clock.now().timestamp()))
    secret, _ = unlock.sign_in(office.ctx, "rahma", who.password, code)
    housekeeping.tick(office.ctx)
    unlock.resume(office.ctx, secret)
    office.clock.advance(timedelta(days=2))
    assert housekeeping.tick(office.ctx) == "1 sessions ended, 1 refused names forgotten, tables rewritten."
    with office.ctx.store.read() as tx:
        assert officers.get_session(tx, vault.session_id(secret)) is None


def test_nothing_of_a_case_is_closed_or_deleted(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    office.clock.advance(timedelta(days=400))
    with office.ctx.store.read() as tx:
        before = (cases.get_case(tx, case), cases.entries(tx, case), cases.count_leaves(tx))
    housekeeping.tick(office.ctx)
    with office.ctx.store.read() as tx:
        assert (cases.get_case(tx, case), cases.entries(tx, case), cases.count_leaves(tx)) == before
    assert casework.open_case(office.ctx, office.officer("rahma"), case).summary is not None
