"""The recipients manifest: who may be sealed in, signed by the root key or by whom the root delegates.

Manifests form a chain (sequence, hash of the one before). Nothing is sealed to a key that is not in the newest
manifest of a chain that verifies against the root's public key, and no manifest below the floor is accepted, so
that neither an added recipient nor an old manifest put back gains a reader.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from whistle.casefile.chain_rules import check_delegate, check_inside, check_link
from whistle.casefile.recipients import (
    RECOVERY,
    REPORTER,
    Acting,
    Delegation,
    Manifest,
    ManifestRefused,
    Reader,
    custodian_units,
    dual_hash,
    reading_units,
)
from whistle.crypto.signing import dual_sign, dual_verify
from whistle.crypto.suite import LABELS, Refused
from whistle.domain.routes import units_for

__all__ = [
    "RECOVERY",
    "RECOVERY_NAME",
    "REPORTER",
    "Acting",
    "Delegation",
    "Directory",
    "Manifest",
    "ManifestRefused",
    "Reader",
    "SignedManifest",
    "dual_hash",
    "next_manifest",
    "sign_manifest",
    "verify_chain",
]

RECOVERY_NAME = "recovery"  # where an officer's name stands; pages put it into words


@dataclass(frozen=True)
class SignedManifest:
    """A manifest's body with its dual signature, the dual public key that made it, and its officers' names."""

    body: bytes
    signature: bytes
    signer: bytes
    names: bytes = b""

    def manifest(self, named: bool = True) -> Manifest:
        """What it says, with the names or without. Raises ManifestRefused."""
        return Manifest.from_bytes(self.body, self.names if named else None)


def sign_manifest(manifest: Manifest, seed: bytes, signer: bytes) -> SignedManifest:
    """Sign with a 64-byte dual seed whose public key is ``signer``."""
    body = manifest.to_bytes()
    return SignedManifest(body, dual_sign(seed, LABELS["manifest"], body), signer, manifest.names())


@dataclass(frozen=True)
class Directory:
    """What a verified chain of manifests says: the newest manifest, and every officer it ever admitted.

    Officers who left stay known, so that what they signed while admitted still verifies.
    """

    current: Manifest
    officers: Mapping[bytes, Reader]
    track_readers: Mapping[str, frozenset[bytes]]  # every reader a track ever had, acting ones included
    sign_keys: Mapping[bytes, tuple[bytes, ...]]  # every Ed25519 key an officer (or recovery) ever had, newest first
    units: Mapping[bytes, frozenset[str]]  # every unit an officer ever had, or acted for
    changed: Mapping[bytes, int]  # the manifest that last changed an officer's keys or what they are named for, or
    # that left them out
    lost: Mapping[bytes, int]  # of who lacks a unit or track that they once had: the manifest that last took one away
    manifests: Sequence[Manifest]  # by sequence

    @property
    def installation(self) -> bytes:
        return self.current.installation

    def manifest(self, sequence: int) -> Manifest:
        """The manifest of that sequence; the first or the newest for one that is not there."""
        return self.manifests[min(max(sequence, 1), len(self.manifests)) - 1]

    def may_be_named(self, officer: bytes, track: str) -> bool:
        """Whether a case of ``track`` may ever have been given to ``officer``: as a reader, or by a route to a unit."""
        if officer in self.track_readers.get(track, frozenset()):
            return True
        return not self.units.get(officer, frozenset()).isdisjoint(units_for(track))

    def name(self, officer: bytes) -> str:
        """The officer's name; `RECOVERY_NAME` for a recovery key; the id's start where it is unknown."""
        if officer in RECOVERY.values():
            return RECOVERY_NAME
        reader = self.officers.get(officer)
        return reader.name if reader else officer.hex()[:8]


def verify_chain(chain: Sequence[SignedManifest], root: bytes, floor: int, named: bool = True) -> Directory:
    """The directory of a chain in sequence order. Raises ManifestRefused when any link fails.

    ``root`` is the dual public key from keys/root.pub; ``floor`` the lowest sequence that may be the newest. ``named``
    False: without officers' names, which whoever only seals does not need.
    """
    if not chain:
        raise ManifestRefused("there is no manifest")
    previous: Manifest | None = None
    found = _Found()
    previous_hash = bytes(32)
    manifests: list[Manifest] = []
    for signed in chain:
        manifest = signed.manifest(named)
        check_link(manifest, previous, previous_hash)
        if signed.signer != root:
            check_delegate(signed.signer, manifest, previous, found.officers)
        _check_signature(signed, manifest)
        check_inside(manifest)
        found.take_in(manifest)
        manifests.append(manifest)
        previous, previous_hash = manifest, hashlib.sha256(signed.body).digest()
    if previous is None or previous.sequence < floor:
        raise ManifestRefused("the newest manifest is below the floor: an old one was put back")
    tracks = {track: frozenset(ids) for track, ids in found.tracks.items()}
    units = {officer: frozenset(units) for officer, units in found.units.items()}
    lost = found.lost()
    return Directory(previous, found.officers, tracks, found.keys, units, found.changed, lost, tuple(manifests))


def next_manifest(current: SignedManifest, **changes: Any) -> Manifest:
    """The manifest that follows ``current``, with ``changes`` applied, still unsigned."""
    manifest = current.manifest()
    digest = hashlib.sha256(current.body).digest()
    return replace(manifest, sequence=manifest.sequence + 1, previous=digest, **changes)


@dataclass
class _Found:
    """What the links of a chain add up to."""

    officers: dict[bytes, Reader] = field(default_factory=dict)
    tracks: dict[str, set[bytes]] = field(default_factory=dict)
    keys: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    units: dict[bytes, set[str]] = field(default_factory=dict)
    changed: dict[bytes, int] = field(default_factory=dict)
    _named: dict[bytes, object] = field(default_factory=dict)  # what the newest manifest names each officer for
    _posts: dict[bytes, frozenset[str]] = field(default_factory=dict)  # the units and tracks of the newest manifest
    _all_posts: dict[bytes, frozenset[str]] = field(default_factory=dict)  # of all manifests
    _took: dict[bytes, int] = field(default_factory=dict)  # the manifest that last took a unit or track away

    def take_in(self, manifest: Manifest) -> None:
        for reader in manifest.readers:
            self.officers[reader.id] = reader
            self._key(reader.id, reader.sign)
            self.units.setdefault(reader.id, set()).add(reader.unit)
        for one in manifest.acting:
            self.units.setdefault(one.officer, set()).add(one.unit)
        self._note_changes(manifest)
        self._note_posts(manifest)
        for log, key in manifest.recovery_sign.items():
            self._key(RECOVERY[log], key)
        for track, ids in manifest.tracks.items():
            units = {*reading_units(track), *custodian_units(track)}
            acting = (acting.officer for acting in manifest.acting if acting.unit in units)
            self.tracks.setdefault(track, set()).update(ids, acting)

    def _note_changes(self, manifest: Manifest) -> None:
        named = {reader.id: _named_for(manifest, reader) for reader in manifest.readers}
        for officer in named.keys() | self._named.keys():
            if named.get(officer) != self._named.get(officer):
                self.changed[officer] = manifest.sequence
        self._named = named

    def _note_posts(self, manifest: Manifest) -> None:
        posts = {reader.id: _posts_of(manifest, reader) for reader in manifest.readers}
        for officer, before in self._posts.items():
            if not before <= posts.get(officer, frozenset()):
                self._took[officer] = manifest.sequence
        for officer, now in posts.items():
            self._all_posts[officer] = self._all_posts.get(officer, frozenset()) | now
        self._posts = posts

    def lost(self) -> dict[bytes, int]:
        """Of everybody who lacks a unit or track that they once had, the manifest that last took one away."""
        return {
            officer: sequence
            for officer, sequence in self._took.items()
            if not self._all_posts[officer] <= self._posts.get(officer, frozenset())
        }

    def _key(self, owner: bytes, key: bytes) -> None:
        known = self.keys.get(owner, ())
        self.keys[owner] = (key, *(other for other in known if other != key))


def _named_for(manifest: Manifest, reader: Reader) -> object:
    """All of a manifest by which cases and keys come to an officer."""
    tracks = frozenset(track for track, ids in manifest.tracks.items() if reader.id in ids)
    holds = frozenset(track for track, ids in manifest.custodians.items() if reader.id in ids)
    acting = frozenset(acting for acting in manifest.acting if acting.officer == reader.id)
    return reader.hpke, reader.sign, reader.unit, tracks, holds, acting


def _posts_of(manifest: Manifest, reader: Reader) -> frozenset[str]:
    """The officer's unit and tracks: by these they read for as long as they have them. Acting ends by its days."""
    return frozenset({f"unit {reader.unit}", *(track for track, ids in manifest.tracks.items() if reader.id in ids)})


def _check_signature(signed: SignedManifest, manifest: Manifest) -> None:
    try:
        dual_verify(signed.signer, LABELS["manifest"], signed.body, signed.signature)
    except Refused as error:
        raise ManifestRefused(f"the signature of manifest {manifest.sequence} is wrong") from error
