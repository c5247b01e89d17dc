"""Seal the parts of a file that is still on its way, each by itself. See docs/envelope.md, Uploads in parts.

A part is no chunk of the stored file yet: it has a random nonce. On a broken line the same part comes twice, perhaps
with other bytes, and the nonces of `whistle.crypto.stream` follow from a chunk's place: one would serve two contents.
"""

from whistle.crypto.padding import bucket, pad, unpad
from whistle.crypto.places import ID
from whistle.crypto.suite import LABELS, NONCE, TAG, aead_open, aead_seal, hkdf, lp


def stored_size(length: int) -> int:
    """The stored bytes of a part of ``length`` bytes: padded, since the last part would tell the size of the file."""
    return NONCE + bucket(length + 1) + TAG


class Parts:
    """The parts of one upload. ``key`` is 32 random bytes for this upload alone; parts count from 0."""

    def __init__(self, key: bytes) -> None:
        self._key, self._cipher_key = key, hkdf(key, LABELS["part-key"])

    def name(self, index: int) -> bytes:
        """The 16-byte id under which a part is stored: without the key nobody sees which parts belong together."""
        return hkdf(self._key, LABELS["part-name"], _place(index), ID)

    def seal(self, index: int, content: bytes) -> bytes:
        """Padded and sealed: `stored_size` bytes."""
        return aead_seal(self._cipher_key, pad(content), self._aad(index))

    def open(self, index: int, sealed: bytes) -> bytes:
        """The content of a part. Raises Refused, for another one's too."""
        return unpad(aead_open(self._cipher_key, sealed, self._aad(index)))

    def _aad(self, index: int) -> bytes:
        return lp(LABELS["part-aad"], _place(index))


def _place(index: int) -> bytes:
    return index.to_bytes(4, "big")
