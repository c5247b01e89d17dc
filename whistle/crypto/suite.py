"""The primitives and the label table: HPKE, AES-256-GCM, HKDF, and how several fields become one byte string.

Whatever is wrong (a bit, a length, a key, a field that is bound) raises `Refused` and tells no more than that.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY: Final = 32  # bytes of every symmetric key and seed
NONCE: Final = 12
TAG: Final = 16
PUBLIC: Final = 1216  # X-Wing public key: ML-KEM-768 (1,184) || X25519 (32)
ENC: Final = 1120  # X-Wing encapsulation: ML-KEM-768 (1,088) || X25519 (32)
MLKEM_PUBLIC: Final = 1184
MLKEM_SEED: Final = 64

_NAMES = (
    "commitment",
    "entry-key",
    "entry-aad",
    "entry-signature",
    "entry-hash",
    "grant-seal",
    "grant-wrap",
    "summary-key",
    "summary-aad",
    "identity-key",
    "identity-aad",
    "receipt-root",
    "receipt-lookup",
    "receipt-lookup-hash",
    "receipt-hpke",
    "receipt-signing",
    "receipt-blinding",
    "recovery-signing",
    "vault-wrap",
    "vault-private",
    "vault-totp",
    "vault-grants",
    "vault-root",
    "vault-lock",
    "session-id",
    "session-key",
    "session-aad",
    "token-key",
    "token-aad",
    "manifest",
    "audit",
    "head",
    "edition",
    "disposal-proposed",
    "disposal-approved",
    "fingerprint",
    "reset-code",
    "reset",
    "sealed-report",
    "file-key",
    "file-aad",
    "part-key",
    "part-name",
    "part-aad",
)
LABELS: Final[Mapping[str, bytes]] = MappingProxyType({name: f"peluit/v1/{name}".encode() for name in _NAMES})
"""Every label of the format, by its short name. One purpose, one label: nothing made for one is valid for another."""

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SHA256 = hashes.SHA256()


class Refused(Exception):
    """Something does not open, verify or parse. The message names what; it never holds a value."""


def lp(*fields: bytes) -> bytes:
    """Each field as a 4-byte big-endian length and its bytes, so that no two lists of fields give the same bytes."""
    parts: list[bytes] = []
    for field in fields:
        parts += (len(field).to_bytes(4, "big"), field)
    return b"".join(parts)


def hkdf(key: bytes, label: bytes, context: bytes = b"", length: int = KEY) -> bytes:
    """HKDF-Expand (RFC 5869, SHA-256) of ``key``, ``info`` = lp(label, context); ``length`` in bytes.

    Every key here is already uniform (random, or the output of another KDF), so the extract step is left out as
    section 3.3 of the RFC allows. ``key`` is at least 32 bytes, else ValueError.
    """
    if len(key) < KEY:
        raise ValueError(f"a key has {KEY} bytes or more")
    info = lp(label, context) if context else _plain_info(label)
    return HKDFExpand(_SHA256, length, info).derive(key)


@lru_cache(maxsize=len(_NAMES))
def _plain_info(label: bytes) -> bytes:
    return lp(label, b"")


def aead_seal(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """AES-256-GCM under a random nonce: nonce (12 B) || ciphertext || tag (16 B)."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def aead_open(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The plaintext of `aead_seal`. Raises Refused."""
    if len(sealed) < NONCE + TAG:
        raise Refused("the ciphertext is too short")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], aad)
    except (InvalidTag, ValueError):
        raise Refused("the ciphertext does not open") from None


def hpke_public(seed: bytes) -> bytes:
    """The X-Wing public key (1,216 B) of a 32-byte seed."""
    mlkem, x25519 = _expand(seed)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def hpke_seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """HPKE base mode (RFC 9180), X-Wing, HKDF-SHA256, AES-256-GCM: enc (1,120 B) || ciphertext || tag (16 B).

    Raises Refused when ``public`` is not a public key.
    """
    try:
        return _SUITE.encrypt(plaintext, _public_key(public), info)
    except ValueError:
        raise Refused("the public key cannot be sealed to") from None


def is_hpke_public(public: bytes) -> bool:
    """Whether ``public`` is a public key that can be sealed to."""
    try:
        _parsed(public)
    except ValueError:
        return False
    return True


def hpke_open(seed: bytes, sealed: bytes, info: bytes) -> bytes:
    """The plaintext of `hpke_seal`. Raises Refused."""
    return hpke_opener(seed)(sealed, info)


def hpke_opener(seed: bytes) -> Callable[[bytes, bytes], bytes]:
    """An `hpke_open` for many messages to one key: expanding the seed costs more than opening a message.

    The private key lives as long as the returned function; nothing here keeps it.
    """
    private = MLKEM768X25519PrivateKey(*_expand(seed))

    def opened(sealed: bytes, info: bytes) -> bytes:
        if len(sealed) < ENC + TAG:
            raise Refused("the sealed message is too short")
        try:
            return _SUITE.decrypt(sealed, private, info)
        except (InvalidTag, ValueError):
            raise Refused("the sealed message does not open") from None

    return opened


def _expand(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """X-Wing's key expansion (draft-connolly-cfrg-xwing-kem): SHAKE256(seed, 96) = ML-KEM seed (64) || X25519 (32)."""
    if len(seed) != KEY:
        raise ValueError(f"an X-Wing seed has {KEY} bytes")
    expanded = hashlib.shake_256(seed).digest(MLKEM_SEED + KEY)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:MLKEM_SEED]),
        X25519PrivateKey.from_private_bytes(expanded[MLKEM_SEED:]),
    )


def _parsed(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != PUBLIC:
        raise ValueError(f"an X-Wing public key has {PUBLIC} bytes")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC:]),
    )


# The readers of the manifest: parsing a key takes a quarter of the time of sealing to it.
_public_key = lru_cache(maxsize=256)(_parsed)
