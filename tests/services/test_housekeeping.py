"""What the nightly timer does, without any key."""

import os
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from whistle.crypto import totp, vault
from whistle.services import casework, housekeeping, unlock
from whistle.services.unlock import SignInRefused
from whistle.store import attached, cases, officers
from whistle.store.errors import StoreUnavailable


def test_sessions_that_ended_and_names_that_failed_long_ago_are_forgotten(office: Inspectorate) -> None:
    with pytest.raises(SignInRefused):
        unlock.sign_in(office.ctx, "siapa-saja", "salah", "000000")
    who = office.credentials["rahma"]
    code = totp.code(who.totp_secret, int(office.clock.now().timestamp()))
    secret, _ = unlock.sign_in(office.ctx, "rahma", who.password, code)
    housekeeping.tick(office.ctx)
    unlock.resume(office.ctx, secret)
    office.clock.advance(timedelta(days=2))
    assert housekeeping.tick(office.ctx) == (
        "0 reports placed in the logs, 1 sessions ended, 1 refused names forgotten, 0 attached files kept, "
        "0 files that nothing attaches removed, tables rewritten."
    )
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


def test_a_store_of_files_that_is_away_does_not_keep_the_tables_from_being_rewritten(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object) -> None:
        raise StoreUnavailable("away")

    rewritten: list[object] = []
    monkeypatch.setattr(office.ctx.blobs, "settle", away)
    monkeypatch.setattr(housekeeping, "compact", rewritten.append)
    with pytest.raises(StoreUnavailable, match="away"):
        housekeeping.tick(office.ctx)
    assert rewritten == [office.ctx.store.engine]


def test_what_is_attached_loses_its_moment_the_next_night_and_what_is_not_waits_for_its_report(
    office: Inspectorate,
) -> None:
    blobs, today = office.ctx.blobs, office.ctx.clock.today()
    mine, nobodys = os.urandom(16), os.urandom(16)
    for id_ in (mine, nobodys):
        blobs.put(id_, today, [b"sealed"])
    with office.ctx.store.write() as tx:
        attached.keep(tx, [mine])
    found = [housekeeping.settle(office.ctx)]
    for _ in range(3):
        office.clock.advance(timedelta(days=1))
        found.append(housekeeping.settle(office.ctx))
    assert found == [(0, 0), (1, 0), (0, 0), (0, 1)]
    assert set(blobs.ids()) == {mine}
