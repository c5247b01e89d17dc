"""A part of a file, as RFC 9110 lets a browser ask for it."""

import pytest
from werkzeug.datastructures import Headers

from whistle.web.ranges import Unsatisfiable, asked

SIZE = 1000


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-499", (0, 500)),
        ("Bytes=500-", (500, 1000)),
        ("bytes=999-", (999, 1000)),
        ("bytes=990-5000", (990, 1000)),
        ("bytes=-1", (999, 1000)),
        ("bytes=-500", (500, 1000)),
        ("bytes=-5000", (0, 1000)),  # longer than the file: all of it (section 14.1.2)
    ],
)
def test_a_range_is_from_a_byte_to_before_another(text: str, span: tuple[int, int]) -> None:
    assert asked(Headers({"Range": text}), SIZE) == span


@pytest.mark.parametrize("text", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_what_lies_behind_the_end_cannot_be_given(text: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked(Headers({"Range": text}), SIZE)


@pytest.mark.parametrize(
    "text",
    ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes=٣-٤", f"bytes=0-{9**40}"],
)
def test_what_cannot_be_read_is_as_if_nothing_was_asked(text: str) -> None:
    assert asked(Headers({"Range": text}), SIZE) is None


def test_a_range_of_a_version_that_nobody_named_is_the_whole_file() -> None:
    assert asked(Headers({"Range": "bytes=0-1", "If-Range": '"x"'}), SIZE) is None


def test_an_empty_file_has_no_part() -> None:
    with pytest.raises(Unsatisfiable):
        asked(Headers({"Range": "bytes=0-"}), 0)
