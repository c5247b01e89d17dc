"""Entries, grants, summaries, identities: what is changed, moved, swapped or under another key is refused."""

import hashlib
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.givens import GRANT, KEY, OTHER_KEY, PLACE, SUMMARY, elsewhere, flipped, keys
from whistle.crypto.envelope import (
    GRANT_SIZE,
    IDENTITY_SIZE,
    SUMMARY_ROOM,
    SUMMARY_SIZE,
    WRAPPED_SIZE,
    commitment,
    entry_hash,
    grant_opener,
    leaf_hash,
    open_entry,
    open_grant,
    open_identity,
    open_summary,
    seal_entry,
    seal_grant,
    seal_identity,
    seal_summary,
    unwrap_grant,
    wrap_grant,
)
from whistle.crypto.padding import SMALLEST, pad, pad_to
from whistle.crypto.signing import ed25519_public, sign
from whistle.crypto.suite import LABELS, Refused, aead_seal, hkdf, hpke_public, hpke_seal, lp

AUTHOR = b"a" * 32
READER = b"r" * 32
GRANTS_KEY = b"g" * 32
INSTALLATION, CASE = PLACE.installation, PLACE.case

ENTRY = seal_entry(KEY, PLACE, b"isi laporan", AUTHOR)
SEALED_GRANT = seal_grant(hpke_public(READER), KEY, GRANT)
OPENER = grant_opener(READER)
WRAPPED = wrap_grant(GRANTS_KEY, KEY, GRANT)
SEALED_SUMMARY = seal_summary(KEY, SUMMARY, b"ringkasan")
IDENTITY = seal_identity(KEY, INSTALLATION, CASE, b"nama")

ALL: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "entry": (ENTRY, lambda sealed: open_entry(KEY, PLACE, sealed)),
    "sealed grant": (SEALED_GRANT, lambda sealed: OPENER(sealed, GRANT)),
    "wrapped grant": (WRAPPED, lambda sealed: unwrap_grant(GRANTS_KEY, sealed, GRANT)),
    "summary": (SEALED_SUMMARY, lambda sealed: open_summary(KEY, SUMMARY, sealed)),
    "identity": (IDENTITY, lambda sealed: open_identity(KEY, INSTALLATION, CASE, sealed)),
}
each = st.sampled_from(sorted(ALL))


@given(each, st.integers(0, 8 * 5000))
def test_any_flipped_bit_is_refused(what: str, bit: int) -> None:
    sealed, open_it = ALL[what]
    with pytest.raises(Refused):
        open_it(flipped(sealed, bit))


@given(each, st.integers(0, 5000))
def test_any_truncation_is_refused(what: str, length: int) -> None:
    sealed, open_it = ALL[what]
    with pytest.raises(Refused):
        open_it(sealed[: length % len(sealed)])


@given(each, st.binary(min_size=1, max_size=20))
def test_anything_appended_is_refused(what: str, more: bytes) -> None:
    sealed, open_it = ALL[what]
    with pytest.raises(Refused):
        open_it(sealed + more)


@given(each, each)
def test_nothing_opens_as_something_else(what: str, other: str) -> None:
    if what != other:
        with pytest.raises(Refused):
            ALL[other][1](ALL[what][0])


# Entries


@given(keys, st.binary(max_size=9000), keys)
def test_an_entry_opens_at_its_place_and_shows_its_author(key: bytes, body: bytes, author: bytes) -> None:
    place = replace(PLACE, commitment=commitment(key))
    opened = open_entry(key, place, seal_entry(key, place, body, author))
    assert opened.body == body
    opened.check(ed25519_public(author))


@pytest.mark.parametrize("field", [field.name for field in fields(PLACE)])
def test_an_entry_is_refused_at_any_other_place(field: str) -> None:
    with pytest.raises(Refused):
        open_entry(KEY, elsewhere(PLACE, field), ENTRY)


def test_an_entry_is_refused_under_another_key() -> None:
    with pytest.raises(Refused):
        open_entry(OTHER_KEY, PLACE, ENTRY)
    with pytest.raises(Refused):
        open_entry(OTHER_KEY, replace(PLACE, commitment=commitment(OTHER_KEY)), ENTRY)


def test_an_entry_is_not_sealed_under_a_key_that_is_not_the_one_committed_to() -> None:
    with pytest.raises(Refused):
        seal_entry(OTHER_KEY, PLACE, b"isi", AUTHOR)


def test_an_entry_that_a_sender_made_for_a_second_key_is_refused() -> None:
    # Given a sender who binds the commitment that is stored and encrypts under another key
    signed = pad(sign(AUTHOR, LABELS["entry-signature"], PLACE.aad() + b"isi") + b"isi")
    forged = aead_seal(hkdf(OTHER_KEY, LABELS["entry-key"]), signed, PLACE.aad())
    # Then whoever was given that other key is told so
    with pytest.raises(Refused, match="committed"):
        open_entry(OTHER_KEY, PLACE, forged)


def test_an_entry_is_refused_as_another_authors() -> None:
    with pytest.raises(Refused):
        open_entry(KEY, PLACE, ENTRY).check(ed25519_public(b"b" * 32))


@pytest.mark.parametrize("field", [field.name for field in fields(PLACE)])
def test_who_holds_the_key_cannot_move_what_another_signed(field: str) -> None:
    # Given a reader who decrypts an entry of somebody else
    opened = open_entry(KEY, PLACE, ENTRY)
    # When the reader seals the body and signature again at another place (of a case whose key they have too)
    moved = elsewhere(PLACE, field)
    key = KEY if field != "commitment" else OTHER_KEY
    moved = replace(moved, commitment=commitment(key))
    again = aead_seal(hkdf(key, LABELS["entry-key"]), pad(opened.signature + opened.body), moved.aad())
    # Then it opens there, and the author's signature does not hold
    reopened = open_entry(key, moved, again)
    assert reopened.body == opened.body
    with pytest.raises(Refused):
        reopened.check(ed25519_public(AUTHOR))


def test_an_entry_of_another_version_is_refused() -> None:
    aad, signed = PLACE.aad(), pad(sign(AUTHOR, LABELS["entry-signature"], PLACE.aad() + b"isi") + b"isi")
    key = hkdf(KEY, LABELS["entry-key"])
    open_entry(KEY, PLACE, aead_seal(key, signed, aad))
    for other_key, other_aad in (
        (hkdf(KEY, b"peluit/v2/entry-key"), aad),
        (key, aad.replace(b"peluit/v1/", b"peluit/v2/")),
    ):
        with pytest.raises(Refused):
            open_entry(KEY, PLACE, aead_seal(other_key, signed, other_aad))


@pytest.mark.parametrize("padded", [bytes(4096), b"short" + b"\x80" + bytes(4090), pad(b"x" * 64) + bytes(4096)])
def test_an_entry_that_is_padded_another_way_or_holds_no_signature_is_refused(padded: bytes) -> None:
    with pytest.raises(Refused):
        open_entry(KEY, PLACE, aead_seal(hkdf(KEY, LABELS["entry-key"]), padded, PLACE.aad()))


@given(st.integers(0, 4096 - 65))
def test_all_short_entries_are_of_one_size(length: int) -> None:
    assert len(seal_entry(KEY, PLACE, bytes(length), AUTHOR)) == 4096 + 28


@pytest.mark.parametrize("field", [field.name for field in fields(PLACE)])
def test_the_hash_of_an_entry_is_of_its_place_and_bytes(field: str) -> None:
    assert entry_hash(elsewhere(PLACE, field), ENTRY) != entry_hash(PLACE, ENTRY)
    assert entry_hash(PLACE, flipped(ENTRY, 0)) != entry_hash(PLACE, ENTRY)


# Grants


def test_a_grant_holds_the_key_for_its_reader() -> None:
    assert open_grant(READER, SEALED_GRANT, GRANT) == KEY
    assert unwrap_grant(GRANTS_KEY, WRAPPED, GRANT) == KEY
    assert (len(SEALED_GRANT), len(WRAPPED)) == (GRANT_SIZE, WRAPPED_SIZE) == (1168, 60)


@pytest.mark.parametrize("field", [field.name for field in fields(GRANT)])
def test_a_grant_is_refused_for_any_other_place(field: str) -> None:
    with pytest.raises(Refused):
        open_grant(READER, SEALED_GRANT, elsewhere(GRANT, field))
    with pytest.raises(Refused):
        unwrap_grant(GRANTS_KEY, WRAPPED, elsewhere(GRANT, field))


def test_a_grant_is_refused_to_another_reader() -> None:
    with pytest.raises(Refused):
        open_grant(b"s" * 32, SEALED_GRANT, GRANT)
    with pytest.raises(Refused):
        unwrap_grant(b"h" * 32, WRAPPED, GRANT)


def test_a_sender_who_seals_two_keys_to_two_readers_is_found() -> None:
    # Given a sender who stores the commitment of one key and seals another to the second reader
    bound = GRANT.bound(LABELS["grant-seal"])
    forged = hpke_seal(hpke_public(READER), OTHER_KEY, bound)
    # Then the second reader, who can decrypt it, is told that it is not the key of the case
    with pytest.raises(Refused, match="committed"):
        open_grant(READER, forged, GRANT)
    # And with honest tools the sender cannot make it
    with pytest.raises(Refused):
        seal_grant(hpke_public(READER), OTHER_KEY, GRANT)
    with pytest.raises(Refused):
        wrap_grant(GRANTS_KEY, OTHER_KEY, GRANT)


@pytest.mark.parametrize("key", [b"", KEY[:31], KEY + b"\0"])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(Refused):
        open_grant(READER, hpke_seal(hpke_public(READER), key, GRANT.bound(LABELS["grant-seal"])), GRANT)
    with pytest.raises(Refused):
        unwrap_grant(GRANTS_KEY, aead_seal(GRANTS_KEY, key, GRANT.bound(LABELS["grant-wrap"])), GRANT)
    with pytest.raises(Refused):
        seal_grant(hpke_public(READER), key, GRANT)


def test_a_grant_of_another_version_or_purpose_is_refused() -> None:
    for label in (b"peluit/v2/grant-seal", LABELS["grant-wrap"]):
        with pytest.raises(Refused):
            open_grant(READER, hpke_seal(hpke_public(READER), KEY, GRANT.bound(label)), GRANT)
    for label in (b"peluit/v2/grant-wrap", LABELS["grant-seal"]):
        with pytest.raises(Refused):
            unwrap_grant(GRANTS_KEY, aead_seal(GRANTS_KEY, KEY, GRANT.bound(label)), GRANT)


@given(keys, keys)
def test_two_keys_have_two_commitments(one: bytes, other: bytes) -> None:
    assert (commitment(one) == commitment(other)) == (one == other)


# Summary, identity, leaf


@given(st.binary(max_size=SUMMARY_ROOM))
def test_every_summary_is_of_one_size(body: bytes) -> None:
    sealed = seal_summary(KEY, SUMMARY, body)
    assert len(sealed) == SUMMARY_SIZE
    assert open_summary(KEY, SUMMARY, sealed) == body


def test_a_summary_that_is_too_large_is_a_mistake_of_the_caller() -> None:
    assert len(seal_summary(KEY, SUMMARY, bytes(SUMMARY_ROOM))) == SUMMARY_SIZE
    with pytest.raises(ValueError):
        seal_summary(KEY, SUMMARY, bytes(SUMMARY_ROOM + 1))


@pytest.mark.parametrize("field", [field.name for field in fields(SUMMARY)])
def test_a_summary_is_refused_for_any_other_place(field: str) -> None:
    with pytest.raises(Refused):
        open_summary(KEY, elsewhere(SUMMARY, field), SEALED_SUMMARY)


def test_a_summary_is_refused_under_another_key_or_version() -> None:
    with pytest.raises(Refused):
        open_summary(OTHER_KEY, SUMMARY, SEALED_SUMMARY)
    padded = b"ringkasan\x80".ljust(SUMMARY_ROOM + 1, b"\0")
    open_summary(KEY, SUMMARY, aead_seal(hkdf(KEY, LABELS["summary-key"]), padded, SUMMARY.aad()))
    other = SUMMARY.aad().replace(b"peluit/v1/", b"peluit/v2/")
    with pytest.raises(Refused):
        open_summary(KEY, SUMMARY, aead_seal(hkdf(KEY, LABELS["summary-key"]), padded, other))


@given(st.binary(max_size=4095))
def test_every_identity_is_of_one_size_given_or_not(body: bytes) -> None:
    sealed = seal_identity(KEY, INSTALLATION, CASE, body)
    assert len(sealed) == IDENTITY_SIZE
    assert open_identity(KEY, INSTALLATION, CASE, sealed) == body


def test_an_identity_is_refused_for_another_case_installation_or_key() -> None:
    for key, installation, case in (
        (KEY, INSTALLATION, b"d" * 16),
        (KEY, b"j" * 16, CASE),
        (OTHER_KEY, INSTALLATION, CASE),
        (KEY, INSTALLATION[:15], CASE + b"i"),
    ):
        with pytest.raises(Refused):
            open_identity(key, installation, case, IDENTITY)


def test_an_identity_that_is_too_large_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError):
        seal_identity(KEY, INSTALLATION, CASE, bytes(4096))


def test_a_leaf_is_the_hash_of_blinding_and_first_entry() -> None:
    leaf = leaf_hash(b"b" * 32, b"h" * 32)
    assert leaf == hashlib.sha256(b"\0" + b"b" * 32 + b"h" * 32).digest()
    for blinding, first in ((b"b" * 31, b"h" * 32), (b"b" * 32, b"h" * 33)):
        with pytest.raises(Refused):
            leaf_hash(blinding, first)


@pytest.mark.parametrize("size", [100, SMALLEST * 2])
def test_a_summary_or_identity_of_another_size_is_refused(size: int) -> None:
    # Given a reader who seals one with the right key and fields, and lets its size tell something
    padded = pad_to(b"isi", size)
    summary = aead_seal(hkdf(KEY, LABELS["summary-key"]), padded, SUMMARY.aad())
    aad = lp(LABELS["identity-aad"], INSTALLATION, CASE, commitment(KEY))
    identity = aead_seal(hkdf(KEY, LABELS["identity-key"]), padded, aad)
    # Then the others refuse it
    with pytest.raises(Refused, match="size"):
        open_summary(KEY, SUMMARY, summary)
    with pytest.raises(Refused, match="size"):
        open_identity(KEY, INSTALLATION, CASE, identity)


def test_nothing_that_is_opened_shows_itself_in_a_representation() -> None:
    assert "isi laporan" not in repr(open_entry(KEY, PLACE, ENTRY))
