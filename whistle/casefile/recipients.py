"""What a recipients manifest says: the officers, who reads each track, who acts for whom, who may sign the next one."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from whistle.casefile import canon, manifest_names
from whistle.domain.tracks import TRACKS

VERSION = 3
REPORTER = bytes(16)  # the reader id of every reporter in their own case
RECOVERY = {"inner": b"recovery-inner\0\0", "outer": b"recovery-outer\0\0"}  # reader ids of the recovery keys
PLT, PLH = "plt", "plh"  # acting for a vacant post, acting during an absence (UU 30/2014 art. 14)


class ManifestRefused(Exception):
    """A manifest, or a step in the chain, does not hold. The message says which and why."""


@dataclass(frozen=True)
class Reader:
    """An officer whom a signed manifest admits: 16-byte id, X-Wing public key (1,216 B), Ed25519 public key (32 B).

    ``dual`` is the SHA-256 of the officer's dual public key, empty for an officer who has none. ``login`` and ``name``
    are empty where the manifest was read without its names.
    """

    id: bytes
    login: str
    name: str
    role: str
    unit: str
    hpke: bytes
    sign: bytes
    dual: bytes = b""


@dataclass(frozen=True)
class Delegation:
    """``key`` (Ed25519 || ML-DSA-65) may sign manifests that change the readers of ``tracks``, up to ``until``."""

    officer: bytes
    key: bytes
    tracks: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class Acting:
    """``officer`` acts for the unit (``kind`` "plt" or "plh") from ``first`` to ``last``, both days included.

    ``letter`` is the number of the letter that says so. Within the days the officer reads the unit's tracks and may
    what the unit's role may, beside everything of their own.
    """

    officer: bytes
    unit: str
    kind: str
    first: date
    last: date
    letter: str

    def holds(self, day: date) -> bool:
        """Whether it is in force on ``day``."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Manifest:
    """Readers per track and their public keys; see docs/envelope.md."""

    installation: bytes
    sequence: int
    previous: bytes  # SHA-256 of the body before, 32 zero bytes for the first
    issued: date
    expires: date
    readers: tuple[Reader, ...]
    tracks: Mapping[str, tuple[bytes, ...]]
    custodians: Mapping[str, tuple[bytes, ...]]
    recovery: Mapping[str, bytes]  # X-Wing public keys, by log
    delegations: tuple[Delegation, ...] = ()
    acting: tuple[Acting, ...] = ()
    recovery_sign: Mapping[str, bytes] = field(default_factory=dict)  # Ed25519 public keys, by log
    salt: bytes = field(default=b"", repr=False)  # of the names (32 B); empty where it was read without them

    @cached_property
    def by_id(self) -> dict[bytes, Reader]:
        return {reader.id: reader for reader in self.readers}

    def readers_of(self, track: str, day: date) -> list[Reader]:
        """The readers whom a new report on ``track`` is sealed to on ``day``, acting ones last."""
        return self._with_acting(self.tracks[track], day, reading_units(track))

    def custodians_of(self, track: str, day: date) -> list[Reader]:
        """Who holds the identity record of a report that comes in on ``day``, acting ones last."""
        return self._with_acting(self.custodians[track], day, custodian_units(track))

    def unit(self, unit: str, day: date) -> list[Reader]:
        """The officers of a unit, and who acts for it on ``day``."""
        own = (reader.id for reader in self.readers if reader.unit == unit)
        return self._with_acting(own, day, (unit,))

    def acting_of(self, officer: bytes, day: date) -> tuple[Acting, ...]:
        """What ``officer`` acts for on ``day``."""
        return tuple(acting for acting in self.acting if acting.officer == officer and acting.holds(day))

    def _with_acting(self, own: Iterable[bytes], day: date, units: tuple[str, ...]) -> list[Reader]:
        more = (acting.officer for acting in self.acting if acting.unit in units and acting.holds(day))
        return [self.by_id[id_] for id_ in dict.fromkeys((*own, *more)) if id_ in self.by_id]

    def names(self) -> bytes:
        """Logins and names, which stand beside the body. Raises ManifestRefused where it was read without them."""
        if not self.salt:
            raise ManifestRefused(f"manifest {self.sequence} was read without its officers' names")
        return manifest_names.pack(self.salt, {reader.id: (reader.login, reader.name) for reader in self.readers})

    def to_bytes(self) -> bytes:
        """The canonical body that is signed, without names. Raises ManifestRefused as `names`."""
        return canon.dumps(
            {
                "v": VERSION,
                "installation": self.installation.hex(),
                "sequence": self.sequence,
                "previous": self.previous.hex(),
                "issued": self.issued.isoformat(),
                "expires": self.expires.isoformat(),
                "names": hashlib.sha256(self.names()).hexdigest(),
                "readers": [_reader_to_dict(reader) for reader in self.readers],
                "tracks": {track: [id_.hex() for id_ in ids] for track, ids in self.tracks.items()},
                "custodians": {track: [id_.hex() for id_ in ids] for track, ids in self.custodians.items()},
                "recovery": {log: _b64(key) for log, key in self.recovery.items()},
                "recovery_sign": {log: _b64(key) for log, key in self.recovery_sign.items()},
                "delegations": [_delegation_to_dict(delegation) for delegation in self.delegations],
                "acting": [_acting_to_dict(acting) for acting in self.acting],
            }
        )

    @classmethod
    def from_bytes(cls, body: bytes, names: bytes | None = None) -> "Manifest":
        """The reverse of `to_bytes`; ``names`` None: without them. Raises ManifestRefused for anything malformed."""
        try:
            data = canon.loads(body)
            if data["v"] != VERSION:
                raise ManifestRefused(f"manifest version {data['v']} is unknown")
            salt, known = (b"", None) if names is None else manifest_names.unpack(names, data["names"])
            readers = tuple(_reader_from_dict(item, known) for item in data["readers"])
            if known is not None and known.keys() != {reader.id for reader in readers}:
                raise ManifestRefused("the names of a manifest are not those of its officers")
            return cls(
                installation=bytes.fromhex(data["installation"]),
                sequence=data["sequence"],
                previous=bytes.fromhex(data["previous"]),
                issued=date.fromisoformat(data["issued"]),
                expires=date.fromisoformat(data["expires"]),
                readers=readers,
                tracks=_ids(data["tracks"]),
                custodians=_ids(data["custodians"]),
                recovery=_keys(data["recovery"]),
                delegations=tuple(_delegation_from_dict(item) for item in data["delegations"]),
                acting=tuple(_acting_from_dict(item) for item in data["acting"]),
                recovery_sign=_keys(data["recovery_sign"]),
                salt=salt,
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise ManifestRefused(f"manifest cannot be read: {error}") from error


def reading_units(track: str) -> tuple[str, ...]:
    """The units whose officers are sealed in on ``track``; none for a track that this installation does not know."""
    return TRACKS[track].reader_units if track in TRACKS else ()


def custodian_units(track: str) -> tuple[str, ...]:
    """The unit that holds the identity records of ``track``."""
    return (TRACKS[track].custodian,) if track in TRACKS else ()


def dual_hash(dual_public: bytes) -> bytes:
    """What a manifest holds of an officer's dual public key; empty for an officer who has none."""
    return hashlib.sha256(dual_public).digest() if dual_public else b""


def _reader_to_dict(reader: Reader) -> dict[str, str]:
    return {
        "id": reader.id.hex(),
        "role": reader.role,
        "unit": reader.unit,
        "hpke": _b64(reader.hpke),
        "sign": _b64(reader.sign),
        "dual": _b64(reader.dual),
    }


def _reader_from_dict(data: Mapping[str, str], names: manifest_names.Names | None) -> Reader:
    id_ = bytes.fromhex(data["id"])
    login, name = ("", "") if names is None else names[id_]
    keys = (_unb64(data[key]) for key in ("hpke", "sign", "dual"))
    return Reader(id_, login, name, data["role"], data["unit"], *keys)


def _delegation_to_dict(delegation: Delegation) -> dict[str, Any]:
    return {
        "officer": delegation.officer.hex(),
        "key": _b64(delegation.key),
        "tracks": list(delegation.tracks),
        "until": delegation.until.isoformat(),
    }


def _delegation_from_dict(data: Mapping[str, Any]) -> Delegation:
    until = date.fromisoformat(data["until"])
    return Delegation(bytes.fromhex(data["officer"]), _unb64(data["key"]), tuple(data["tracks"]), until)


def _acting_to_dict(acting: Acting) -> dict[str, str]:
    return {
        "officer": acting.officer.hex(),
        "unit": acting.unit,
        "kind": acting.kind,
        "first": acting.first.isoformat(),
        "last": acting.last.isoformat(),
        "letter": acting.letter,
    }


def _acting_from_dict(data: Mapping[str, str]) -> Acting:
    days = (date.fromisoformat(data["first"]), date.fromisoformat(data["last"]))
    return Acting(bytes.fromhex(data["officer"]), data["unit"], data["kind"], *days, data["letter"])


def _ids(data: Mapping[str, Iterable[str]]) -> dict[str, tuple[bytes, ...]]:
    return {track: tuple(bytes.fromhex(id_) for id_ in ids) for track, ids in data.items()}


def _keys(data: Mapping[str, str]) -> dict[str, bytes]:
    return {log: _unb64(key) for log, key in data.items()}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
