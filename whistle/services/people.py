"""Who works at the desk, as colleagues may see them; and what the manifest needs soon."""

from dataclasses import dataclass
from datetime import date

from whistle.casefile.manifest import Acting, Directory, Manifest, Reader, dual_hash
from whistle.casefile.manifest_changes import Changes, changes
from whistle.crypto.fingerprint import fingerprint
from whistle.services.context import Context, signed_rows
from whistle.services.officer import Officer
from whistle.services.proposal import power_of
from whistle.services.refusals import Refusal
from whistle.store import enrolments, officers
from whistle.store.rows import OfficerRow

ALARM_DAYS = 30  # before the manifest, or a signer's delegation, runs out


@dataclass(frozen=True)
class Person:
    """``state``: "active", "suspended", "removed" (no signed manifest holds the keys). ``acting``: what for today."""

    id: bytes
    login: str
    name: str
    role: str
    unit: str
    state: str
    acting: tuple[Acting, ...]
    signs: bool  # holds the root key, or a delegation


@dataclass(frozen=True)
class Standing:
    """What the manifest needs. ``expires`` and ``delegation`` (its last day) are None while there is time enough."""

    today: date
    expires: date | None
    delegation: date | None
    waiting: int  # newcomers' keys that wait for a signature
    renewing: int  # new keys of officers who are there, which wait too


@dataclass(frozen=True)
class Signed:
    """One manifest of the chain: what it changed, and who signed it ("" for the root key)."""

    manifest: Manifest
    before: Manifest | None
    changes: Changes
    signer: str


def people(ctx: Context, officer: Officer) -> list[Person]:
    """Everybody who was ever admitted, by name; those who left last. Raises Refusal "role"."""
    _only(officer)
    with ctx.store.read() as tx:
        directory, rows = ctx.directory(tx), officers.all_officers(tx)
    found = [_person(ctx, directory, row) for row in rows]
    return sorted(found, key=lambda person: (person.state == "removed", person.name.casefold()))


def person(ctx: Context, officer: Officer, id_: bytes) -> tuple[Person, tuple[str, ...]]:
    """One officer, with the six words of the keys that were admitted. Raises Refusal "role" or "gone"."""
    _only(officer)
    with ctx.store.read() as tx:
        directory, row = ctx.directory(tx), officers.by_id(tx, id_)
    if row is None:
        raise Refusal("gone")
    admitted = directory.current.by_id.get(id_)
    words = fingerprint(admitted.hpke, admitted.sign, admitted.dual) if admitted else ()
    return _person(ctx, directory, row), words


def standing(ctx: Context, officer: Officer) -> Standing | None:
    """What this officer should see on the first page; None for those who can do nothing about it."""
    if not officer.may("manifest.sign") and not officer.may("officers.invite"):
        return None
    today = ctx.clock.today()
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        row = officers.by_id(tx, officer.id)
        there = [row.officer in directory.current.by_id for row in enrolments.every(tx)]
    power = power_of(directory, row, today) if row else None
    until = power.delegation.until if power and power.delegation else None
    if not power and not officer.may("officers.invite"):
        there = []  # they hold no key to sign with
    expires = directory.current.expires
    return Standing(today, _soon(expires, today), _soon(until, today), there.count(False), there.count(True))


def history(ctx: Context, officer: Officer) -> list[Signed]:
    """Every manifest, the newest first. Raises Refusal "role"."""
    _only(officer)
    with ctx.store.read() as tx:
        root, directory = ctx.trust.root(), ctx.directory(tx)
        chain = signed_rows(officers.all_manifests(tx))
    told: list[Signed] = []
    before: Manifest | None = None
    for signed in chain:
        manifest = signed.manifest()
        signer = "" if signed.signer == root else _delegate(before, signed.signer, directory)
        told.append(Signed(manifest, before, changes(before, manifest), signer))
        before = manifest
    return told[::-1]


def _only(officer: Officer) -> None:
    if not officer.may("officers.view"):
        raise Refusal("role", permission="officers.view")


def _person(ctx: Context, directory: Directory, row: OfficerRow) -> Person:
    today, admitted = ctx.clock.today(), directory.current.by_id.get(row.id)
    state = row.status if _same_keys(admitted, row) else "removed"
    shown = admitted or directory.officers.get(row.id)
    who = (shown.name, shown.role, shown.unit) if shown else (row.name, row.role, row.unit)
    acting = directory.current.acting_of(row.id, today)
    signs = state == "active" and power_of(directory, row, today) is not None
    return Person(row.id, row.login, *who, state, acting, signs)


def _same_keys(reader: Reader | None, row: OfficerRow) -> bool:
    keys = (row.hpke_public, row.sign_public, dual_hash(row.dual_public))
    return reader is not None and (reader.hpke, reader.sign, reader.dual) == keys


def _soon(day: date | None, today: date) -> date | None:
    return day if day is not None and (day - today).days <= ALARM_DAYS else None


def _delegate(before: Manifest | None, key: bytes, directory: Directory) -> str:
    named = [one.officer for one in (before.delegations if before else ()) if one.key == key]
    return directory.name(named[0]) if named else ""
