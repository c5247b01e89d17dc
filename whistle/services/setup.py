"""Prepare an inspectorate: trust root, recovery keys, officers with their vaults, the first manifest.

Private halves are handed back to be shown once; what is stored of them is wrapped by a vault, and the recovery keys
are stored nowhere.
"""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from whistle.casefile.manifest import Delegation, Manifest, Reader, dual_hash, sign_manifest
from whistle.casefile.manifest_names import SALT
from whistle.crypto import totp, vault
from whistle.crypto.receipt import new_receipt
from whistle.crypto.recovery import USUAL, RecoveryKeys, halves
from whistle.crypto.shares import Share, split
from whistle.crypto.signing import dual_public, ed25519_public
from whistle.crypto.suite import hpke_public
from whistle.domain.roles import ROLES, UNITS
from whistle.domain.tracks import TRACKS
from whistle.services.context import Context, row_of
from whistle.services.recording import record_unsigned
from whistle.store import officers, settings
from whistle.store.rows import OfficerRow

OFFICERS_LINE = "login,name,role,unit"
MANIFEST_DAYS = 365  # then it warns; the channel stays open


class SetUpRefused(Exception):
    """The inspectorate cannot be prepared like this; the message says what to change."""


@dataclass(frozen=True)
class NewOfficer:
    """Who is to be admitted. ``password`` and ``totp_secret`` are made when empty."""

    login: str
    name: str
    role: str
    unit: str
    password: str = ""
    totp_secret: bytes = b""


@dataclass(frozen=True)
class Credentials:
    """Shown once and stored nowhere: a login, its password and its second-factor secret."""

    login: str
    name: str
    role: str
    password: str
    totp_secret: bytes


@dataclass(frozen=True)
class Prepared:
    """What `prepare` hands back, to be shown once: the officers' credentials and the shares of both recovery keys.

    ``root_seed`` (64 B) is for a copy of the root key on another machine.
    """

    credentials: list[Credentials]
    recovery: dict[str, list[Share]]
    root_seed: bytes = field(repr=False)


@dataclass(frozen=True)
class _Made:
    row: OfficerRow
    reader: Reader
    credentials: Credentials
    vault_key: bytes


def is_prepared(ctx: Context) -> bool:
    """Whether there is an inspectorate in this database already."""
    with ctx.store.read() as tx:
        return officers.latest_manifest(tx) is not None


def prepare(ctx: Context, people: Sequence[NewOfficer], root_keeper: str) -> Prepared:
    """Make all keys, write keys/, store officers and manifest 1 in one transaction.

    ``root_keeper`` is the login in whose vault the root key is wrapped. Raises SetUpRefused.
    """
    if is_prepared(ctx):
        raise SetUpRefused("there is an inspectorate in this database already; choose another PELUIT_DATA_DIR")
    check(people, root_keeper)
    installation, root_seed = os.urandom(16), os.urandom(64)
    recovery = {log: RecoveryKeys(os.urandom(32)) for log in ("inner", "outer")}
    made = [_make(ctx, person) for person in people]
    made = [_with_root(one, root_seed) if one.row.login == root_keeper else one for one in made]
    public = {log: halves(keys.public) for log, keys in recovery.items()}
    manifest = first_manifest(installation, [one.reader for one in made], public, ctx.clock.today())
    signed = sign_manifest(manifest, root_seed, dual_public(root_seed))
    ctx.trust.write("root.pub", dual_public(root_seed))
    for log, keys in recovery.items():
        ctx.trust.write(f"recovery-{log}.pub", keys.public)
    with ctx.store.write() as tx:
        settings.put_setting(tx, "installation", installation)
        for one in made:
            officers.insert_officer(tx, one.row)
        officers.insert_manifest(tx, row_of(1, signed))
        record_unsigned(ctx, tx, "set-up", None)
    ctx.trust.raise_floor(1)
    shares = {log: split(keys.secret, USUAL[log]) for log, keys in recovery.items()}
    return Prepared([one.credentials for one in made], shares, root_seed)


def read_officers(lines: Iterable[str]) -> list[NewOfficer]:
    """The officers of a CSV file that begins with `OFFICERS_LINE`. Raises SetUpRefused."""
    try:
        table = [[cell.strip() for cell in row] for row in csv.reader(lines, strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SetUpRefused("the officers' file is no CSV in UTF-8: save it as that, then try again") from error
    if not table or ",".join(table[0]) != OFFICERS_LINE:
        raise SetUpRefused(f"the officers' file must begin with the line {OFFICERS_LINE}")
    for row in table[1:]:
        if len(row) != 4 or not all(row[:3]):  # admin and auditor have no unit
            raise SetUpRefused(f"the officers' file: {','.join(row)!r} is not {OFFICERS_LINE}")
    return [NewOfficer(login, name, role, unit) for login, name, role, unit in table[1:]]


def check(people: Sequence[NewOfficer], root_keeper: str | None) -> None:
    """Every track has two readers and a custodian, logins are unique, roles and units exist. Raises SetUpRefused.

    ``root_keeper`` None: the root key lies elsewhere.
    """
    logins = [person.login for person in people]
    if len(set(logins)) != len(logins):
        raise SetUpRefused("two officers have the same login")
    for person in people:
        if person.role not in ROLES:
            raise SetUpRefused(f"{person.login}: there is no role {person.role!r}; roles are {', '.join(ROLES)}")
        if person.unit and person.unit not in UNITS:
            raise SetUpRefused(f"{person.login}: there is no unit {person.unit!r}; units are {', '.join(UNITS)}")
    if root_keeper is not None and root_keeper not in logins:
        raise SetUpRefused(f"nobody with the login {root_keeper!r} is there to keep the root key")
    for track in TRACKS.values():
        if len([person for person in people if person.unit in track.reader_units]) < 2:
            units = ", ".join(track.reader_units)
            raise SetUpRefused(f"track {track.code} needs at least two officers in its units ({units})")


def _make(ctx: Context, person: NewOfficer) -> _Made:
    s = ctx.settings
    params = vault.KdfParams(s.argon2_memory_kib, s.argon2_iterations, s.argon2_lanes)
    password = person.password or "-".join(new_receipt().words[:6])
    secret = person.totp_secret or totp.new_secret()
    record, vault_key = vault.create_vault(password, params)
    id_, hpke_seed, sign_seed, dual_seed = os.urandom(16), os.urandom(32), os.urandom(32), os.urandom(64)
    row = OfficerRow(
        id=id_,
        login=person.login,
        name=person.name,
        role=person.role,
        unit=person.unit,
        status="active",
        hpke_public=hpke_public(hpke_seed),
        sign_public=ed25519_public(sign_seed),
        vault=record.to_bytes(),
        private=vault.lock(vault_key, "private", hpke_seed + sign_seed + dual_seed, id_),
        totp=vault.lock(vault_key, "totp", secret, id_),
        totp_step=0,
        root=None,
        dual_public=dual_public(dual_seed),
    )
    who = (id_, person.login, person.name, person.role, person.unit)
    reader = Reader(*who, row.hpke_public, row.sign_public, dual_hash(row.dual_public))
    return _Made(row, reader, Credentials(person.login, person.name, person.role, password, secret), vault_key)


def _with_root(one: _Made, root_seed: bytes) -> _Made:
    wrapped = vault.lock(one.vault_key, "root", root_seed, one.row.id)
    return replace(one, row=replace(one.row, root=wrapped))


def first_manifest(
    installation: bytes,
    readers: Sequence[Reader],
    recovery: Mapping[str, tuple[bytes, bytes | None]],
    today: date,
    delegations: Sequence[Delegation] = (),
) -> Manifest:
    """Manifest 1, unsigned: every reader on the tracks of their unit. ``recovery``: sealing and signing key by log."""
    return Manifest(
        installation=installation,
        sequence=1,
        previous=bytes(32),
        issued=today,
        expires=today + timedelta(days=MANIFEST_DAYS),
        readers=tuple(readers),
        tracks={code: tuple(r.id for r in readers if r.unit in track.reader_units) for code, track in TRACKS.items()},
        custodians={code: tuple(r.id for r in readers if r.unit == track.custodian) for code, track in TRACKS.items()},
        recovery={log: sealing for log, (sealing, _) in recovery.items()},
        delegations=tuple(delegations),
        recovery_sign={log: signing for log, (_, signing) in recovery.items() if signing is not None},
        salt=os.urandom(SALT),
    )
