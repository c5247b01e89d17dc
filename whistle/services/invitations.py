"""Invite somebody to make keys: a link that works once. Whoever invites can never admit.

An invitation changes nothing of the officer who may be there under the same login: only the signature that admits the
new keys does.
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from whistle.domain.composed import nfc
from whistle.domain.roles import ROLES, UNITS
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import Refusal
from whistle.store import enrolments, invitations, officers
from whistle.store.database import Duplicate, Tx
from whistle.store.rows import InvitationRow, OfficerRow

DAYS = 7  # for which a link works
BY_NOBODY = bytes(16)  # where the inviting officer's id stands in what the shell made
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
LONGEST_NAME = 100


@dataclass(frozen=True)
class Person:
    """Who is to be invited: login (lower case), name with titles, role and unit ("" for a role without units)."""

    login: str
    name: str
    role: str
    unit: str


@dataclass(frozen=True)
class Waiting:
    """An invitation as colleagues may see it. ``state``: "open", "expired", or "made" (keys wait for a signature)."""

    officer: bytes
    person: Person
    by: str
    expires: datetime
    state: str
    known: bool  # there is an officer of this login already: the keys will replace theirs


def invite(ctx: Context, officer: Officer, person: Person) -> str:
    """Invite ``person`` and return the link's token, which is stored nowhere. An earlier link ends.

    Keys that were made with an earlier link and wait for a signature are thrown away. Raises Refusal: "role",
    "login", "name", "role_unknown", "unit_of_role", "keeps_root", "taken".
    """
    if not officer.may("officers.invite"):
        raise Refusal("role", permission="officers.invite")
    person = check(person)
    token, now = secrets.token_urlsafe(32), ctx.clock.now()
    try:
        with ctx.store.write() as tx:
            id_ = officer_id(tx, person.login)
            expires = int((now + timedelta(days=DAYS)).timestamp())
            fields = (person.login, person.name, person.role, person.unit, officer.id)
            invitations.put(tx, InvitationRow(token_hash(token), id_, *fields, int(now.timestamp()), expires))
            enrolments.delete(tx, id_)
            record(ctx, tx, officer, "invite", about=id_)
    except Duplicate as error:  # somebody else invited the same login at the same moment
        raise Refusal("taken") from error
    return token


def withdraw(ctx: Context, officer: Officer, invited: bytes) -> None:
    """End an invitation, and throw away keys that were made with it. Raises Refusal "role" or "no_invitation"."""
    if not officer.may("officers.invite"):
        raise Refusal("role", permission="officers.invite")
    with ctx.store.write() as tx:
        waiting = invitations.of_officer(tx, invited) or enrolments.get(tx, invited)
        if waiting is None:
            raise Refusal("no_invitation")
        invitations.delete(tx, invited)
        enrolments.delete(tx, invited)
        record(ctx, tx, officer, "invite-withdrawn", about=invited)


def waiting(ctx: Context, officer: Officer) -> list[Waiting]:
    """Every invitation that was neither admitted nor withdrawn, by login. Raises Refusal "role"."""
    if not officer.may("officers.view"):
        raise Refusal("role", permission="officers.view")
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        made = {row.officer for row in enrolments.every(tx)}
        known = {row.id for row in officers.all_officers(tx)}
        rows = invitations.every(tx)
    now = int(ctx.clock.now().timestamp())
    return [
        Waiting(
            row.officer,
            Person(row.login, row.name, row.role, row.unit),
            directory.name(row.by),
            datetime.fromtimestamp(row.expires, UTC),
            "made" if row.officer in made else "expired" if row.expires <= now else "open",
            row.officer in known,
        )
        for row in rows
    ]


def check(person: Person) -> Person:
    """``person`` as it is stored. Raises Refusal with the code of what is wrong."""
    login, name = person.login.strip().lower(), " ".join(nfc(person.name).split())
    if not LOGIN.fullmatch(login):
        raise Refusal("login")
    if not name or len(name) > LONGEST_NAME:
        raise Refusal("name")
    if person.role not in ROLES:
        raise Refusal("role_unknown")
    if person.unit not in units_of(person.role):
        raise Refusal("unit_of_role", role=person.role)
    return Person(login, name, person.role, person.unit)


def units_of(role: str) -> tuple[str, ...]:
    """The units that an officer of ``role`` may belong to; only "" where no unit is of that role."""
    return tuple(code for code, unit in UNITS.items() if unit.role == role) or ("",)


def token_hash(token: str) -> bytes:
    """What is stored of a link (32 B)."""
    return hashlib.sha256(b"peluit/v1/invitation" + token.encode("utf-8", "replace")).digest()


def officer_id(tx: Tx, login: str) -> bytes:
    """The officer's own id where the login is known, also when only an invitation knows it; else a fresh one.

    Raises Refusal "keeps_root".
    """
    row = officers.by_login(tx, login)
    if row is not None and row.root is not None:
        raise Refusal("keeps_root")
    earlier: OfficerRow | InvitationRow | None = row or invitations.by_login(tx, login)
    if earlier is None:
        return os.urandom(16)
    return earlier.id if isinstance(earlier, OfficerRow) else earlier.officer
