"""What is typed into the desk's forms, and what is kept of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.web.desk.fields import _day, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("a\x00b\x07", "ab"),
        ("\u202eabc\u202c\u200b", "abc"),
        ("e\u0301", "é"),
        ("keluarga \U0001f468\u200d\U0001f469", "keluarga \U0001f468\u200d\U0001f469"),
        (None, None),
        (5, 5),
    ],
)
def test_text_is_tidied(typed: object, kept: object) -> None:
    assert tidy(typed) == kept


@given(st.text())
def test_tidy_text_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize("typed", ["2026-03-17", "17/3/2026", "17-03-2026", "17.3.2026", "17 3 2026"])
def test_days_are_read_as_people_type_them(typed: str) -> None:
    assert _day(typed) == date(2026, 3, 17)


@pytest.mark.parametrize("typed", ["31/2/2026", "17/3/26", "besok", "2026-13-01", "0/0/0000"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        _day(typed)
