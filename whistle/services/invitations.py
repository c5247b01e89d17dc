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

from whistle.crypto.suite import lp
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
class Stake:
    """What a link for ``person`` would replace. ``mark`` (hex) names exactly this and the person; "" for nothing."""

    person: Person
    officer: Person | None  # who has the login, as last admitted
    there: bool  # and is in the newest manifest
    link: datetime | None  # when a link that still works was made
    made: bool  # keys wait for a signature, and would be thrown away
    mark: str


@dataclass(frozen=True)
class Waiting:
    """An invitation as colleagues may see it. ``state``: "open", "expired", or "made" (keys wait for a signature)."""

    officer: bytes
    person: Person
    by: str
    expires: datetime
    state: str
    known: bool  # there is an officer of this login already: the keys will replace theirs


def at_stake(ctx: Context, officer: Officer, person: Person) -> Stake:
    """What inviting ``person`` would replace, for whoever is to agree to it. Raises Refusal as `invite`."""
    _only_inviters(officer)
    person = check(person)
    with ctx.store.read() as tx:
        officer_id(tx, person.login)
        return _stake(ctx, tx, person)


def invite(ctx: Context, officer: Officer, person: Person, agreed: str = "") -> str:
    """Invite ``person`` and return the link's token, which is stored nowhere. An earlier link ends.

    Keys that were made with an earlier link and wait for a signature are thrown away. ``agreed`` is the mark of what
    `at_stake` told: nothing is replaced that nobody saw, so the same form sent again makes no second link. Raises
    Refusal: "role", "login", "name", "role_unknown", "unit_of_role", "keeps_root", "at_stake", "taken".
    """
    _only_inviters(officer)
    person = check(person)
    token, now = secrets.token_urlsafe(32), ctx.clock.now()
    try:
        with ctx.store.write() as tx:
            id_ = officer_id(tx, person.login)
            if _stake(ctx, tx, person).mark not in ("", agreed):
                raise Refusal("at_stake")
            expires = int((now + timedelta(days=DAYS)).timestamp())
            fields = (person.login, person.name, person.role, person.unit, officer.id)
            invitations.put(tx, InvitationRow(token_hash(token), id_, *fields, int(now.timestamp()), expires))
            enrolments.delete(tx, id_)
            record(ctx, tx, officer, "invite", about=id_)
    except Duplicate as error:  # somebody else invited the same login at the same moment
        raise Refusal("taken") from error
    return token


def withdraw(ctx: Context, officer: Officer, invited: bytes, made: bool = False) -> None:
    """End an invitation; keys that were made with it are thrown away only where ``made`` says that they are there.

    Raises Refusal "role", "no_invitation" or "keys_made".
    """
    _only_inviters(officer)
    with ctx.store.write() as tx:
        keys = enrolments.get(tx, invited)
        if keys is None and invitations.of_officer(tx, invited) is None:
            raise Refusal("no_invitation")
        if keys is not None and not made:
            raise Refusal("keys_made")
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


def _only_inviters(officer: Officer) -> None:
    if not officer.may("officers.invite"):
        raise Refusal("role", permission="officers.invite")


def _stake(ctx: Context, tx: Tx, person: Person) -> Stake:
    directory, now = ctx.directory(tx), int(ctx.clock.now().timestamp())
    row, keys = officers.by_login(tx, person.login), enrolments.by_login(tx, person.login)
    link = invitations.by_login(tx, person.login)
    if link is not None and link.expires <= now:
        link = None
    known = directory.officers.get(row.id, row) if row else None
    parts = (row.id if row else b"", link.id if link else b"", keys.hpke_public if keys else b"")
    typed = (person.login, person.name, person.role, person.unit)
    mark = hashlib.sha256(lp(b"peluit/v1/at-stake", *parts, *(text.encode() for text in typed))).hexdigest()
    made_at = datetime.fromtimestamp(link.created, UTC) if link else None
    there = row is not None and row.id in directory.current.by_id
    has = Person(known.login, known.name, known.role, known.unit) if known else None
    return Stake(person, has, there, made_at, keys is not None, mark if any(parts) else "")


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
