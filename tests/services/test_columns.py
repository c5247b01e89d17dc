"""What is kept of a list: many cases taken in at once, and some of them again."""

from dataclasses import replace
from datetime import date

import pytest

from whistle.services.columns import APPROVE, BROKEN, CLOSED, NEVER, UNREAD, Brief, Columns, Query, searched

TODAY = date(2026, 11, 24)


def brief(case: int, **other: object) -> Brief:
    day = TODAY.toordinal() - case
    known = Brief(
        bytes([case]) * 16, day, day + 3, "late", "TELAAH", f"O{case % 2}", "pungli", "triase", "biasa", 0, case, 1,
        f"00{case}/11/2026 uang untuk ktp",
    )  # fmt: skip
    return known._replace(**other)


def rows(columns: Columns) -> dict[bytes, tuple[object, ...]]:
    """Everything that is known, by case."""
    codes = columns._codes.values()
    return {
        case: (
            columns._received[place], columns._due[place], *(code[place] for code in codes), columns._marks[place],
            columns.places(case, 1), columns.places(case, 2), columns._text[place],
        )
        for case, place in columns._place.items()
    }  # fmt: skip


def filled(*parts: list[Brief]) -> Columns:
    columns = Columns(TODAY)
    for part in parts:
        columns.put(part)
    return columns


FIRST = [brief(case) for case in range(1, 6)]
CHANGED = brief(
    2, received=1, due=NEVER, due_state="", stage="SELESAI", office="O9", category="c", unit="u", priority="tinggi",
    marks=CLOSED | UNREAD, thread=7, file=8, text="lain",
)  # fmt: skip


def test_each_case_is_known_as_it_was_taken_in() -> None:
    columns = filled(FIRST)
    assert rows(columns) == {one.case: tuple(one[1:]) for one in FIRST}
    assert len(columns) == 5
    assert columns.find(Query(state="all", office="O0", sort="received")) == [bytes([4]) * 16, bytes([2]) * 16]


def test_one_part_holds_what_is_new_and_what_changed() -> None:
    columns = filled(FIRST, [brief(6), CHANGED, brief(7)])
    assert rows(columns) == rows(filled(FIRST[:1], [CHANGED], FIRST[2:], [brief(6), brief(7)]))
    assert columns._ids == [bytes([case]) * 16 for case in range(1, 8)]


def test_a_case_that_stands_twice_in_a_part_is_known_once() -> None:
    assert rows(filled([brief(2), brief(3), CHANGED])) == rows(filled([CHANGED, brief(3)]))


@pytest.mark.parametrize("part", [[brief(6, marks=APPROVE)], [brief(2, marks=APPROVE)]])
def test_orders_and_counts_are_made_anew_after_a_part(part: list[Brief]) -> None:
    columns = filled(FIRST)
    assert columns.counts()["approve"] == 0
    before = columns.find(Query(state="all"))
    columns.put([part[0]._replace(due=0)])
    assert columns.counts()["approve"] == 1
    assert columns.find(Query(state="all")) == [part[0].case, *(case for case in before if case != part[0].case)]


def test_an_empty_part_changes_nothing() -> None:
    assert rows(filled([], FIRST, [])) == rows(filled(FIRST))


def test_what_is_broken_is_neither_open_nor_closed() -> None:
    columns = filled([*FIRST, brief(6, marks=BROKEN, stage="")])
    assert columns.counts()["broken"] == 1
    query = Query(state="all")
    assert brief(6).case not in columns.find(query)
    assert brief(6).case not in columns.find(replace(query, state="open", office="O0"))
    assert brief(6).case in columns.find(Query())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Setoran pedagang", True),
        ("PEDAGANG  setoran 007/11", True),
        ("lima Budi", True),
        ("setoran bulanan", False),
        ("   ", True),
    ],
)
def test_every_word_is_looked_for_in_any_order(typed: str, found: bool) -> None:
    words = searched("007/11/2026", "Setoran mingguan pedagang kaki lima", "Budi, mandor")
    columns = filled([brief(1, text=words)])
    assert columns.find(Query(text=typed)) == [brief(1).case] * found
