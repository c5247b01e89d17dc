"""The primitives: what is sealed opens with the same key and fields, and with nothing else."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.givens import flipped, keys
from whistle.crypto.suite import (
    LABELS,
    Refused,
    aead_open,
    aead_seal,
    hkdf,
    hpke_open,
    hpke_opener,
    hpke_public,
    hpke_seal,
    lp,
)

fields = st.lists(st.binary(max_size=5), max_size=4)
SEED = bytes(range(32))
SEALED = hpke_seal(hpke_public(SEED), b"pesan", b"info")


@given(fields, fields)
def test_two_lists_of_fields_never_give_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (lp(*one) == lp(*other)) == (one == other)


def test_a_field_is_written_behind_its_length() -> None:
    assert lp(b"ab", b"") == b"\0\0\0\2ab\0\0\0\0"


def test_every_label_is_of_this_format_and_version_and_used_once() -> None:
    assert len(set(LABELS.values())) == len(LABELS)
    assert all(label == f"peluit/v1/{name}".encode() for name, label in LABELS.items())


@given(keys, st.binary(max_size=20), st.binary(max_size=20))
def test_a_derived_key_is_the_first_block_of_hkdf_expand(key: bytes, label: bytes, context: bytes) -> None:
    info = lp(label, context)
    assert hkdf(key, label, context) == hmac.digest(key, info + b"\x01", "sha256")


def test_another_label_or_context_gives_another_key() -> None:
    made = [hkdf(SEED, label, context) for label in (b"a", b"ab", b"b") for context in (b"", b"b", b"c")]
    assert len(set(made)) == len(made)


def test_nothing_is_derived_from_a_short_key() -> None:
    with pytest.raises(ValueError):
        hkdf(bytes(31), b"label")


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_what_was_encrypted_opens(plaintext: bytes, aad: bytes) -> None:
    sealed = aead_seal(SEED, plaintext, aad)
    assert aead_open(SEED, sealed, aad) == plaintext
    assert len(sealed) == len(plaintext) + 28


@given(st.binary(max_size=40), st.integers(0))
def test_a_flipped_bit_is_refused(plaintext: bytes, bit: int) -> None:
    with pytest.raises(Refused):
        aead_open(SEED, flipped(aead_seal(SEED, plaintext, b"aad"), bit), b"aad")


def test_every_truncation_is_refused() -> None:
    sealed = aead_seal(SEED, b"some text", b"aad")
    for length in range(len(sealed)):
        with pytest.raises(Refused):
            aead_open(SEED, sealed[:length], b"aad")


def test_other_fields_or_another_key_are_refused() -> None:
    sealed = aead_seal(SEED, b"some text", b"aad")
    for key, aad in ((SEED, b"aae"), (bytes(32), b"aad"), (bytes(31), b"aad")):
        with pytest.raises(Refused):
            aead_open(key, sealed, aad)


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    assert len({aead_seal(SEED, b"text", b"aad") for _ in range(50)}) == 50


def test_a_seed_expands_to_the_public_key_of_the_x_wing_draft() -> None:
    """First vector of draft-connolly-cfrg-xwing-kem, appendix C."""
    public = hpke_public(bytes.fromhex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"))
    assert len(public) == 1216
    assert public.hex().startswith(
        "e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d"
        "a5fa1a92c49f25513e0fd30d6b1611c9ab9635d7086727a4b7d21d34244e66969cf15b3b"
    )
    assert hashlib.sha256(public).hexdigest() == "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb"


def test_a_message_sealed_to_a_key_opens_with_its_seed() -> None:
    assert hpke_open(SEED, SEALED, b"info") == b"pesan"
    assert len(SEALED) == 1120 + len(b"pesan") + 16


@given(st.integers(0, 8 * len(SEALED) - 1))
def test_a_flipped_bit_of_a_sealed_message_is_refused(bit: int) -> None:
    with pytest.raises(Refused):
        OPENER(flipped(SEALED, bit), b"info")


def test_every_truncation_of_a_sealed_message_is_refused() -> None:
    for length in (*range(0, 1120, 101), *range(1119, len(SEALED))):
        with pytest.raises(Refused):
            OPENER(SEALED[:length], b"info")
    with pytest.raises(Refused):
        OPENER(SEALED + b"\0", b"info")


def test_a_sealed_message_is_refused_for_another_reader_or_purpose() -> None:
    with pytest.raises(Refused):
        hpke_open(bytes(32), SEALED, b"info")
    with pytest.raises(Refused):
        hpke_open(SEED, SEALED, b"inf")


@pytest.mark.parametrize("public", [b"", bytes(1215), bytes(1217), b"\xff" * 1216, bytes(1216)])
def test_what_is_no_public_key_is_not_sealed_to(public: bytes) -> None:
    with pytest.raises(Refused):
        hpke_seal(public, b"pesan", b"info")


OPENER = hpke_opener(SEED)
