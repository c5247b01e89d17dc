"""The two keys of a recovery secret."""

import os

import pytest

from whistle.crypto.recovery import RECOVERY_PUBLIC, RecoveryKeys, halves
from whistle.crypto.signing import ed25519_public, sign, verify
from whistle.crypto.suite import LABELS, Refused, hpke_open, hpke_public, hpke_seal


def test_what_is_sealed_to_the_first_half_opens_with_the_secret() -> None:
    keys = RecoveryKeys(os.urandom(32))
    sealing, _ = halves(keys.public)
    assert sealing == hpke_public(keys.secret)
    assert hpke_open(keys.secret, hpke_seal(sealing, b"key", b"info"), b"info") == b"key"


def test_what_the_secret_signs_holds_under_the_second_half() -> None:
    keys = RecoveryKeys(os.urandom(32))
    _, signing = halves(keys.public)
    verify(signing, LABELS["audit"], b"row", sign(keys.signing_seed, LABELS["audit"], b"row"))


def test_the_signing_seed_is_neither_the_secret_nor_read_off_it() -> None:
    keys = RecoveryKeys(bytes(range(32)))
    assert keys.signing_seed != keys.secret
    assert ed25519_public(keys.secret) != halves(keys.public)[1]


def test_another_length_is_refused() -> None:
    with pytest.raises(ValueError):
        RecoveryKeys(bytes(31))
    for size in (0, 1216, RECOVERY_PUBLIC - 1, RECOVERY_PUBLIC + 1):
        with pytest.raises(Refused):
            halves(bytes(size))


def test_a_secret_is_not_printed_by_chance() -> None:
    assert "\\x07" not in repr(RecoveryKeys(b"\x07" * 32))
