"""The signing key of recovery, which follows from the recovery seed: whoever puts the shares together holds both."""

from whistle.crypto.signing import ed25519_public
from whistle.crypto.suite import LABELS, hkdf


def recovery_sign_seed(seed: bytes) -> bytes:
    """The Ed25519 seed (32 B) of a recovery key's 32-byte X-Wing seed."""
    return hkdf(seed, LABELS["recovery-sign"])


def recovery_sign_public(seed: bytes) -> bytes:
    """The Ed25519 public key (32 B) that the manifest holds as ``recovery_sign``."""
    return ed25519_public(recovery_sign_seed(seed))
