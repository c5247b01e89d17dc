"""Who is invited: by whom, as what, for how long."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.services import staff
from whistle.services import enrolment, invitations
from whistle.services.enrolment import LinkGone
from whistle.services.invitations import Person
from whistle.services.refusals import Refusal
from whistle.store import audit, officers


def refused(office: Inspectorate, person: Person, by: str = "admin") -> str:
    with pytest.raises(Refusal) as caught:
        invitations.invite(office.ctx, office.officer(by), person)
    return caught.value.code


def test_an_invitation_is_kept_without_its_token(office: Inspectorate) -> None:
    # When
    token = staff.invited(office)
    # Then
    (waiting,) = invitations.waiting(office.ctx, office.officer("inspektur"))
    assert (waiting.person, waiting.state, waiting.known) == (staff.NEWCOMER, "open", False)
    with office.ctx.store.read() as tx:
        stored = str(tx.exec_driver_sql("SELECT * FROM invitation").fetchall())
        row = next(row for row in audit.page(tx, 9) if row.action == "invite")
    assert token not in stored and token.encode().hex() not in stored
    assert (row.detail, row.officer) == (waiting.officer.hex(), office.officer("admin").id)
    assert row.signature


@pytest.mark.parametrize("login", ["rahma", "inspektur", "sekda", "auditor"])
def test_only_admin_invites(office: Inspectorate, login: str) -> None:
    assert refused(office, staff.NEWCOMER, by=login) == "role"
    staff.invited(office)
    (waiting,) = invitations.waiting(office.ctx, office.officer("admin"))
    with pytest.raises(Refusal, match="role"):
        invitations.withdraw(office.ctx, office.officer(login), waiting.officer)


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Person("Siti Aminah", "Siti", "penelaah", "triase"), "login"),
        (Person("s", "Siti", "penelaah", "triase"), "login"),
        (Person("siti", "  ", "penelaah", "triase"), "name"),
        (Person("siti", "S" * 101, "penelaah", "triase"), "name"),
        (Person("siti", "Siti", "raja", "triase"), "role_unknown"),
        (Person("siti", "Siti", "penelaah", "pimpinan"), "unit_of_role"),
        (Person("siti", "Siti", "penelaah", ""), "unit_of_role"),
        (Person("siti", "Siti", "admin", "triase"), "unit_of_role"),
        (Person("inspektur", "Arifin", "pimpinan", "pimpinan"), "keeps_root"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(office: Inspectorate, person: Person, code: str) -> None:
    assert refused(office, person) == code


def test_what_is_typed_is_tidied(office: Inspectorate) -> None:
    token = staff.invited(office, Person(" SITI.a ", " Siti   Aminah ", "penelaah", "triase"))
    assert enrolment.look(office.ctx, token).person == Person("siti.a", "Siti Aminah", "penelaah", "triase")


def test_a_link_ends_after_seven_days(office: Inspectorate) -> None:
    token = staff.invited(office)
    office.clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert enrolment.look(office.ctx, token).person == staff.NEWCOMER
    office.clock.advance(timedelta(seconds=1))
    with pytest.raises(LinkGone):
        enrolment.look(office.ctx, token)
    office._signed_in.clear()
    (waiting,) = invitations.waiting(office.ctx, office.officer("admin"))
    assert waiting.state == "expired"


def test_a_new_link_replaces_the_old_and_a_withdrawn_one_opens_nothing(office: Inspectorate) -> None:
    old, new = staff.invited(office), staff.invited(office)
    with pytest.raises(LinkGone):
        enrolment.look(office.ctx, old)
    (waiting,) = invitations.waiting(office.ctx, office.officer("admin"))
    assert enrolment.look(office.ctx, new).person.login == "siti"
    invitations.withdraw(office.ctx, office.officer("admin"), waiting.officer)
    with pytest.raises(LinkGone):
        enrolment.look(office.ctx, new)
    with pytest.raises(Refusal, match="no_invitation"):
        invitations.withdraw(office.ctx, office.officer("admin"), waiting.officer)


def test_inviting_an_officer_changes_nothing_of_theirs(office: Inspectorate) -> None:
    with office.ctx.store.read() as tx:
        before = officers.by_login(tx, "rahma")
    assert before is not None
    id_ = staff.made(office, Person("rahma", "Rahma Yuliani", "penelaah", "triase"))
    with office.ctx.store.read() as tx:
        after = officers.by_login(tx, "rahma")
    assert id_ == before.id
    assert after == before
    (waiting,) = invitations.waiting(office.ctx, office.officer("admin"))
    assert (waiting.state, waiting.known) == ("made", True)


def test_nothing_is_replaced_that_the_page_did_not_tell_of(office: Inspectorate) -> None:
    ctx, admin, rahma = office.ctx, office.officer("admin"), Person("rahma", "Rahma Yuliani", "penelaah", "triase")

    def mark(person: Person) -> str:
        return invitations.at_stake(ctx, admin, person).mark

    # Given an officer, and what the page told of inviting her under her name, and of nobody
    told = mark(rahma)
    assert told and not mark(staff.NEWCOMER)
    # Then only that mark, with that name, makes a link
    for person, agreed in ((rahma, ""), (replace(rahma, name="Budi"), told), (replace(rahma, unit="irban-1"), told)):
        role = "irban" if person.unit == "irban-1" else person.role
        with pytest.raises(Refusal, match="at_stake"):
            invitations.invite(ctx, admin, replace(person, role=role), agreed)
    invitations.invite(ctx, admin, rahma, told)
    # and makes it once
    with pytest.raises(Refusal, match="at_stake"):
        invitations.invite(ctx, admin, rahma, told)
    # until the link is too old, or keys were made with a newer one
    office.clock.advance(timedelta(days=8))
    office._signed_in.clear()
    admin = office.officer("admin")
    link = staff.invited(office, rahma)
    before, secret = mark(rahma), b"s" * 20
    enrolment.enrol(ctx, link, staff.PASSWORD, secret, staff.code_of(office, secret))
    with pytest.raises(Refusal, match="at_stake"):
        invitations.invite(ctx, admin, rahma, before)
    assert enrolment.look(ctx, link).made


def test_keys_that_wait_are_withdrawn_only_by_who_knows_of_them(office: Inspectorate) -> None:
    id_, admin = staff.made(office), office.officer("admin")
    with pytest.raises(Refusal, match="keys_made"):
        invitations.withdraw(office.ctx, admin, id_)
    (waiting,) = invitations.waiting(office.ctx, admin)
    assert waiting.state == "made"
    invitations.withdraw(office.ctx, admin, id_, made=True)
    assert invitations.waiting(office.ctx, admin) == []


def test_a_new_link_throws_away_keys_that_nobody_signed_yet(office: Inspectorate) -> None:
    id_ = staff.made(office)
    token = staff.invited(office)
    (waiting,) = invitations.waiting(office.ctx, office.officer("admin"))
    assert (waiting.officer, waiting.state) == (id_, "open")
    assert not enrolment.look(office.ctx, token).made
