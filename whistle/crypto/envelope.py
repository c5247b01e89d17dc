"""Seal and open what a case consists of: entries, grants, summary, identity. See docs/envelope.md.

An epoch key is 32 random bytes. AES-GCM does not commit to its key, so a key's commitment is stored and is bound
into everything sealed under it or granting it: a sender cannot show two readers two different cases.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from whistle.crypto.padding import SMALLEST, pad, pad_to, unpad, unpad_any
from whistle.crypto.places import ID, Chain, GrantPlace, Place, SummaryPlace, sized
from whistle.crypto.signing import SIGNATURE, sign, verify
from whistle.crypto.suite import (
    ENC,
    KEY,
    LABELS,
    NONCE,
    TAG,
    Refused,
    aead_open,
    aead_seal,
    hkdf,
    hpke_opener,
    hpke_seal,
    lp,
)

__all__ = [
    "Chain",
    "GrantPlace",
    "Opened",
    "Place",
    "SummaryPlace",
    "commitment",
    "entry_hash",
    "grant_opener",
    "leaf_hash",
    "open_entry",
    "open_grant",
    "open_identity",
    "open_summary",
    "seal_entry",
    "seal_grant",
    "seal_identity",
    "seal_summary",
    "unwrap_grant",
    "wrap_grant",
]

OVERHEAD: Final = NONCE + TAG
GRANT_SIZE: Final = ENC + KEY + TAG  # 1,168 bytes
WRAPPED_SIZE: Final = KEY + OVERHEAD  # 60 bytes
SUMMARY_SIZE: Final = 2048  # stored bytes of every summary, whatever it holds
SUMMARY_ROOM: Final = SUMMARY_SIZE - OVERHEAD - 1  # the longest body
IDENTITY_SIZE: Final = SMALLEST + OVERHEAD


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted entry. Nothing is known of its author before `check`."""

    body: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    place: Place = field(repr=False)

    def check(self, author: bytes) -> None:
        """Raises Refused unless the entry was signed at this place by the holder of ``author`` (Ed25519, 32 B)."""
        verify(author, LABELS["entry-signature"], self.place.aad() + self.body, self.signature)


def commitment(epoch_key: bytes) -> bytes:
    """What is stored of an epoch key (32 B): binds to it and tells nothing of it."""
    return hkdf(epoch_key, LABELS["commitment"])


def seal_entry(epoch_key: bytes, place: Place, body: bytes, signer_seed: bytes) -> bytes:
    """Sign ``body`` at ``place``, pad and encrypt: bucket(64 + len(body) + 1) + 28 bytes.

    Raises Refused when ``place`` does not carry the commitment of ``epoch_key``.
    """
    _check_commitment(epoch_key, place.commitment)
    aad = place.aad()
    signature = sign(signer_seed, LABELS["entry-signature"], aad + body)
    return aead_seal(hkdf(epoch_key, LABELS["entry-key"]), pad(signature + body), aad)


def open_entry(epoch_key: bytes, place: Place, sealed: bytes) -> Opened:
    """Decrypt an entry at ``place``. Raises Refused. The author is not checked: call `Opened.check`."""
    _check_commitment(epoch_key, place.commitment)
    signed = unpad(aead_open(hkdf(epoch_key, LABELS["entry-key"]), sealed, place.aad()))
    if len(signed) < SIGNATURE:
        raise Refused("the entry holds no signature")
    return Opened(signed[SIGNATURE:], signed[:SIGNATURE], place)


def entry_hash(place: Place, sealed: bytes) -> bytes:
    """What the next entry of the chain carries as ``prev`` (32 B)."""
    return hashlib.sha256(lp(LABELS["entry-hash"], place.aad(), sealed)).digest()


def seal_grant(public: bytes, epoch_key: bytes, place: GrantPlace) -> bytes:
    """The epoch key sealed to one reader's X-Wing public key (1,216 B): 1,168 bytes. Raises Refused."""
    _check_commitment(epoch_key, place.commitment)
    return hpke_seal(public, epoch_key, place.bound(LABELS["grant-seal"]))


def open_grant(seed: bytes, sealed: bytes, place: GrantPlace) -> bytes:
    """The epoch key of a sealed grant. Raises Refused, also when the key is not the one committed to."""
    return grant_opener(seed)(sealed, place)


def grant_opener(seed: bytes) -> Callable[[bytes, GrantPlace], bytes]:
    """An `open_grant` for many grants to one reader; it holds the private key as long as it lives."""
    opener = hpke_opener(seed)

    def opened(sealed: bytes, place: GrantPlace) -> bytes:
        epoch_key = _key(opener(sealed, place.bound(LABELS["grant-seal"])))
        _check_commitment(epoch_key, place.commitment)
        return epoch_key

    return opened


def wrap_grant(grants_key: bytes, epoch_key: bytes, place: GrantPlace) -> bytes:
    """The epoch key under a reader's own vault subkey "grants": 60 bytes, microseconds to open. Raises Refused."""
    _check_commitment(epoch_key, place.commitment)
    return aead_seal(grants_key, epoch_key, place.bound(LABELS["grant-wrap"]))


def unwrap_grant(grants_key: bytes, wrapped: bytes, place: GrantPlace) -> bytes:
    """The epoch key of a wrapped grant. Raises Refused.

    The commitment is not computed anew: it is in the AAD, and only the reader, who checked it, has this key.
    """
    return _key(aead_open(grants_key, wrapped, place.bound(LABELS["grant-wrap"])))


def seal_summary(epoch_key: bytes, place: SummaryPlace, body: bytes) -> bytes:
    """Always SUMMARY_SIZE bytes. Raises ValueError when ``body`` is longer than SUMMARY_ROOM."""
    padded = pad_to(body, SUMMARY_ROOM + 1)
    return aead_seal(hkdf(epoch_key, LABELS["summary-key"]), padded, place.aad())


def open_summary(epoch_key: bytes, place: SummaryPlace, sealed: bytes) -> bytes:
    """The body of a summary. Raises Refused."""
    if len(sealed) != SUMMARY_SIZE:
        raise Refused("the summary has a wrong size")
    return unpad_any(aead_open(hkdf(epoch_key, LABELS["summary-key"]), sealed, place.aad()))


def seal_identity(identity_key: bytes, installation: bytes, case: bytes, body: bytes) -> bytes:
    """Always IDENTITY_SIZE bytes, empty or not. Raises ValueError when ``body`` does not fit into 4,095 bytes."""
    key = hkdf(identity_key, LABELS["identity-key"])
    return aead_seal(key, pad_to(body, SMALLEST), _identity_aad(identity_key, installation, case))


def open_identity(identity_key: bytes, installation: bytes, case: bytes, sealed: bytes) -> bytes:
    """The identity record, empty bytes when the reporter gave none. Raises Refused."""
    if len(sealed) != IDENTITY_SIZE:
        raise Refused("the identity record has a wrong size")
    key = hkdf(identity_key, LABELS["identity-key"])
    return unpad_any(aead_open(key, sealed, _identity_aad(identity_key, installation, case)))


def leaf_hash(blinding: bytes, entry0_hash: bytes) -> bytes:
    """A case's leaf in the Merkle log: SHA-256(0x00 || blinding || hash of entry 0), all of 32 bytes (RFC 9162)."""
    return hashlib.sha256(b"\x00" + sized(blinding, KEY) + sized(entry0_hash, KEY)).digest()


def _identity_aad(identity_key: bytes, installation: bytes, case: bytes) -> bytes:
    label = LABELS["identity-aad"]
    aad = lp(label, installation, case, commitment(identity_key))
    return sized(aad, len(label) + 4 * 4 + 2 * ID + KEY)


def _check_commitment(epoch_key: bytes, expected: bytes) -> None:
    if not hmac.compare_digest(commitment(_key(epoch_key)), expected):
        raise Refused("the key is not the one committed to")


def _key(key: bytes) -> bytes:
    if len(key) != KEY:
        raise Refused("a key has a wrong length")
    return key
