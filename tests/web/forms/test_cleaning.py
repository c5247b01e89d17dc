"""What people typed is kept; what nobody can see is not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.web.forms.cleaning import clean


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  biasa\r\nsaja\r ", "biasa\nsaja"),
        ("Rp50.000\t(tunai)", "Rp50.000\t(tunai)"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),
        ("e\u0301", "é"),
        ("ra\u00adha\u200bsia\ufeff", "rahasia"),
    ],
)
def test_visible_text_stays_and_nothing_is_said(typed: str, kept: str) -> None:
    assert clean(typed).text == kept
    assert clean(typed).removed == frozenset()


@pytest.mark.parametrize("mark", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_what_turns_the_direction_is_removed_and_told(mark: str) -> None:
    assert clean(f"a{mark}b").text == "ab"
    assert clean(f"a{mark}b").removed == {"direction"}


@pytest.mark.parametrize("mark", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x0b"])
def test_control_characters_are_removed_and_told(mark: str) -> None:
    assert clean(f"a{mark}b").text == "ab"
    assert clean(f"a{mark}b").removed == {"control"}


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_no_letter_is_lost(typed: str) -> None:
    once = clean(typed)
    assert clean(once.text).text == once.text
    composed = unicodedata.normalize("NFC", typed)
    assert [c for c in once.text if c.isalnum()] == [c for c in composed if c.isalnum()]
