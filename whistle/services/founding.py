"""Found an inspectorate whose root key lies on another machine: no private key of anybody is made here.

The database is prepared, the public keys are laid down, and every officer gets a link to make their own keys. Reports
are taken in as soon as the manifest that holds these keys came back signed.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from whistle.casefile.manifest import RECOVERY
from whistle.crypto.recovery import RECOVERY_PUBLIC
from whistle.crypto.signing import DUAL_PUBLIC
from whistle.services import setup
from whistle.services.context import Context
from whistle.services.invitations import BY_NOBODY, DAYS, Person, check, officer_id, token_hash
from whistle.services.recording import record_unsigned
from whistle.services.refusals import Refusal
from whistle.services.setup import NewOfficer, SetUpRefused
from whistle.store import enrolments, invitations, officers, settings
from whistle.store.database import Tx
from whistle.store.rows import InvitationRow

FILES: Mapping[str, int] = {"root.pub": DUAL_PUBLIC, **{f"recovery-{log}.pub": RECOVERY_PUBLIC for log in RECOVERY}}
"""The public keys that come of the ceremony, by file, with their bytes."""

WRONG = {
    "login": "a login has 2 to 32 small letters, digits, dots, hyphens or underscores",
    "name": "a name has 1 to 100 letters",
    "role_unknown": "there is no such role",
    "unit_of_role": "that unit is not of that role",
}


@dataclass(frozen=True)
class Invited:
    """A link's token, which is stored nowhere, or "" for somebody who made keys already."""

    person: Person
    token: str


def found(ctx: Context, people: Sequence[NewOfficer], public: Mapping[str, bytes]) -> list[Invited]:
    """Lay down the ``public`` keys (`FILES`) and invite ``people``. Raises SetUpRefused.

    Done again before the first manifest is installed, it makes new links for those who have not made keys yet.
    """
    if setup.is_prepared(ctx):
        raise SetUpRefused("there is an inspectorate in this database already; choose another PELUIT_DATA_DIR")
    setup.check(people, None)
    persons = [_person(one) for one in people]
    _lay_down(ctx, public)
    with ctx.store.write() as tx:
        if settings.get_setting(tx, "installation") is None:
            settings.put_setting(tx, "installation", os.urandom(16))
        invited = [Invited(person, _invite(ctx, tx, person)) for person in persons]
        record_unsigned(ctx, tx, "set-up", None)
    return invited


def invite(ctx: Context, people: Sequence[NewOfficer], even_root_keeper: bool = False) -> list[Invited]:
    """Links for ``people`` from the shell, for when nobody is left who could invite at the desk. Raises SetUpRefused.

    An invitation has no power: only the signature that admits the keys has. Whose keys wait already keeps them. With
    the vault of whoever keeps the root key that key goes, so ``even_root_keeper`` is for when it is a copy that signs.
    """
    if not setup.is_prepared(ctx):
        raise SetUpRefused("there is no inspectorate in this database yet; run setup")
    persons = [_person(one) for one in people]
    with ctx.store.write() as tx:
        invited = [Invited(person, _invite(ctx, tx, person, even_root_keeper)) for person in persons]
        made = [invitations.by_login(tx, one.person.login) for one in invited if one.token]
        for row in made:
            if row is not None:
                record_unsigned(ctx, tx, "invited-at-shell", None, about=row.officer)
    return invited


def _person(one: NewOfficer) -> Person:
    try:
        return check(Person(one.login, one.name, one.role, one.unit))
    except Refusal as error:
        raise SetUpRefused(f"{one.login}: {WRONG.get(error.code, error.code)}") from error


def _lay_down(ctx: Context, public: Mapping[str, bytes]) -> None:
    """Keys that lie there already must be these: whoever could put others there could read what comes."""
    for name, size in FILES.items():
        if len(public.get(name, b"")) != size:
            raise SetUpRefused(f"{name} is not what the ceremony made")
        path = ctx.trust.folder / name
        if path.exists() and path.read_text(encoding="ascii").strip() != public[name].hex():
            raise SetUpRefused(f"{path} is there already and holds another key; remove it if it is an old one")
    for name in FILES:
        ctx.trust.write(name, public[name])


def _invite(ctx: Context, tx: Tx, person: Person, even_root_keeper: bool = False) -> str:
    if enrolments.by_login(tx, person.login):
        return ""
    token, now = secrets.token_urlsafe(32), ctx.clock.now()
    keeper = officers.by_login(tx, person.login) if even_root_keeper else None
    try:
        id_ = keeper.id if keeper else officer_id(tx, person.login)
    except Refusal as error:
        raise SetUpRefused(
            f"{person.login} keeps the root key in the vault; with a copy of it elsewhere, add --even-root-keeper"
        ) from error
    fields = (person.login, person.name, person.role, person.unit, BY_NOBODY)
    created, expires = int(now.timestamp()), int((now + timedelta(days=DAYS)).timestamp())
    invitations.put(tx, InvitationRow(token_hash(token), id_, *fields, created, expires))
    return token
