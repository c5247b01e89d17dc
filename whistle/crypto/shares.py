"""A 32-byte secret in shares of 33 words, some of which together give it back (SLIP-0039, one group, no passphrase).

Any ``needed`` of the ``made`` shares combine to the secret; fewer tell nothing of it. Shares are for paper: a word is
decided by its first four letters, and what was misread is named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

from shamir_mnemonic import generate_mnemonics
from shamir_mnemonic.shamir import ShareGroup, recover_ems
from shamir_mnemonic.share import Share as Raw
from shamir_mnemonic.utils import MnemonicError
from shamir_mnemonic.wordlist import WORDLIST

from whistle.crypto import typed
from whistle.crypto.suite import KEY

WORDS: Final = 33  # of a share of 32 bytes: 7 say which share of which set it is, 3 check the rest
MOST: Final = 16  # shares of one secret
PREFIX: Final = 4
_LONGEST: Final = 8
_MOST_TYPED: Final = 1_000  # characters that are looked at; a share with numbering takes 400
# The format can slow down the guessing of a passphrase. There is none here, so the least that it knows is taken.
_EXPONENT: Final = 0

Kind = Literal["unknown", "length", "checksum", "foreign", "none", "twice", "other_set", "too_few", "together"]


class ShareError(Exception):
    """What was typed is no share, or the shares do not combine.

    ``kind`` "unknown": the word at ``position`` (from 1) is none of the list, ``suggestions`` are near it; "length":
    ``have`` words instead of 33; "checksum": a word is wrong that is one of the list; "foreign": a share that was not
    made here; "none"; "twice": share ``position`` was given before; "other_set": share ``position`` is of another
    secret than the first; "too_few": ``have`` of ``needed``; "together": they do not belong together after all.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        position: int = 0,
        word: str = "",
        suggestions: tuple[str, ...] = (),
        have: int = 0,
        needed: int = 0,
    ) -> None:
        super().__init__(kind)  # never a word: exceptions end in logs
        self.kind: Kind = kind
        self.position = position
        self.word = word
        self.suggestions = suggestions
        self.have = have
        self.needed = needed


@dataclass(frozen=True)
class Share:
    """One share: which secret it is of (a random number), its number from 1, and how many are needed."""

    set: int
    number: int
    needed: int
    words: tuple[str, ...] = field(repr=False)

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class Split:
    """How many shares are made, and how many of them combine. Raises ValueError unless 2 <= needed <= made <= 16."""

    needed: int
    made: int

    def __post_init__(self) -> None:
        if not 2 <= self.needed <= self.made <= MOST:
            raise ValueError(f"at least two of at most {MOST} shares are needed")


def split(secret: bytes, how: Split) -> list[Share]:
    """The shares of 32 bytes. Raises ValueError for another length."""
    if len(secret) != KEY:
        raise ValueError(f"a secret has {KEY} bytes")
    (group,) = generate_mnemonics(1, [(how.needed, how.made)], secret, iteration_exponent=_EXPONENT)
    return [parse(words) for words in group]


def parse(text: str) -> Share:
    """The share that somebody typed. Raises ShareError "unknown", "length", "checksum" or "foreign"."""
    parts = typed.tokens(text, _MOST_TYPED)
    words = [_by_prefix().get(part[:PREFIX]) for part in parts]
    for position, (part, word) in enumerate(zip(parts, words, strict=True), start=1):
        if word is None:
            near = typed.near(part, WORDLIST, _LONGEST)
            raise ShareError("unknown", position=position, word=part, suggestions=near)
    known = tuple(word for word in words if word)
    if len(known) != WORDS:
        raise ShareError("length", have=len(known), needed=WORDS)
    raw = _raw(known)
    return Share(raw.identifier, raw.index + 1, raw.member_threshold, known)


def combine(shares: Sequence[Share]) -> bytes:
    """The secret (32 B) of ``needed`` shares or more.

    Raises ShareError "none", "other_set", "twice", "too_few" or "together". Every share that is given must fit: more
    than are needed are held against each other.
    """
    if not shares:
        raise ShareError("none")
    first = shares[0]
    for position, share in enumerate(shares[1:], start=2):
        if (share.set, share.needed) != (first.set, first.needed):
            raise ShareError("other_set", position=position)
        if share.number in (one.number for one in shares[: position - 1]):
            raise ShareError("twice", position=position)
    if len(shares) < first.needed:
        raise ShareError("too_few", have=len(shares), needed=first.needed)
    # As many as are needed would do; in these windows every share has its part, so that none is taken on trust.
    windows = range(len(shares) - first.needed + 1)
    secrets = {_combined(shares[start : start + first.needed]) for start in windows}
    if len(secrets) != 1:
        raise ShareError("together")
    return secrets.pop()


def _combined(shares: Iterable[Share]) -> bytes:
    group = ShareGroup()
    for share in shares:
        group.add(_raw(share.words))
    try:
        secret = bytes(recover_ems({0: group}).decrypt(b""))
    except MnemonicError:
        raise ShareError("together") from None
    if len(secret) != KEY:
        raise ShareError("together")
    return secret


def _raw(words: Iterable[str]) -> Raw:
    try:
        raw = Raw.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise ShareError("checksum") from None
    # Several groups, or one share alone, are no promise that this program ever makes.
    if raw.group_count != 1 or len(raw.value) != KEY or raw.member_threshold < 2 or not raw.extendable:
        raise ShareError("foreign")
    return raw


@cache
def _by_prefix() -> dict[str, str]:
    return {word[:PREFIX]: word for word in WORDLIST}
