"""An officer's vault: 32 random bytes that wrap everything the officer holds, themselves wrapped by the password.

A session keeps the vault key under a secret that only the browser's cookie has: a copy of the database opens nothing.
"""

import base64
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Final, Literal

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from whistle.crypto import pool
from whistle.crypto.suite import KEY, LABELS, Refused, aead_open, aead_seal, hkdf, lp
from whistle.domain.composed import nfc

VERSION: Final = 1
SALT: Final = 16
SESSION_ID: Final = 16

Purpose = Literal["private", "totp", "grants", "root"]


@dataclass(frozen=True)
class KdfParams:
    """Argon2id (RFC 9106): memory in KiB, passes, lanes. Raises ValueError outside of what is ever sensible."""

    memory_kib: int = 65536
    iterations: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        ranges = ((self.memory_kib, 8 * self.lanes, 2**20), (self.iterations, 1, 32), (self.lanes, 1, 16))
        if not all(type(value) is int and low <= value <= high for value, low, high in ranges):
            raise ValueError("Argon2id parameters are out of range")


@dataclass(frozen=True)
class VaultRecord:
    """What is stored of a vault: parameters, 16-byte salt, the wrapped vault key (60 B)."""

    params: KdfParams
    salt: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """Canonical JSON (sorted keys, no spaces)."""
        value = {"v": VERSION, "kdf": asdict(self.params), "salt": _b64(self.salt), "wrapped": _b64(self.wrapped)}
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "VaultRecord":
        """The reverse of `to_bytes`. Raises Refused for anything else."""
        try:
            value = json.loads(data)
            params = KdfParams(**value["kdf"])
            record = cls(params, _unb64(value["salt"]), _unb64(value["wrapped"]))
        except (ValueError, TypeError, KeyError):
            raise Refused("the vault cannot be read") from None
        if record.to_bytes() != data or len(record.salt) != SALT:
            raise Refused("the vault cannot be read")
        return record


def create_vault(
    password: str,
    params: KdfParams = KdfParams(),  # noqa: B008 (frozen)
    salt: bytes | None = None,
) -> tuple[VaultRecord, bytes]:
    """A new vault and its key (32 B). ``salt``: that of another vault of the same person, else a random one."""
    vault_key = os.urandom(KEY)
    return _wrap(password, params, vault_key, salt), vault_key


def open_vault(record: VaultRecord, password: str) -> bytes:
    """The vault key. Raises Refused for a wrong password and for a changed record alike."""
    kek = pool.VAULTS.run(_kek, password, record.params, record.salt)
    return aead_open(kek, record.wrapped, _vault_aad(record.params, record.salt))


def open_first(records: Sequence[VaultRecord], password: str) -> tuple[int, bytes]:
    """Which of ``records`` the password opens, and the vault key. Raises Refused, also for no record at all.

    One key derivation, with the parameters and the salt of the first record: others are tried only where they share
    them, so that it takes as long for one record as for two.
    """
    if not records:
        raise Refused("there is no vault")
    first = records[0]
    kek = pool.VAULTS.run(_kek, password, first.params, first.salt)
    for index, record in enumerate(records):
        if (record.params, record.salt) == (first.params, first.salt):
            with suppress(Refused):
                return index, aead_open(kek, record.wrapped, _vault_aad(record.params, record.salt))
    raise Refused("the password opens no vault")


def rewrap(record: VaultRecord, vault_key: bytes, new_password: str) -> VaultRecord:
    """The same vault under another password and a new salt, with the parameters of ``record``."""
    return _wrap(new_password, record.params, vault_key)


def subkey(vault_key: bytes, purpose: Purpose) -> bytes:
    """The key (32 B) for one purpose: private keys, the second factor, grants, the root key."""
    return hkdf(vault_key, LABELS[f"vault-{purpose}"])


def lock(vault_key: bytes, purpose: Purpose, plaintext: bytes, context: bytes) -> bytes:
    """``plaintext`` under the subkey of ``purpose``, bound to ``context`` (such as the officer's id)."""
    return aead_seal(subkey(vault_key, purpose), plaintext, lp(LABELS["vault-lock"], purpose.encode(), context))


def unlock(vault_key: bytes, purpose: Purpose, locked: bytes, context: bytes) -> bytes:
    """The reverse of `lock`. Raises Refused."""
    return aead_open(subkey(vault_key, purpose), locked, lp(LABELS["vault-lock"], purpose.encode(), context))


def session_id(secret: bytes) -> bytes:
    """What a session is found by (16 B); it tells nothing of ``secret``, the 32 random bytes in the cookie."""
    return hkdf(secret, LABELS["session-id"], length=SESSION_ID)


def session_lock(secret: bytes, vault_key: bytes, context: bytes) -> bytes:
    """The vault key under a session's secret, bound to ``context`` (60 B)."""
    return aead_seal(hkdf(secret, LABELS["session-key"]), vault_key, lp(LABELS["session-aad"], context))


def session_unlock(secret: bytes, locked: bytes, context: bytes) -> bytes:
    """The reverse of `session_lock`. Raises Refused."""
    return aead_open(hkdf(secret, LABELS["session-key"]), locked, lp(LABELS["session-aad"], context))


def _wrap(password: str, params: KdfParams, vault_key: bytes, salt: bytes | None = None) -> VaultRecord:
    salt = salt or os.urandom(SALT)
    kek = pool.VAULTS.run(_kek, password, params, salt)
    return VaultRecord(params, salt, aead_seal(kek, vault_key, _vault_aad(params, salt)))


def _kek(password: str, params: KdfParams, salt: bytes) -> bytes:
    """Argon2id over the password in NFC (RFC 8265, OpaqueString): two keyboards may write one letter differently."""
    secret = nfc(password).encode("utf-8", "surrogatepass")
    argon = Argon2id(
        salt=salt, length=KEY, iterations=params.iterations, lanes=params.lanes, memory_cost=params.memory_kib
    )
    return argon.derive(secret)


def _vault_aad(params: KdfParams, salt: bytes) -> bytes:
    numbers = (params.memory_kib, params.iterations, params.lanes)
    return lp(LABELS["vault-wrap"], *(number.to_bytes(4, "big") for number in numbers), salt)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
