from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.stages import STAGES
from whistle.domain.summary import LARGEST_DIGITS, Move, Summary
from whistle.domain.summary_form import AT, ORDER, from_bytes, from_lines, lines_of, to_bytes

DAY = st.dates(date(2024, 1, 1), date(2040, 1, 1))
MOVES = st.lists(st.builds(Move, DAY, st.sampled_from(list(STAGES))), max_size=40).map(tuple)
TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\n\t\\n"), max_size=20)
SUMMARIES = st.builds(
    Summary,
    received=DAY,
    track=TEXT,
    office=TEXT,
    service=TEXT,
    title=st.text(max_size=80),
    people=TEXT,
    stage=st.sampled_from(list(STAGES)),
    moves=MOVES,
    amount_asked=st.none() | st.integers(0, 10**12),
    verified=st.none() | DAY,
    closed=st.none() | DAY,
    causes=st.lists(TEXT).map(tuple),
    unread=st.booleans(),
    thread_places=st.integers(0, 10**6),
    files=st.none() | st.integers(0, 10**4),
)
FULL = Summary(
    date(2026, 1, 2), "t", "o", "s", "ti", "c", "h", "ch", "r", "TELAAH",
    (Move(date(2026, 1, 2), "DITERIMA"), Move(date(2026, 1, 9), "TELAAH")), "u", "p", "pe", 1, 2, 3, 4,
    date(2026, 1, 3), date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7), "re", "sa", "em",
    ("ca", "us"), "ref", True, False, True, "w", 5, 6, 7,
)  # fmt: skip
PLAIN = Summary(date(2026, 11, 24), "biasa", "DISHUB", "perhubungan", "Parkir")


@given(SUMMARIES)
def test_a_summary_survives_being_written_down(summary: Summary) -> None:
    assert from_bytes(to_bytes(summary)) == summary


@given(SUMMARIES)
def test_each_field_has_one_line_whatever_is_in_it(summary: Summary) -> None:
    assert to_bytes(summary).count(b"\n") == len(ORDER) - 1
    assert lines_of(to_bytes(summary))[AT["title"]] == summary.title


def test_every_field_is_written_down() -> None:
    assert sorted(ORDER) == sorted(Summary.__dataclass_fields__)


def test_no_two_fields_are_mistaken_for_each_other() -> None:
    assert from_bytes(to_bytes(FULL)) == FULL
    others = [replace(FULL, close_pending=True), replace(FULL, unread=False), replace(FULL, close_returned=False)]
    assert [from_bytes(to_bytes(other)) for other in others] == others


@pytest.mark.parametrize("field", ["thread_places", "amount_paid", "victims", "files"])
def test_a_number_that_is_absurd_is_refused(field: str) -> None:
    lines = to_bytes(FULL).decode().split("\n")
    lines[AT[field]] = "1" * (LARGEST_DIGITS + 1)
    with pytest.raises(ValueError, match="absurd"):
        from_lines(lines)


@pytest.mark.parametrize("line", ["9" * 400 + ":DITERIMA", "1:DITERIMA,x:TELAAH", "1:ENTAH", "0:DITERIMA", ","])
def test_a_move_to_no_day_or_stage_is_refused(line: str) -> None:
    lines = to_bytes(FULL).decode().split("\n")
    lines[AT["moves"]] = line
    with pytest.raises((ValueError, ArithmeticError)):
        from_lines(lines)


def test_what_a_later_version_adds_is_ignored() -> None:
    assert from_bytes(to_bytes(PLAIN) + b"\nhujan") == PLAIN


def test_a_summary_of_before_files_were_counted_says_that_nobody_knows() -> None:
    read = from_bytes(to_bytes(FULL).rpartition(b"\n")[0])
    assert read == replace(FULL, files=None) and from_bytes(to_bytes(read)) == read
    assert from_bytes(to_bytes(replace(PLAIN, files=0))).files == 0


@pytest.mark.parametrize("missing", [2, 10, len(ORDER)])
def test_a_summary_that_lacks_lines_is_refused(missing: int) -> None:
    lines = to_bytes(PLAIN).split(b"\n")
    with pytest.raises(ValueError, match="lacks lines"):
        from_bytes(b"\n".join(lines[:-missing]))


def test_a_summary_read_is_as_one_that_was_made() -> None:
    read = from_bytes(to_bytes(PLAIN))
    assert hash(read) == hash(PLAIN)
    assert replace(read, title="Lain").title == "Lain"
    read.check()
