"""The next manifest as it would follow from what a signer chose, with what it changes; nothing is signed here."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from whistle.casefile.chain_rules import beyond, delegation_of
from whistle.casefile.manifest import Acting, Delegation, Directory, Manifest, Reader, dual_hash
from whistle.casefile.manifest_changes import Changes, changes
from whistle.crypto.suite import Refused, hpke_seal
from whistle.domain.roles import ROLES, UNITS
from whistle.domain.tracks import TRACKS
from whistle.services.invitations import units_of
from whistle.services.refusals import Refusal
from whistle.services.setup import MANIFEST_DAYS
from whistle.store.rows import EnrolmentRow, OfficerRow

LONGEST_ACTING = 366  # days; a longer one is decided anew


@dataclass(frozen=True)
class Power:
    """By what an officer signs: the root key in the vault (``delegation`` None), or what the root delegated."""

    delegation: Delegation | None = None

    @property
    def root(self) -> bool:
        return self.delegation is None


@dataclass(frozen=True)
class Delegate:
    """Who shall sign for ``tracks`` up to ``until``, this day included."""

    officer: bytes
    tracks: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class Choices:
    """What a signer wants of the next manifest; all empty is a renewal. Officers by id, entries that end by value."""

    admit: tuple[bytes, ...] = ()
    remove: tuple[bytes, ...] = ()
    act: tuple[Acting, ...] = ()
    end_acting: tuple[Acting, ...] = ()
    delegate: tuple[Delegate, ...] = ()
    undelegate: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """``digest`` (hex) names exactly this manifest: what is signed is what was shown, or nothing."""

    manifest: Manifest
    changes: Changes
    admitted: tuple[EnrolmentRow, ...]
    power: Power
    digest: str = field(default="")


def power_of(directory: Directory, row: OfficerRow, today: date) -> Power | None:
    """By what this officer may sign on ``today``; None when by nothing."""
    if row.root is not None:
        return Power()
    delegation = delegation_of(row.dual_public, directory.current)
    if delegation is None or delegation.officer != row.id or today > delegation.until:
        return None
    return Power(delegation)


def propose(
    directory: Directory,
    previous: bytes,
    power: Power,
    choices: Choices,
    enrolled: Mapping[bytes, EnrolmentRow],
    keys: Mapping[bytes, bytes],
    today: date,
) -> Proposal:
    """The manifest after ``choices``. ``previous``: the newest body; ``keys``: dual public keys of officers, by id.

    Raises Refusal: "gone" (what was chosen is not there any more), "both", "bad_keys", "unit_of_role", "login_taken",
    "two_readers", "no_custodian", "beyond", "root_only", or one of `check_acting`, `_acting` and `_delegations`.
    """
    now = directory.current
    for id_ in {*choices.admit} & {*choices.remove} & now.by_id.keys():
        raise Refusal("both", name=now.by_id[id_].name)
    if not all(id_ in enrolled for id_ in choices.admit) or not all(id_ in now.by_id for id_ in choices.remove):
        raise Refusal("gone")
    admitted = tuple(enrolled[id_] for id_ in choices.admit)
    if any(row.login != directory.officers[row.officer].login for row in admitted if row.officer in directory.officers):
        raise Refusal("gone")  # an id of somebody else, who may have left, was put into the database
    readers = _readers(now, admitted, choices.remove)
    issued = max(today, now.issued)
    manifest = replace(
        now,
        sequence=now.sequence + 1,
        previous=hashlib.sha256(previous).digest(),
        issued=issued,
        expires=issued + timedelta(days=MANIFEST_DAYS),
        readers=tuple(readers),
        tracks=_places(now.tracks, readers, admitted, choices.remove, power, _reads),
        custodians=_places(now.custodians, readers, admitted, choices.remove, power, _holds),
        acting=_acting(now, choices, {reader.id for reader in readers}, issued),
        delegations=now.delegations if power.delegation else _delegations(now, choices, readers, keys, issued),
    )
    if power.delegation and (choices.delegate or choices.undelegate):
        raise Refusal("root_only")
    moved = {row.officer for row in admitted}
    for acting in manifest.acting:
        if acting in choices.act or acting.officer in moved:
            check_acting(manifest, acting, today)
    _check_tracks(manifest)
    if power.delegation and beyond(power.delegation, manifest, now, directory.officers):
        raise Refusal("beyond", tracks=power.delegation.tracks)
    digest = hashlib.sha256(manifest.to_bytes()).hexdigest()
    return Proposal(manifest, changes(now, manifest), admitted, power, digest)


def check_acting(manifest: Manifest, acting: Acting, today: date) -> None:
    """Raises Refusal "gone", "acting_days", "_over", "_long", "_role", "_own" or "_logs"."""
    reader = manifest.by_id.get(acting.officer)
    if reader is None or acting.unit not in UNITS:
        raise Refusal("gone")
    if acting.last < acting.first:
        raise Refusal("acting_days")
    if acting.last < today:
        raise Refusal("acting_over")
    if (acting.last - acting.first).days > LONGEST_ACTING:
        raise Refusal("acting_long", days=LONGEST_ACTING)
    if reader.role not in ROLES or "case.open" not in ROLES[reader.role].permissions:
        raise Refusal("acting_role", name=reader.name)
    if reader.unit == acting.unit:
        raise Refusal("acting_own", name=reader.name, unit=acting.unit)
    others = {other.unit for other in manifest.acting if other.officer == acting.officer}
    if len(_logs({reader.unit, acting.unit, *others})) > 1:
        raise Refusal("acting_logs", name=reader.name)


def _logs(units: Iterable[str]) -> set[str]:
    """The logs whose tracks these units read: nobody stands on both sides, since the outer reads about the inner."""
    units = set(units)
    return {track.log for track in TRACKS.values() if units & {*track.reader_units, track.custodian}}


def _readers(now: Manifest, admitted: Iterable[EnrolmentRow], removed: Iterable[bytes]) -> list[Reader]:
    gone = set(removed)
    readers = {reader.id: reader for reader in now.readers if reader.id not in gone}
    for row in admitted:
        if row.role not in ROLES or row.unit not in units_of(row.role):
            raise Refusal("unit_of_role", role=row.role)
        try:
            hpke_seal(row.hpke_public, b"", b"")
        except Refused as error:
            raise Refusal("bad_keys", name=row.name) from error
        keys = (row.hpke_public, row.sign_public, dual_hash(row.dual_public))
        readers[row.officer] = Reader(row.officer, row.login, row.name, row.role, row.unit, *keys)
    if len({reader.login for reader in readers.values()}) < len(readers):
        raise Refusal("login_taken")
    return list(readers.values())


def _reads(track: str, unit: str) -> bool:
    return unit in TRACKS[track].reader_units


def _holds(track: str, unit: str) -> bool:
    return unit == TRACKS[track].custodian


def _places(
    now: Mapping[str, tuple[bytes, ...]],
    readers: Iterable[Reader],
    admitted: Iterable[EnrolmentRow],
    removed: Iterable[bytes],
    power: Power,
    belongs: Callable[[str, str], bool],
) -> dict[str, tuple[bytes, ...]]:
    """Who stands on which track. Only those who come or go are moved; the root fills a track that is new here."""
    moved = {row.officer for row in admitted}
    gone, all_readers = set(removed), list(readers)
    places = {}
    for track, ids in now.items():
        joining = [r.id for r in all_readers if r.id in moved and track in TRACKS and belongs(track, r.unit)]
        staying = [id_ for id_ in ids if id_ not in gone and (id_ not in moved or id_ in joining)]
        places[track] = tuple(dict.fromkeys((*staying, *joining)))
    if power.root:
        for track in TRACKS.keys() - now.keys():
            places[track] = tuple(reader.id for reader in all_readers if belongs(track, reader.unit))
    return places


def _acting(now: Manifest, choices: Choices, known: set[bytes], issued: date) -> tuple[Acting, ...]:
    """Those that go on and the new ones; what is over, and who left, goes. Raises Refusal "gone" or "acting_twice"."""
    if not set(choices.end_acting) <= set(now.acting):
        raise Refusal("gone")
    going_on = [acting for acting in now.acting if acting not in choices.end_acting]
    going_on = [acting for acting in going_on if acting.last >= issued and acting.officer in known]
    for new in choices.act:
        for other in going_on:
            if _same_post(new, other) and new.first <= other.last and other.first <= new.last:
                raise Refusal("acting_twice", name=now.by_id[other.officer].name, first=other.first, last=other.last)
    return tuple(dict.fromkeys((*going_on, *choices.act)))


def _same_post(one: Acting, other: Acting) -> bool:
    return (one.officer, one.unit) == (other.officer, other.unit)


def _delegations(
    now: Manifest, choices: Choices, readers: Iterable[Reader], keys: Mapping[bytes, bytes], issued: date
) -> tuple[Delegation, ...]:
    """Raises Refusal "gone", "delegate_role", "delegate_days", "delegate_tracks", "delegate_keys"."""
    known = {reader.id: reader for reader in readers}
    if not set(choices.undelegate) <= {delegation.officer for delegation in now.delegations}:
        raise Refusal("gone")
    replaced = {*choices.undelegate, *(new.officer for new in choices.delegate)}
    kept = [
        delegation
        for delegation in now.delegations
        if delegation.officer in known
        and delegation.officer not in replaced
        and delegation.until >= issued
        and dual_hash(delegation.key) == known[delegation.officer].dual
    ]
    for new in choices.delegate:
        kept.append(Delegation(new.officer, _delegate_key(new, known, keys, issued), new.tracks, new.until))
    return tuple(kept)


def _delegate_key(new: Delegate, known: Mapping[bytes, Reader], keys: Mapping[bytes, bytes], issued: date) -> bytes:
    reader, key = known.get(new.officer), keys.get(new.officer, b"")
    if reader is None:
        raise Refusal("gone")
    if "manifest.sign" not in ROLES[reader.role].permissions:
        raise Refusal("delegate_role", name=reader.name)
    if not new.tracks or not set(new.tracks) <= TRACKS.keys():
        raise Refusal("delegate_tracks")
    if not issued <= new.until <= issued + timedelta(days=MANIFEST_DAYS):
        raise Refusal("delegate_days", days=MANIFEST_DAYS)
    if not key or dual_hash(key) != reader.dual:  # the row's key is not the one that was admitted
        raise Refusal("delegate_keys", name=reader.name)
    return key


def _check_tracks(manifest: Manifest) -> None:
    for track, ids in manifest.tracks.items():
        if len(set(ids)) < 2:
            raise Refusal("two_readers", track=track)
        if not manifest.custodians.get(track):
            raise Refusal("no_custodian", track=track)
