"""The receipt: read however it is typed; a wrong word is named; its keys are always the same."""

import hashlib
import hmac
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto import pool
from whistle.crypto.receipt import (
    Receipt,
    ReceiptError,
    ReceiptKeys,
    from_entropy,
    keys_of,
    new_receipt,
    parse,
    word_list,
)
from whistle.crypto.signing import ed25519_public
from whistle.crypto.suite import LABELS, hpke_public, lp

entropies = st.binary(min_size=11, max_size=11)
between = st.sampled_from(
    [" ", "  ", "-", " - ", "\n", "\r\n", "\t", ",", ", ", ".", "/", "_", "\u00a0", " \u2013 ", " 3. "]
)
INSTALLATION = b"i" * 16
RECEIPT = from_entropy(bytes(range(11)))
NO_WORD = "xqzvw"


@st.composite
def sloppily(draw: st.DrawFn, receipt: Receipt) -> str:
    """The receipt as people type it: cut to four letters, in capitals, with a tail, numbered, oddly spaced."""
    text = draw(
        st.sampled_from(["", " ", "\n", "1. ", '"', "\u200e", "\ufeff", "Kode: " if "kode" not in PREFIXES else ""])
    )
    for word in receipt.words:
        cut = draw(st.integers(4, len(word)))
        typed = draw(
            st.sampled_from([word, word[:cut], word.upper(), word.capitalize(), word[:4] + "\u00ad" + word[4:]])
        )
        text += typed + draw(between)
    return text


PREFIXES = {word[:4] for word in word_list()}


@given(entropies)
def test_every_receipt_comes_back_from_its_words(entropy: bytes) -> None:
    receipt = from_entropy(entropy)
    assert len(receipt.words) == 8
    assert receipt.entropy == entropy
    assert parse(str(receipt)) == receipt


@given(st.data(), entropies)
def test_every_receipt_typed_sloppily_is_read(data: st.DataObject, entropy: bytes) -> None:
    receipt = from_entropy(entropy)
    assert parse(data.draw(sloppily(receipt))) == receipt


@given(entropies)
def test_letters_after_the_fourth_are_not_held_against_anybody(entropy: bytes) -> None:
    receipt = from_entropy(entropy)
    assert parse(" ".join(word[:4] + "z" for word in receipt.words)) == receipt


def test_accents_and_wide_letters_of_a_keyboard_are_read() -> None:
    typed = "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in str(RECEIPT))
    assert parse(typed) == RECEIPT
    assert parse(str(RECEIPT).replace("a", "\u00e1").replace("e", "\u00e8")) == RECEIPT


def test_forgotten_spaces_are_put_back_where_only_one_reading_exists() -> None:
    one, two, *rest = RECEIPT.words
    assert parse(" ".join([one + two, *rest])) == RECEIPT


@given(entropies, st.integers(0, 7))
def test_a_wrong_word_is_named_with_its_place(entropy: bytes, at: int) -> None:
    words = list(from_entropy(entropy).words)
    words[at] = NO_WORD
    with pytest.raises(ReceiptError) as caught:
        parse(" ".join(words))
    assert (caught.value.kind, caught.value.position, caught.value.word) == ("unknown", at + 1, NO_WORD)


def test_letters_that_changed_places_are_answered_with_the_word_that_was_meant() -> None:
    asked = met = 0
    for word in word_list()[::41]:
        wrong = word[0] + word[2] + word[1] + word[3:]
        if wrong[:4] in PREFIXES:
            continue
        asked += 1
        with pytest.raises(ReceiptError) as caught:
            parse(" ".join([wrong, *RECEIPT.words[1:]]))
        met += word in caught.value.suggestions
        assert len(caught.value.suggestions) <= 3
        assert set(caught.value.suggestions) <= set(word_list())
    assert met >= 0.9 * asked > 10


def test_three_letters_are_no_word() -> None:
    words = [*RECEIPT.words[:7], RECEIPT.words[7][:3]]
    with pytest.raises(ReceiptError) as caught:
        parse(" ".join(words))
    assert (caught.value.kind, caught.value.position) == ("unknown", 8)


@pytest.mark.parametrize("count", range(8))
def test_too_few_words_are_said_to_be_too_few(count: int) -> None:
    with pytest.raises(ReceiptError) as caught:
        parse(" ".join(RECEIPT.words[:count]))
    assert caught.value.kind == "too_few"


def test_too_many_words_are_said_to_be_too_many() -> None:
    with pytest.raises(ReceiptError) as caught:
        parse(f"{RECEIPT} {RECEIPT.words[0]}")
    assert caught.value.kind == "too_many"


def test_words_that_are_none_around_a_whole_receipt_are_passed_over() -> None:
    assert parse(f"{NO_WORD}: {RECEIPT} ({NO_WORD})") == RECEIPT


@given(st.text(max_size=300))
def test_no_text_makes_anything_but_a_receipt_error(text: str) -> None:
    with pytest.raises(ReceiptError):
        parse(text)


@pytest.mark.parametrize("text", ["a" * 200_000, "\0" * 1000, "\u202e" * 1000, "a " * 100_000, "\ud800 \udfff"])
def test_a_flood_of_text_is_refused_at_once(text: str) -> None:
    with pytest.raises(ReceiptError):
        parse(text)


def test_an_error_does_not_carry_what_was_typed_into_a_log() -> None:
    with pytest.raises(ReceiptError) as caught:
        parse(" ".join([*RECEIPT.words[:7], NO_WORD]))
    assert NO_WORD not in str(caught.value) + repr(caught.value)
    assert RECEIPT.words[0] not in repr(RECEIPT)
    assert ReceiptKeys.from_root(b"r" * 32).root.hex() not in repr(ReceiptKeys.from_root(b"r" * 32))


@pytest.mark.parametrize("entropy", [b"", bytes(10), bytes(12)])
def test_entropy_of_another_length_makes_no_receipt(entropy: bytes) -> None:
    with pytest.raises(ValueError):
        from_entropy(entropy)
    with pytest.raises(ValueError):
        ReceiptKeys.from_root(entropy)


def test_new_receipts_differ() -> None:
    made = [new_receipt() for _ in range(200)]
    assert len(set(made)) == 200
    assert all(one.words[0] != other.words[0] or one != other for one, other in pairwise(made))


def test_the_root_is_pbkdf2_over_the_entropy_salted_with_the_installation() -> None:
    salt = lp(LABELS["receipt-root"], INSTALLATION)
    expected = hashlib.pbkdf2_hmac("sha256", RECEIPT.entropy, salt, 32_768)
    assert keys_of(RECEIPT, INSTALLATION).root == expected
    assert keys_of(RECEIPT, b"j" * 16).root != expected


def test_the_derivation_runs_on_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def run(fn: Callable[..., bytes], *args: bytes) -> bytes:
        calls.append(args)
        return fn(*args)

    monkeypatch.setattr(pool.RECEIPTS, "run", run)
    keys_of(RECEIPT, INSTALLATION)
    assert calls == [(RECEIPT.entropy, INSTALLATION)]


def test_every_key_comes_of_the_root_under_its_own_label() -> None:
    keys = ReceiptKeys.from_root(b"r" * 32)

    def derived(name: str) -> bytes:
        return hmac.digest(keys.root, lp(LABELS[name], b"") + b"\x01", "sha256")

    assert keys.hpke_seed == derived("receipt-hpke")
    assert keys.hpke_public == hpke_public(keys.hpke_seed)
    assert keys.signing_seed == derived("receipt-signing")
    assert keys.signing_public == ed25519_public(keys.signing_seed)
    assert keys.blinding == derived("receipt-blinding")
    stored = hashlib.sha256(lp(LABELS["receipt-lookup-hash"], derived("receipt-lookup"))).digest()
    assert keys.lookup_hash == stored


def test_the_heading_that_people_write_before_the_words_is_no_word() -> None:
    receipt = new_receipt()
    assert parse(f"Kode: {receipt}") == receipt
    assert parse(f"kode laporan saya: {receipt}") == receipt
