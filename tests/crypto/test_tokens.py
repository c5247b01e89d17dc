"""Tokens in hidden fields: unreadable, unchangeable, for one purpose and one context."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.givens import flipped, keys
from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token

KEY = bytes(32)


@given(st.binary(min_size=32, max_size=64), st.text(max_size=10), st.binary(max_size=300), st.binary(max_size=20))
def test_a_token_opens_for_its_key_purpose_and_context(
    key: bytes, purpose: str, payload: bytes, context: bytes
) -> None:
    token = seal_token(key, purpose, payload, context)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert open_token(key, purpose, token, context) == payload


@given(keys, keys)
def test_a_token_is_refused_under_another_key(key: bytes, other: bytes) -> None:
    if key != other:
        with pytest.raises(Refused):
            open_token(other, "receipt", seal_token(key, "receipt", b"payload"))


def test_a_token_for_one_purpose_is_refused_for_another() -> None:
    with pytest.raises(Refused):
        open_token(KEY, "follow-up", seal_token(KEY, "receipt", b"payload"))


def test_a_token_expires_with_its_context() -> None:
    # Given a token of the hour 480,000 since the epoch
    hour = (480_000).to_bytes(4, "big")
    token = seal_token(KEY, "follow-up", b"payload", hour)
    # When it is opened in that hour or with that hour as the last one, then it opens
    assert open_token(KEY, "follow-up", token, hour) == b"payload"
    # And from then on it is refused, as is one whose context is left out
    for later in ((480_001).to_bytes(4, "big"), b""):
        with pytest.raises(Refused):
            open_token(KEY, "follow-up", token, later)


@given(st.binary(max_size=40), st.integers(0, 8 * 200), st.data())
def test_a_changed_character_is_refused(payload: bytes, bit: int, data: st.DataObject) -> None:
    token = seal_token(KEY, "receipt", payload)
    at = data.draw(st.integers(0, len(token) - 1))
    with pytest.raises(Refused):
        open_token(KEY, "receipt", token[:at] + flipped(token[at].encode(), bit).decode("latin-1") + token[at + 1 :])


@pytest.mark.parametrize("token", ["", "a", "ab", "====", "a b", "é", "\0", "A" * 38, "../../etc", "٣" * 40])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Refused):
        open_token(KEY, "receipt", token)


@given(st.text(max_size=80))
def test_no_text_makes_anything_but_a_refusal(token: str) -> None:
    with pytest.raises(Refused):
        open_token(KEY, "receipt", token)


def test_the_payload_cannot_be_read_in_the_token() -> None:
    assert seal_token(KEY, "receipt", b"sungai padi").find("c3VuZ2Fp") == -1
    assert seal_token(KEY, "receipt", b"same") != seal_token(KEY, "receipt", b"same")
