"""Signatures: by one key, for one purpose; the double one needs both of its halves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.givens import flipped, keys
from whistle.crypto.signing import dual_public, dual_sign, dual_verify, ed25519_public, sign, verify
from whistle.crypto.suite import Refused

SEED = bytes(range(64))
PUBLIC = dual_public(SEED)
SIGNED = dual_sign(SEED, b"label", b"message")


@given(keys, st.binary(max_size=20), st.binary(max_size=50))
def test_a_signature_holds_for_its_key_label_and_message(seed: bytes, label: bytes, message: bytes) -> None:
    verify(ed25519_public(seed), label, message, sign(seed, label, message))


@given(st.integers(0, 8 * 64 - 1))
def test_a_flipped_bit_of_a_signature_is_refused(bit: int) -> None:
    signature = sign(SEED[:32], b"label", b"message")
    with pytest.raises(Refused):
        verify(PUBLIC[:32], b"label", b"message", flipped(signature, bit))


@pytest.mark.parametrize(
    ("seed", "label", "message"),
    [
        (SEED[32:], b"label", b"message"),
        (SEED[:32], b"labe", b"lmessage"),  # the same bytes, cut elsewhere
        (SEED[:32], b"label2", b"message"),
        (SEED[:32], b"label", b"message2"),
    ],
)
def test_another_key_label_or_message_is_refused(seed: bytes, label: bytes, message: bytes) -> None:
    with pytest.raises(Refused):
        verify(PUBLIC[:32], b"label", b"message", sign(seed, label, message))


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33), b"\xff" * 32])
def test_what_is_no_public_key_verifies_nothing(public: bytes) -> None:
    with pytest.raises(Refused):
        verify(public, b"label", b"message", sign(SEED[:32], b"label", b"message"))


def test_a_double_signature_holds_when_both_halves_do() -> None:
    dual_verify(PUBLIC, b"label", b"message", SIGNED)
    assert len(PUBLIC) == 32 + 1952
    assert len(SIGNED) == 64 + 3309


@given(st.integers(0, 8 * 64 - 1))
def test_a_double_signature_is_refused_when_its_ed25519_half_is_wrong(bit: int) -> None:
    with pytest.raises(Refused):
        dual_verify(PUBLIC, b"label", b"message", flipped(SIGNED[:64], bit) + SIGNED[64:])


@given(st.integers(0, 8 * 3309 - 1))
def test_a_double_signature_is_refused_when_its_mldsa_half_is_wrong(bit: int) -> None:
    with pytest.raises(Refused):
        dual_verify(PUBLIC, b"label", b"message", SIGNED[:64] + flipped(SIGNED[64:], bit))


def test_halves_of_two_signers_make_no_signature() -> None:
    # Given a second signer whose Ed25519 half is the same and whose ML-DSA half is another's
    other = SEED[:32] + bytes(32)
    # When that one signs, then neither key takes the other's signature
    with pytest.raises(Refused):
        dual_verify(PUBLIC, b"label", b"message", dual_sign(other, b"label", b"message"))
    with pytest.raises(Refused):
        dual_verify(dual_public(other), b"label", b"message", SIGNED)


def test_halves_over_two_messages_make_no_signature() -> None:
    other = dual_sign(SEED, b"label", b"another message")
    with pytest.raises(Refused):
        dual_verify(PUBLIC, b"label", b"message", SIGNED[:64] + other[64:])
    with pytest.raises(Refused):
        dual_verify(PUBLIC, b"label", b"message", other[:64] + SIGNED[64:])


@pytest.mark.parametrize("cut", [slice(0), slice(64), slice(64, None), slice(-1)])
def test_a_shortened_double_signature_is_refused(cut: slice) -> None:
    with pytest.raises(Refused):
        dual_verify(PUBLIC, b"label", b"message", SIGNED[cut])


def test_a_seed_of_another_length_is_no_seed() -> None:
    with pytest.raises(ValueError):
        dual_public(bytes(32))
    with pytest.raises(ValueError):
        dual_sign(bytes(63), b"label", b"message")
