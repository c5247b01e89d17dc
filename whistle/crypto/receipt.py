"""The receipt: eight words that a reporter writes down, and the keys that come of them.

88 bits of entropy, eleven a word. There is no other way back into a case, so typing is read forgivingly: the first
four letters decide a word, and case, spaces, line breaks, punctuation and numbering do not count.
"""

import os
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from whistle.crypto import pool, typed
from whistle.crypto.signing import ed25519_public
from whistle.crypto.suite import KEY, LABELS, hkdf, hpke_public, lp

WORDS: Final = 8
BITS: Final = 11  # a word
ENTROPY: Final = WORDS * BITS // 8  # 11 bytes
PREFIX: Final = 4  # letters that decide a word
LONGEST: Final = 7
HEADING: Final = "kode"  # what people write before the words, and a word of the list itself
ROUNDS: Final = 32_768
_MOST_TYPED: Final = 400  # characters that are looked at; eight words with numbering take 90

Kind = Literal["too_few", "too_many", "unknown"]


class ReceiptError(Exception):
    """What was typed is no receipt.

    ``kind`` "too_few" or "too_many" words, or "unknown": then ``position`` (from 1) and ``word`` name it and
    ``suggestions`` holds up to three words of the list that look like it.
    """

    def __init__(
        self, kind: Kind, position: int | None = None, word: str | None = None, suggestions: tuple[str, ...] = ()
    ) -> None:
        super().__init__(kind)  # never the word: exceptions end in logs
        self.kind: Kind = kind
        self.position = position
        self.word = word
        self.suggestions = suggestions


@dataclass(frozen=True)
class Receipt:
    """Eight words of the list."""

    words: tuple[str, ...] = field(repr=False)

    @property
    def entropy(self) -> bytes:
        """The 11 bytes that the words stand for, the first word in the highest bits."""
        number = 0
        for word in self.words:
            number = number << BITS | _index()[word]
        return number.to_bytes(ENTROPY, "big")

    def __str__(self) -> str:
        return " ".join(self.words)


def new_receipt() -> Receipt:
    """A receipt of 88 random bits."""
    return from_entropy(os.urandom(ENTROPY))


def from_entropy(entropy: bytes) -> Receipt:
    """The receipt of 11 bytes. Raises ValueError for another length."""
    if len(entropy) != ENTROPY:
        raise ValueError(f"a receipt has {ENTROPY} bytes")
    number = int.from_bytes(entropy, "big")
    words, mask = word_list(), (1 << BITS) - 1
    return Receipt(tuple(words[number >> BITS * place & mask] for place in reversed(range(WORDS))))


def parse(text: str) -> Receipt:
    """The receipt that somebody typed, also among other words ("kode saya: ..."). Raises ReceiptError."""
    return Receipt(read_words(text, WORDS))


def read_words(text: str, number: int) -> tuple[str, ...]:
    """``number`` words of the list that somebody typed, as forgivingly as a receipt is read. Raises ReceiptError."""
    parts = [part for token in typed.tokens(text, _MOST_TYPED) for part in _split(token)]
    words = [_by_prefix().get(token[:PREFIX]) for token in parts]
    known = tuple(word for word in words if word)
    if len(known) == number:
        return known
    if len(known) == number + 1 and parts[0] == HEADING:
        return known[1:]
    if len(parts) < number:
        raise ReceiptError("too_few")
    for position, (token, word) in enumerate(zip(parts, words, strict=True), start=1):
        if word is None:
            raise ReceiptError("unknown", position, token, typed.near(token, word_list(), LONGEST))
    raise ReceiptError("too_many")


@dataclass(frozen=True)
class ReceiptKeys:
    """What a receipt opens and signs with. ``root`` is 32 bytes; everything else is derived from it when asked for."""

    root: bytes = field(repr=False)

    @classmethod
    def from_root(cls, root: bytes) -> "ReceiptKeys":
        """The keys of a root that `keys_of` made. Raises ValueError for another length."""
        if len(root) != KEY:
            raise ValueError(f"a receipt's root has {KEY} bytes")
        return cls(root)

    @cached_property
    def lookup_hash(self) -> bytes:
        """What the case is found by (32 B): the hash of the lookup id, which itself is never stored."""
        return sha256(lp(LABELS["receipt-lookup-hash"], hkdf(self.root, LABELS["receipt-lookup"]))).digest()

    @cached_property
    def hpke_seed(self) -> bytes:
        return hkdf(self.root, LABELS["receipt-hpke"])

    @cached_property
    def hpke_public(self) -> bytes:
        return hpke_public(self.hpke_seed)

    @cached_property
    def signing_seed(self) -> bytes:
        return hkdf(self.root, LABELS["receipt-signing"])

    @cached_property
    def signing_public(self) -> bytes:
        return ed25519_public(self.signing_seed)

    @cached_property
    def blinding(self) -> bytes:
        """Hides which leaf of the Merkle log is this case's from everybody without the receipt (32 B)."""
        return hkdf(self.root, LABELS["receipt-blinding"])


def keys_of(receipt: Receipt, installation: bytes) -> ReceiptKeys:
    """PBKDF2-HMAC-SHA256 over the entropy, 32,768 rounds, salted with the installation; some 10 ms on the pool."""
    return ReceiptKeys(pool.RECEIPTS.run(_root, receipt.entropy, installation))


def _root(entropy: bytes, installation: bytes) -> bytes:
    salt = lp(LABELS["receipt-root"], installation)
    return PBKDF2HMAC(hashes.SHA256(), KEY, salt, ROUNDS).derive(entropy)


@cache
def word_list() -> tuple[str, ...]:
    """The 2,048 words in their order."""
    return tuple(files("whistle.crypto").joinpath("data/words.txt").read_text("ascii").split())


@cache
def _index() -> dict[str, int]:
    return {word: index for index, word in enumerate(word_list())}


@cache
def _by_prefix() -> dict[str, str]:
    return {word[:PREFIX]: word for word in word_list()}


def _split(token: str) -> list[str]:
    """``token``, or the words of which it is made when the spaces were forgotten and only one reading exists."""
    if len(token) <= LONGEST:
        return [token]
    readings: list[list[list[str]]] = [[] for _ in range(len(token) + 1)]
    readings[0] = [[]]
    for end in range(PREFIX, len(token) + 1):
        for start in range(max(0, end - LONGEST), end - PREFIX + 1):
            if token[start:end] in _index():
                readings[end] += [before + [token[start:end]] for before in readings[start]][:2]
    return readings[-1][0] if len(readings[-1]) == 1 else [token]
