"""Invitations, enrolments and what waits for a signature."""

import os
from dataclasses import replace

import pytest

from whistle.store import enrolments, invitations, officers
from whistle.store.database import Duplicate, Store
from whistle.store.rows import EnrolmentRow, InvitationRow, as_officer


def an_invitation(login: str = "siti", expires: int = 9000) -> InvitationRow:
    who = (login, login.title(), "penelaah", "triase")
    return InvitationRow(os.urandom(32), os.urandom(16), *who, os.urandom(16), 1000, expires)


def an_enrolment(of: InvitationRow) -> EnrolmentRow:
    who = (of.officer, of.login, of.name, of.role, of.unit)
    return EnrolmentRow(
        *who, os.urandom(1216), os.urandom(32), os.urandom(1984), b"{}", os.urandom(156), os.urandom(48), 7, 2000
    )


def test_an_invitation_replaces_the_one_of_its_login_and_of_its_officer(store: Store) -> None:
    first = an_invitation()
    same_login, same_officer = an_invitation(), replace(an_invitation("siti.a"), officer=first.officer)
    with store.write() as tx:
        for row in (first, same_login):
            invitations.put(tx, row)
        assert invitations.every(tx) == [same_login]
        assert invitations.get(tx, first.id) is None
        invitations.put(tx, replace(same_officer, officer=same_login.officer))
        assert [row.login for row in invitations.every(tx)] == ["siti.a"]
        assert invitations.of_officer(tx, same_login.officer) == invitations.by_login(tx, "siti.a")
        assert invitations.delete(tx, same_login.officer)
        assert not invitations.delete(tx, same_login.officer)


def test_keys_are_taken_once_for_an_officer_and_once_for_a_login(store: Store) -> None:
    row = an_enrolment(an_invitation())
    with store.write() as tx:
        enrolments.add(tx, row)
    for other in (replace(row, login="lain"), replace(row, officer=os.urandom(16))):
        with pytest.raises(Duplicate), store.write() as tx:
            enrolments.add(tx, other)
    with store.write() as tx:
        assert enrolments.get(tx, row.officer) == enrolments.by_login(tx, "siti") == row
        assert enrolments.use_totp_step(tx, row.officer, 8)
        assert not enrolments.use_totp_step(tx, row.officer, 8)
        assert enrolments.delete(tx, row.officer)
        assert not enrolments.delete(tx, row.officer)


def test_an_enrolment_becomes_an_officer_whole(store: Store) -> None:
    row = an_enrolment(an_invitation())
    with store.write() as tx:
        officers.insert_officer(tx, as_officer(row))
        found = officers.by_login(tx, row.login)
    assert found is not None
    shared = ("login", "name", "role", "unit", "hpke_public", "sign_public", "dual_public", "vault", "private", "totp")
    assert [getattr(found, name) for name in shared] == [getattr(row, name) for name in shared]
    assert (found.id, found.status, found.root, found.totp_step) == (row.officer, "active", None, 7)


def test_what_ran_out_long_ago_is_forgotten_unless_keys_wait_for_it(store: Store) -> None:
    old, made, fresh = an_invitation("lama", 100), an_invitation("dibuat", 100), an_invitation("baru", 9000)
    with store.write() as tx:
        for row in (old, made, fresh):
            invitations.put(tx, row)
        enrolments.add(tx, an_enrolment(made))
        assert invitations.sweep(tx, 5000) == 1
        assert [row.login for row in invitations.every(tx)] == ["baru", "dibuat"]


def test_a_status_is_changed_once(store: Store) -> None:
    row = as_officer(an_enrolment(an_invitation()))
    with store.write() as tx:
        officers.insert_officer(tx, row)
        assert officers.set_status(tx, row.id, "suspended")
        assert not officers.set_status(tx, row.id, "suspended")
        assert not officers.set_status(tx, os.urandom(16), "suspended")
        assert officers.by_id(tx, row.id) == replace(row, status="suspended")
