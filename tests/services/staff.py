"""Officers who come and go, for the tests: invite, make keys, sign."""

import os
from datetime import timedelta

from tests.inspectorate import Inspectorate
from whistle.casefile.manifest import Directory
from whistle.crypto import totp
from whistle.services import admission, enrolment, invitations
from whistle.services.invitations import Person
from whistle.services.proposal import Choices
from whistle.services.setup import Credentials
from whistle.store import enrolments

NEWCOMER = Person("siti", "Siti Aminah", "penelaah", "triase")
PASSWORD = "sungai martapura pagi hari"


def invited(office: Inspectorate, person: Person = NEWCOMER) -> str:
    """Invite, agreeing to what that replaces; the link's token."""
    admin = office.officer("admin")
    mark = invitations.at_stake(office.ctx, admin, person).mark
    return invitations.invite(office.ctx, admin, person, mark)


def made(office: Inspectorate, person: Person = NEWCOMER, password: str = PASSWORD) -> bytes:
    """Invite and make keys; the officer's id. They can sign in once they are admitted."""
    token, secret = invited(office, person), os.urandom(20)
    enrolment.enrol(office.ctx, token, password, secret, code_of(office, secret))
    office.credentials[person.login] = Credentials(person.login, person.name, person.role, password, secret)
    office.clock.advance(timedelta(seconds=31))  # a code is good for one time
    with office.ctx.store.read() as tx:
        row = enrolments.by_login(tx, person.login)
    assert row is not None
    return row.officer


def signed(office: Inspectorate, choices: Choices, by: str = "inspektur") -> int:
    """Review and sign as ``by``; the manifest's sequence."""
    officer = office.officer(by)
    shown = admission.review(office.ctx, officer, choices)
    return admission.sign(office.ctx, officer, choices, shown.digest, office.credentials[by].password)


def admitted(office: Inspectorate, person: Person = NEWCOMER) -> bytes:
    """Invite, make keys, sign; the officer's id."""
    id_ = made(office, person)
    signed(office, Choices(admit=(id_,)))
    return id_


def directory(office: Inspectorate) -> Directory:
    with office.ctx.store.read() as tx:
        return office.ctx.directory(tx)


def id_of(office: Inspectorate, login: str) -> bytes:
    return next(reader.id for reader in directory(office).officers.values() if reader.login == login)


def code_of(office: Inspectorate, secret: bytes) -> str:
    return totp.code(secret, int(office.clock.now().timestamp()))
