"""Where sealed things stand: the fields that are bound into each, so that nothing can be moved or swapped.

A list of 100,000 cases builds three of these byte strings a case, so they are joined from prepared pieces; they are
exactly lp(label, field, ...) of `whistle.crypto.suite`, which a test says too.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from whistle.crypto.suite import KEY, LABELS, Refused, lp

ID: Final = 16


class WrongLength(Refused):
    """A field that is bound has a wrong length."""


class Chain(IntEnum):
    """The chains of a case; IDENTITY has a key and grants of its own and one record."""

    THREAD = 1
    FILE = 2
    IDENTITY = 3


_CHAINS: Final = {int(chain): lp(bytes([chain])) for chain in Chain}
_L4, SIZE_OF_ID, _L32 = ((length).to_bytes(4, "big") for length in (4, ID, KEY))


@dataclass(frozen=True, slots=True)
class Place:
    """Where one entry stands: 16-byte ids, and of 32 bytes the epoch key's commitment and the hash of the entry before.

    ``prev`` is 32 zero bytes at place 0.
    """

    installation: bytes
    case: bytes
    chain: Chain
    epoch: int
    entry: bytes
    place: int
    commitment: bytes
    prev: bytes

    def aad(self) -> bytes:
        """The bound fields in this order. Raises Refused when one has a wrong length or is out of range."""
        if len(self.entry) != ID or len(self.commitment) != KEY or len(self.prev) != KEY:
            raise WrongLength
        case = (head(LABELS["entry-aad"], self.installation), where(self.case, self.chain, self.epoch))
        return b"".join((*case, SIZE_OF_ID, self.entry, _L4, _u32(self.place), _L32, self.commitment, _L32, self.prev))


@dataclass(frozen=True, slots=True)
class GrantPlace:
    """Which key a grant holds and for whom: 16-byte ids, 32-byte commitment of the epoch key."""

    installation: bytes
    case: bytes
    chain: Chain
    epoch: int
    reader: bytes
    commitment: bytes

    def bound(self, label: bytes) -> bytes:
        """``label`` and the bound fields. Raises Refused when one has a wrong length or is out of range."""
        if len(self.reader) != ID or len(self.commitment) != KEY:
            raise WrongLength
        case = (head(label, self.installation), where(self.case, self.chain, self.epoch))
        return b"".join((*case, SIZE_OF_ID, self.reader, _L32, self.commitment))


@dataclass(frozen=True, slots=True)
class SummaryPlace:
    """Whose summary it is, and under which epoch's key."""

    installation: bytes
    case: bytes
    chain: Chain
    epoch: int
    commitment: bytes

    def aad(self) -> bytes:
        """The bound fields in this order. Raises Refused when one has a wrong length or is out of range."""
        if len(self.commitment) != KEY:
            raise WrongLength
        case = (head(LABELS["summary-aad"], self.installation), where(self.case, self.chain, self.epoch))
        return b"".join((*case, _L32, self.commitment))


def where(case: bytes, chain: int, epoch: int) -> bytes:
    """lp(case, chain, epoch): 16 bytes of case, one of chain, four of epoch. Raises Refused."""
    if len(case) != ID:
        raise WrongLength
    return b"".join((SIZE_OF_ID, case, below_case(chain, epoch)))


def below_case(chain: int, epoch: int) -> bytes:
    """lp(chain, epoch), as it follows a case: one byte of chain, four of epoch. Raises Refused."""
    try:
        return b"".join((_CHAINS[chain], _L4, epoch.to_bytes(4, "big")))
    except (KeyError, OverflowError):
        raise Refused("there is no such chain or epoch") from None


@lru_cache(maxsize=64)
def head(label: bytes, installation: bytes) -> bytes:
    """lp(label, installation), which everything bound begins with. Raises Refused for a wrong length."""
    return lp(label, sized(installation, ID))


def sized(value: bytes, size: int) -> bytes:
    """``value``. Raises Refused unless it has ``size`` bytes."""
    if len(value) != size:
        raise WrongLength
    return value


def _u32(number: int) -> bytes:
    try:
        return number.to_bytes(4, "big")
    except OverflowError:
        raise Refused("a bound number is out of range") from None
