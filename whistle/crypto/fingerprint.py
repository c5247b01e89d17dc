"""Six words that stand for an officer's public keys, read aloud by one person and compared by another.

66 bits, made 32,768 times dearer to search: whoever wants other keys under the same words tries some 2^80 hashes.
"""

from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from whistle.crypto import pool
from whistle.crypto.receipt import BITS, ROUNDS, word_list
from whistle.crypto.suite import LABELS, lp

WORDS: Final = 6
_BYTES: Final = -(-WORDS * BITS // 8)


@lru_cache(maxsize=512)  # public values; a page shows the same officers again and again
def fingerprint(hpke: bytes, sign: bytes, dual_hash: bytes) -> tuple[str, ...]:
    """The words of an X-Wing key (1,216 B), an Ed25519 key (32 B) and the SHA-256 of a dual public key (32 B)."""
    digest = pool.VAULTS.run(_stretched, lp(hpke, sign, dual_hash))
    number = int.from_bytes(digest, "big") >> 8 * _BYTES - WORDS * BITS
    words, mask = word_list(), (1 << BITS) - 1
    return tuple(words[number >> BITS * place & mask] for place in reversed(range(WORDS)))


def _stretched(keys: bytes) -> bytes:
    return PBKDF2HMAC(hashes.SHA256(), _BYTES, lp(LABELS["fingerprint"]), ROUNDS).derive(keys)
