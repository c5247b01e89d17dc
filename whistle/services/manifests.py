"""Manifests as files, for an installation whose root key lies on another machine.

The server makes the manifest that waits for a signature, and takes in the signed one: what is in it, and nothing else,
becomes an officer. Neither needs anybody's key, so neither gives anybody power.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from whistle.casefile.manifest import (
    RECOVERY,
    Delegation,
    Manifest,
    ManifestRefused,
    Reader,
    SignedManifest,
    dual_hash,
    verify_chain,
)
from whistle.casefile.manifest_changes import changes
from whistle.casefile.manifest_files import Request
from whistle.domain.roles import ROLES
from whistle.domain.tracks import TRACKS
from whistle.services import floor
from whistle.services.admission import let_go, take_in
from whistle.services.context import Context, row_of, signed_rows
from whistle.services.proposal import Choices, Delegate, Power, propose
from whistle.services.recording import record_unsigned
from whistle.services.setup import MANIFEST_DAYS, first_manifest
from whistle.store import enrolments, invitations, officers, settings
from whistle.store.database import Duplicate, Tx
from whistle.store.rows import EnrolmentRow


class ManifestImpossible(Exception):
    """No manifest can be made of this; the message is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Wishes:
    """What the next manifest shall be, officers by login. ``admit`` None: everybody whose keys wait.

    ``delegate`` may sign for the tracks of their log until ``until``; ``undelegate`` no longer.
    """

    admit: Collection[str] | None = None
    remove: Collection[str] = ()
    delegate: Collection[str] = ()
    undelegate: Collection[str] = ()
    until: date | None = None


@dataclass(frozen=True)
class Installed:
    """The manifest that counts from now on, and by name who came and who left."""

    sequence: int
    came: tuple[str, ...]
    left: tuple[str, ...]


def request(ctx: Context, wishes: Wishes) -> Request:
    """The next manifest, unsigned, with the chain before it. Raises ManifestImpossible, and Refusal as `propose`."""
    with ctx.store.read() as tx:
        chain = _chain(tx)
        waiting = {row.login: row for row in enrolments.every(tx)}
        chosen = _chosen(waiting, wishes.admit)
        if not chain:
            return Request(_first(ctx, tx, chosen, wishes), ())
        directory = ctx.directory(tx)
        keys = {row.id: row.dual_public for row in officers.all_officers(tx)}
        known = {reader.login: reader for reader in directory.current.readers}
        known |= {row.login: _reader(row) for row in chosen}
        choices = Choices(
            admit=tuple(row.officer for row in chosen),
            remove=tuple(_known(known, login).id for login in wishes.remove),
            delegate=tuple(_delegate(ctx, _known(known, login), wishes) for login in wishes.delegate),
            undelegate=tuple(_known(known, login).id for login in wishes.undelegate),
        )
        enrolled = {row.officer: row for row in waiting.values()}
        keys |= {row.officer: row.dual_public for row in chosen}
        made = propose(directory, chain[-1].body, Power(), choices, enrolled, keys, ctx.clock.today())
        return Request(made.manifest, tuple(chain))


def without_keys(ctx: Context) -> list[str]:
    """Whoever was invited and has made no keys, so that no manifest can hold them: names with logins, by login."""
    with ctx.store.read() as tx:
        made = {row.officer for row in enrolments.every(tx)}
        return [f"{row.name} ({row.login})" for row in invitations.every(tx) if row.officer not in made]


def install(ctx: Context, signed: SignedManifest) -> Installed:
    """Take in a signed manifest: verify it, store it, and make officers of those whom it admits.

    Raises ManifestRefused when it does not verify, does not follow the newest, or holds keys that nobody made here.
    """
    try:
        with ctx.store.write() as tx:
            chain = _chain(tx)
            before = verify_chain(chain, ctx.trust.root(), ctx.floor()).current if chain else None
            manifest = verify_chain([*chain, signed], ctx.trust.root(), 1).current
            _check_here(ctx, tx, manifest)
            step = changes(before, manifest)
            fresh = {reader.id: reader for reader in (*step.joins, *step.rekeyed)}
            for reader in fresh.values():
                take_in(tx, _enrolment(tx, reader))
            for reader in step.leaves:
                let_go(tx, reader.id)
            officers.insert_manifest(tx, row_of(manifest.sequence, signed))
            record_unsigned(ctx, tx, "manifest-installed", None)
    except Duplicate as error:
        raise ManifestRefused(f"manifest {manifest.sequence} was installed before") from error
    with ctx.store.read() as tx:
        ctx.directory(tx)  # raises the floor beside the data
    floor.raise_if_possible(ctx.settings.keys_dir, manifest.sequence)
    came, left = (tuple(sorted(reader.name for reader in some)) for some in (fresh.values(), step.leaves))
    return Installed(manifest.sequence, came, left)


def _chain(tx: Tx) -> list[SignedManifest]:
    return signed_rows(officers.all_manifests(tx))


def _check_here(ctx: Context, tx: Tx, manifest: Manifest) -> None:
    """It is of this installation, and its recovery keys are those of the keys folder. Raises ManifestRefused."""
    if manifest.installation != settings.get_setting(tx, "installation"):
        raise ManifestRefused("the manifest is of another installation")
    for log in RECOVERY:
        if ctx.trust.recovery(log) != (manifest.recovery[log], manifest.recovery_sign.get(log)):
            raise ManifestRefused(f"the {log} recovery key is not the one in the keys folder")


def _enrolment(tx: Tx, reader: Reader) -> EnrolmentRow:
    """The waiting keys of ``reader``, which are those in the manifest. Raises ManifestRefused."""
    row = enrolments.get(tx, reader.id)
    if row is None or _reader(row) != reader:
        raise ManifestRefused(f"the keys of {reader.login} in the manifest are not those that wait here")
    return row


def _reader(row: EnrolmentRow) -> Reader:
    who = (row.officer, row.login, row.name, row.role, row.unit)
    return Reader(*who, row.hpke_public, row.sign_public, dual_hash(row.dual_public))


def _chosen(waiting: Mapping[str, EnrolmentRow], admit: Collection[str] | None) -> list[EnrolmentRow]:
    for login in admit or ():
        if login not in waiting:
            raise ManifestImpossible(f"{login} has made no keys yet, so cannot be admitted")
    return [row for login, row in waiting.items() if admit is None or login in admit]


def _known(known: Mapping[str, Reader], login: str) -> Reader:
    if login not in known:
        raise ManifestImpossible(f"there is no officer {login!r} in the manifest, nor among those whose keys wait")
    return known[login]


def _first(ctx: Context, tx: Tx, chosen: Sequence[EnrolmentRow], wishes: Wishes) -> Manifest:
    """Manifest 1. Raises ManifestImpossible."""
    if wishes.remove or wishes.undelegate:
        raise ManifestImpossible("there is no manifest yet, so nobody can be removed from one")
    installation = settings.get_setting(tx, "installation")
    if installation is None:
        raise ManifestImpossible("this database was not set up: run peluit setup first")
    readers = [_reader(row) for row in chosen]
    _check_tracks(readers)
    keys, known = {row.officer: row.dual_public for row in chosen}, {reader.login: reader for reader in readers}
    wanted = [_delegate(ctx, _known(known, login), wishes) for login in wishes.delegate]
    recovery = {log: ctx.trust.recovery(log) for log in RECOVERY}
    delegations = [Delegation(one.officer, keys[one.officer], one.tracks, one.until) for one in wanted]
    return first_manifest(installation, readers, recovery, ctx.clock.today(), delegations)


def _check_tracks(readers: Sequence[Reader]) -> None:
    for track in TRACKS.values():
        units = ", ".join(track.reader_units)
        if len([reader for reader in readers if reader.unit in track.reader_units]) < 2:
            raise ManifestImpossible(f"track {track.code} needs two officers of {units} who made their keys")
        if not any(reader.unit == track.custodian for reader in readers):
            raise ManifestImpossible(f"track {track.code} needs an officer of {track.custodian} who made their keys")


def _delegate(ctx: Context, reader: Reader, wishes: Wishes) -> Delegate:
    """Whoever may sign does so for the tracks of one log: the log of the tracks that they read."""
    if reader.role not in ROLES or "manifest.sign" not in ROLES[reader.role].permissions:
        raise ManifestImpossible(f"{reader.login} is {reader.role}, whose role signs no manifests")
    logs = {track.log for track in TRACKS.values() if reader.unit in track.reader_units}
    if len(logs) != 1:
        raise ManifestImpossible(f"{reader.login} reads tracks of both logs, so cannot be delegated to")
    tracks = tuple(code for code, track in TRACKS.items() if track.log in logs)
    until = wishes.until or ctx.clock.today() + timedelta(days=MANIFEST_DAYS)
    return Delegate(reader.id, tracks, until)
