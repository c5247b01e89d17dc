import os
from dataclasses import replace

import pytest

from tests.store.making import a_manifest, an_officer
from whistle.store import officers
from whistle.store.database import Conflict, Duplicate, Store
from whistle.store.rows import SessionRow, ThrottleRow


def a_session(officer: bytes, created: int = 1000, expires: int = 9000) -> SessionRow:
    return SessionRow(os.urandom(32), officer, os.urandom(92), created, created, expires)


def test_an_officer_comes_back_by_login_and_id(store: Store) -> None:
    rahma, agus = an_officer("rahma"), replace(an_officer("agus"), root=b"root")
    with store.write() as tx:
        officers.insert_officer(tx, rahma)
        officers.insert_officer(tx, agus)
    with store.read() as tx:
        assert officers.by_login(tx, "rahma") == officers.by_id(tx, rahma.id) == rahma
        assert officers.by_login(tx, "nobody") is None
        assert officers.by_id(tx, os.urandom(16)) is None
        assert officers.all_officers(tx) == [agus, rahma]


def test_a_login_is_taken_once(store: Store) -> None:
    with store.write() as tx:
        officers.insert_officer(tx, an_officer())
    with pytest.raises(Duplicate) as taken, store.write() as tx:
        officers.insert_officer(tx, an_officer())
    assert taken.value.columns == ("login",)


def test_an_officer_is_updated_as_a_whole(store: Store) -> None:
    before = an_officer()
    after = replace(an_officer("rahmawati"), id=before.id, status="suspended", totp_step=7)
    with store.write() as tx:
        officers.insert_officer(tx, before)
        officers.update_officer(tx, after)
    with store.read() as tx:
        assert officers.by_id(tx, before.id) == after
    with pytest.raises(Conflict), store.write() as tx:
        officers.update_officer(tx, an_officer())


def test_a_step_of_a_one_time_code_is_used_once(store: Store) -> None:
    officer = an_officer()
    with store.write() as tx:
        officers.insert_officer(tx, officer)
        assert officers.use_totp_step(tx, officer.id, 100)
        assert not officers.use_totp_step(tx, officer.id, 100)
        assert not officers.use_totp_step(tx, officer.id, 99)
        assert officers.use_totp_step(tx, officer.id, 101)
        assert not officers.use_totp_step(tx, os.urandom(16), 1)


def test_sessions_are_kept_touched_listed_and_ended(store: Store) -> None:
    officer, other = an_officer("rahma"), an_officer("agus")
    with store.write() as tx:
        officers.insert_officer(tx, officer)
        officers.insert_officer(tx, other)
        old, new, others = a_session(officer.id), a_session(officer.id, 2000), a_session(other.id)
        for session in (old, new, others):
            officers.insert_session(tx, session)
        officers.touch_session(tx, old.id, 1500)
        officers.touch_session(tx, old.id, 1200)  # a slower request that began earlier
    with store.write() as tx:
        assert officers.get_session(tx, old.id) == replace(old, seen=1500)
        assert [session.id for session in officers.sessions_of(tx, officer.id)] == [new.id, old.id]
        officers.delete_session(tx, old.id)
        assert officers.get_session(tx, old.id) is None
        officers.delete_sessions_of(tx, officer.id)
        assert officers.sessions_of(tx, officer.id) == []
        assert officers.get_session(tx, others.id) == others


def test_only_what_has_ended_is_swept(store: Store) -> None:
    officer = an_officer()
    with store.write() as tx:
        officers.insert_officer(tx, officer)
        for expires in (100, 200, 300):
            officers.insert_session(tx, a_session(officer.id, expires=expires))
        assert officers.sweep_sessions(tx, 200, ahead=10**10) == 2
        assert [session.expires for session in officers.sessions_of(tx, officer.id)] == [300]


def test_sessions_of_a_clock_that_ran_ahead_are_swept(store: Store) -> None:
    officer = an_officer()
    with store.write() as tx:
        officers.insert_officer(tx, officer)
        for seen in (100, 500):
            officers.insert_session(tx, replace(a_session(officer.id, expires=900), seen=seen))
        assert officers.sweep_sessions(tx, 200, ahead=400) == 1
        assert [session.seen for session in officers.sessions_of(tx, officer.id)] == [100]


def test_a_session_is_an_officers(store: Store) -> None:
    with pytest.raises(Conflict), store.write() as tx:
        officers.insert_session(tx, a_session(os.urandom(16)))


def test_failures_are_counted_and_cleared(store: Store) -> None:
    name = os.urandom(32)
    with store.write() as tx:
        assert officers.get_throttle(tx, name) is None
        officers.put_throttle(tx, ThrottleRow(name, 1, 0))
        officers.put_throttle(tx, ThrottleRow(name, 2, 1_790_000_000))
        assert officers.get_throttle(tx, name) == ThrottleRow(name, 2, 1_790_000_000)
        officers.clear_throttle(tx, name)
        assert officers.get_throttle(tx, name) is None


def test_manifests_come_in_order_and_each_sequence_once(store: Store) -> None:
    with store.write() as tx:
        assert officers.latest_manifest(tx) is None
        for sequence in (2, 1, 3):
            officers.insert_manifest(tx, a_manifest(sequence))
        assert officers.latest_manifest(tx) == a_manifest(3)
        assert [manifest.sequence for manifest in officers.all_manifests(tx)] == [1, 2, 3]
    with pytest.raises(Duplicate) as taken, store.write() as tx:
        officers.insert_manifest(tx, a_manifest(3))
    assert taken.value.columns == ("sequence",)
