"""Signatures, each for one labelled purpose: Ed25519 alone, or Ed25519 and ML-DSA-65 together.

What is signed is always lp(label, message), so that a signature made for one purpose never serves another.
"""

from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey

from whistle.crypto.suite import KEY, Refused, lp

SIGNATURE: Final = 64  # bytes of an Ed25519 signature (RFC 8032)
DUAL_SEED: Final = 2 * KEY
DUAL_PUBLIC: Final = KEY + 1952  # Ed25519 || ML-DSA-65 (FIPS 204)
DUAL_SIGNATURE: Final = SIGNATURE + 3309


def ed25519_public(seed: bytes) -> bytes:
    """The Ed25519 public key (32 B) of a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, label: bytes, message: bytes) -> bytes:
    """Ed25519 (64 B) over lp(label, message)."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(lp(label, message))


def signer(seed: bytes, label: bytes) -> Callable[[bytes], bytes]:
    """A `sign` for many messages; it holds the private key, whose making takes as long as a signature."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return lambda message: private.sign(lp(label, message))


def verify(public: bytes, label: bytes, message: bytes, signature: bytes) -> None:
    """Raises Refused unless ``signature`` is by ``public`` for ``label`` and ``message``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, lp(label, message))
    except (InvalidSignature, ValueError):
        raise Refused("the signature is wrong") from None


def dual_public(seed: bytes) -> bytes:
    """Ed25519 (32 B) || ML-DSA-65 (1,952 B) of a 64-byte seed: the first half is Ed25519's, the second ML-DSA's."""
    ed, mldsa = _dual_keys(seed)
    return ed.public_key().public_bytes_raw() + mldsa.public_key().public_bytes_raw()


def dual_sign(seed: bytes, label: bytes, message: bytes) -> bytes:
    """Ed25519 (64 B) || ML-DSA-65 (3,309 B), both over lp(label, message); ML-DSA's context string is empty."""
    ed, mldsa = _dual_keys(seed)
    signed = lp(label, message)
    return ed.sign(signed) + mldsa.sign(signed)


def dual_verify(public: bytes, label: bytes, message: bytes, signature: bytes) -> None:
    """Raises Refused unless both halves hold: either scheme may break and the other still stands."""
    if len(public) != DUAL_PUBLIC or len(signature) != DUAL_SIGNATURE:
        raise Refused("the signature or its public key has a wrong length")
    verify(public[:KEY], label, message, signature[:SIGNATURE])
    try:
        MLDSA65PublicKey.from_public_bytes(public[KEY:]).verify(signature[SIGNATURE:], lp(label, message))
    except (InvalidSignature, ValueError):
        raise Refused("the signature is wrong") from None


def _dual_keys(seed: bytes) -> tuple[Ed25519PrivateKey, MLDSA65PrivateKey]:
    if len(seed) != DUAL_SEED:
        raise ValueError(f"the seed of a double signature has {DUAL_SEED} bytes")
    return Ed25519PrivateKey.from_private_bytes(seed[:KEY]), MLDSA65PrivateKey.from_seed_bytes(seed[KEY:])
