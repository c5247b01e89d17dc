"""The two keys of a recovery secret: one that cases are sealed to, one that signs what recovery did with them.

Both follow from 32 random bytes, so that whoever puts the shares together holds both.
"""

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from whistle.crypto.shares import Split
from whistle.crypto.signing import ed25519_public
from whistle.crypto.suite import KEY, LABELS, PUBLIC, Refused, hkdf, hpke_public

RECOVERY_PUBLIC: Final = PUBLIC + KEY  # X-Wing || Ed25519
USUAL: Final = MappingProxyType({"inner": Split(3, 5), "outer": Split(2, 3)})
"""How the recovery keys of the two logs are split when the ceremony asks for nothing else."""


@dataclass(frozen=True)
class RecoveryKeys:
    """The keys of a 32-byte secret, which is the X-Wing seed itself. Raises ValueError for another length."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY:
            raise ValueError(f"a recovery secret has {KEY} bytes")

    @cached_property
    def signing_seed(self) -> bytes:
        """The Ed25519 seed (32 B)."""
        return hkdf(self.secret, LABELS["recovery-signing"])

    @cached_property
    def public(self) -> bytes:
        """X-Wing public key (1,216 B) || Ed25519 public key (32 B)."""
        return hpke_public(self.secret) + ed25519_public(self.signing_seed)


def halves(public: bytes) -> tuple[bytes, bytes]:
    """The sealing and the signing half of a public key. Raises Refused for another length."""
    if len(public) != RECOVERY_PUBLIC:
        raise Refused("a recovery key has a wrong length")
    return public[:PUBLIC], public[PUBLIC:]
