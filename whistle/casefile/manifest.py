"""The recipients manifest: who may be sealed in, signed by the root key or by whom the root delegates.

Manifests form a chain (sequence, hash of the one before). Nothing is sealed to a key that is not in the newest
manifest of a chain that verifies against the root's public key, and no manifest below the floor is accepted, so
that neither an added recipient nor an old manifest put back gains a reader.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from whistle.casefile import canon
from whistle.crypto.signing import dual_sign, dual_verify
from whistle.crypto.suite import LABELS, Refused
from whistle.domain.routes import units_for

VERSION = 1
REPORTER = bytes(16)  # the reader id of every reporter in their own case
RECOVERY = {"inner": b"recovery-inner\0\0", "outer": b"recovery-outer\0\0"}  # reader ids of the recovery keys


class ManifestRefused(Exception):
    """A manifest, or a step in the chain, does not hold. The message says which and why."""


@dataclass(frozen=True)
class Reader:
    """An officer whom the root admits: 16-byte id, X-Wing public key (1,216 B), Ed25519 public key (32 B)."""

    id: bytes
    login: str
    name: str
    role: str
    unit: str
    hpke: bytes
    sign: bytes


@dataclass(frozen=True)
class Delegation:
    """``key`` (Ed25519 || ML-DSA-65) may sign manifests that change the readers of ``tracks``, up to ``until``."""

    officer: bytes
    key: bytes
    tracks: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class Manifest:
    """Readers per track and their public keys; see DESIGN's envelope and docs/envelope.md."""

    installation: bytes
    sequence: int
    previous: bytes  # SHA-256 of the body before, 32 zero bytes for the first
    issued: date
    expires: date
    readers: tuple[Reader, ...]
    tracks: Mapping[str, tuple[bytes, ...]]
    custodians: Mapping[str, tuple[bytes, ...]]
    recovery: Mapping[str, bytes]
    delegations: tuple[Delegation, ...] = ()

    @cached_property
    def by_id(self) -> dict[bytes, Reader]:
        return {reader.id: reader for reader in self.readers}

    def readers_of(self, track: str) -> list[Reader]:
        """The readers whom a new report on ``track`` is sealed to."""
        return [self.by_id[id_] for id_ in self.tracks[track]]

    def unit(self, unit: str) -> list[Reader]:
        """The officers of a unit."""
        return [reader for reader in self.readers if reader.unit == unit]

    def to_bytes(self) -> bytes:
        """The canonical body that is signed."""
        return canon.dumps(
            {
                "v": VERSION,
                "installation": self.installation.hex(),
                "sequence": self.sequence,
                "previous": self.previous.hex(),
                "issued": self.issued.isoformat(),
                "expires": self.expires.isoformat(),
                "readers": [_reader_to_dict(reader) for reader in self.readers],
                "tracks": {track: [id_.hex() for id_ in ids] for track, ids in self.tracks.items()},
                "custodians": {track: [id_.hex() for id_ in ids] for track, ids in self.custodians.items()},
                "recovery": {log: _b64(key) for log, key in self.recovery.items()},
                "delegations": [
                    {
                        "officer": d.officer.hex(),
                        "key": _b64(d.key),
                        "tracks": list(d.tracks),
                        "until": d.until.isoformat(),
                    }
                    for d in self.delegations
                ],
            }
        )

    @classmethod
    def from_bytes(cls, body: bytes) -> "Manifest":
        """The reverse of `to_bytes`. Raises ManifestRefused for anything malformed."""
        try:
            data = canon.loads(body)
            if data["v"] != VERSION:
                raise ManifestRefused(f"manifest version {data['v']} is unknown")
            return cls(
                installation=bytes.fromhex(data["installation"]),
                sequence=data["sequence"],
                previous=bytes.fromhex(data["previous"]),
                issued=date.fromisoformat(data["issued"]),
                expires=date.fromisoformat(data["expires"]),
                readers=tuple(_reader_from_dict(item) for item in data["readers"]),
                tracks=_ids(data["tracks"]),
                custodians=_ids(data["custodians"]),
                recovery={log: base64.b64decode(key) for log, key in data["recovery"].items()},
                delegations=tuple(
                    Delegation(
                        bytes.fromhex(d["officer"]),
                        base64.b64decode(d["key"]),
                        tuple(d["tracks"]),
                        date.fromisoformat(d["until"]),
                    )
                    for d in data["delegations"]
                ),
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise ManifestRefused(f"manifest cannot be read: {error}") from error


@dataclass(frozen=True)
class SignedManifest:
    """A manifest's body with its dual signature and the dual public key that made it."""

    body: bytes
    signature: bytes
    signer: bytes


def sign_manifest(manifest: Manifest, seed: bytes, signer: bytes) -> SignedManifest:
    """Sign with a 64-byte dual seed whose public key is ``signer``."""
    body = manifest.to_bytes()
    return SignedManifest(body, dual_sign(seed, LABELS["manifest"], body), signer)


@dataclass(frozen=True)
class Directory:
    """What a verified chain of manifests says: the newest manifest, and every officer it ever admitted.

    Officers who left stay known, so that what they signed while admitted still verifies.
    """

    current: Manifest
    officers: Mapping[bytes, Reader]
    track_readers: Mapping[str, frozenset[bytes]]  # every reader a track ever had
    sign_keys: Mapping[bytes, tuple[bytes, ...]]  # every Ed25519 key an officer ever had, the newest first

    @property
    def installation(self) -> bytes:
        return self.current.installation

    def name(self, officer: bytes) -> str:
        """The officer's name, or the id's start where it is unknown."""
        reader = self.officers.get(officer)
        return reader.name if reader else officer.hex()[:8]


def verify_chain(chain: Sequence[SignedManifest], root: bytes, floor: int) -> Directory:
    """The directory of a chain in sequence order. Raises ManifestRefused when any link fails.

    ``root`` is the dual public key from keys/root.pub; ``floor`` the lowest sequence that may be the newest.
    """
    if not chain:
        raise ManifestRefused("there is no manifest")
    previous: Manifest | None = None
    officers: dict[bytes, Reader] = {}
    tracks: dict[str, set[bytes]] = {}
    keys: dict[bytes, tuple[bytes, ...]] = {}
    previous_hash = bytes(32)
    for signed in chain:
        manifest = Manifest.from_bytes(signed.body)
        _check_link(manifest, previous, previous_hash)
        _check_signature(signed, manifest, previous, root)
        _check_inside(manifest)
        for reader in manifest.readers:
            officers[reader.id] = reader
            known = keys.get(reader.id, ())
            keys[reader.id] = (reader.sign, *(key for key in known if key != reader.sign))
        for track, ids in manifest.tracks.items():
            tracks.setdefault(track, set()).update(ids)
        previous, previous_hash = manifest, hashlib.sha256(signed.body).digest()
    if previous is None or previous.sequence < floor:
        raise ManifestRefused("the newest manifest is below the floor: an old one was put back")
    frozen = {track: frozenset(ids) for track, ids in tracks.items()}
    return Directory(previous, officers, frozen, keys)


def next_manifest(current: SignedManifest, **changes: Any) -> Manifest:
    """The manifest that follows ``current``, with ``changes`` applied, still unsigned."""
    manifest = Manifest.from_bytes(current.body)
    digest = hashlib.sha256(current.body).digest()
    return replace(manifest, sequence=manifest.sequence + 1, previous=digest, **changes)


def _check_link(manifest: Manifest, previous: Manifest | None, previous_hash: bytes) -> None:
    expected = previous.sequence + 1 if previous else 1
    if manifest.sequence != expected or manifest.previous != previous_hash:
        raise ManifestRefused(f"manifest {manifest.sequence} does not follow the one before")
    if previous and manifest.installation != previous.installation:
        raise ManifestRefused(f"manifest {manifest.sequence} is of another installation")


def _check_signature(signed: SignedManifest, manifest: Manifest, previous: Manifest | None, root: bytes) -> None:
    if signed.signer != root:
        delegation = _delegation_for(signed.signer, manifest, previous)
        _check_only_delegated(manifest, previous, delegation)
    try:
        dual_verify(signed.signer, LABELS["manifest"], signed.body, signed.signature)
    except Refused as error:
        raise ManifestRefused(f"the signature of manifest {manifest.sequence} is wrong") from error


def _delegation_for(signer: bytes, manifest: Manifest, previous: Manifest | None) -> Delegation:
    for delegation in previous.delegations if previous else ():
        if delegation.key == signer and manifest.issued <= delegation.until:
            return delegation
    raise ManifestRefused(f"manifest {manifest.sequence} is signed by nobody whom the root delegated")


def _check_only_delegated(manifest: Manifest, previous: Manifest | None, delegation: Delegation) -> None:
    """A delegate may change readers and the tracks named to them, and nothing that the root keeps for itself."""
    if previous is None:
        raise ManifestRefused("the first manifest is signed by the root alone")
    kept = (manifest.recovery == previous.recovery, manifest.delegations == previous.delegations)
    changed = {
        track
        for track in manifest.tracks.keys() | previous.tracks.keys()
        if manifest.tracks.get(track) != previous.tracks.get(track)
        or manifest.custodians.get(track) != previous.custodians.get(track)
        or _keys_of(manifest, track) != _keys_of(previous, track)
    }
    moved = set(manifest.readers) ^ set(previous.readers)
    reach = {unit for track in delegation.tracks for unit in units_for(track)}
    if not all(kept) or not changed <= set(delegation.tracks) or not {reader.unit for reader in moved} <= reach:
        raise ManifestRefused(f"manifest {manifest.sequence} changes more than its signer may")


def _keys_of(manifest: Manifest, track: str) -> set[bytes]:
    """The keys sealed to on a track, custodians included: an admitted reader's key may not be swapped either."""
    ids = {*manifest.tracks.get(track, ()), *manifest.custodians.get(track, ())}
    return {manifest.by_id[id_].hpke + manifest.by_id[id_].sign for id_ in ids if id_ in manifest.by_id}


def _check_inside(manifest: Manifest) -> None:
    known = manifest.by_id.keys()
    for track, ids in (*manifest.tracks.items(), *manifest.custodians.items()):
        if not set(ids) <= known:
            raise ManifestRefused(f"track {track} names a reader who is not in the manifest")
    for track, ids in manifest.tracks.items():
        if len(set(ids)) < 2:
            raise ManifestRefused(f"track {track} has fewer than two readers")
    if set(manifest.recovery) != {"inner", "outer"}:
        raise ManifestRefused("a recovery key is missing")


def _reader_to_dict(reader: Reader) -> dict[str, str]:
    return {
        "id": reader.id.hex(),
        "login": reader.login,
        "name": reader.name,
        "role": reader.role,
        "unit": reader.unit,
        "hpke": _b64(reader.hpke),
        "sign": _b64(reader.sign),
    }


def _reader_from_dict(data: Mapping[str, str]) -> Reader:
    return Reader(
        bytes.fromhex(data["id"]),
        data["login"],
        data["name"],
        data["role"],
        data["unit"],
        base64.b64decode(data["hpke"]),
        base64.b64decode(data["sign"]),
    )


def _ids(data: Mapping[str, Iterable[str]]) -> dict[str, tuple[bytes, ...]]:
    return {track: tuple(bytes.fromhex(id_) for id_ in ids) for track, ids in data.items()}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
