import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.histories import case
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.render.csv_tables import to_csv
from whistle.render.report_tables import tables
from whistle.render.tables import Column, Table

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def read(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def table(*rows, total=None, title="Judul", note=""):
    return Table("t", title, (Column("Nama", "text"), Column("Jumlah")), rows, total, note)


def test_a_table_is_a_section_with_title_columns_rows_total_and_note():
    made = read(to_csv([table(("a", 1), ("b", None), total=("Jumlah", 1), note="Catatan"), table(("c", 2))]))
    first = [["Judul"], ["Nama", "Jumlah"], ["a", "1"], ["b", ""], ["Jumlah", "1"], ["Catatan"]]
    assert made == [*first, [], ["Judul"], ["Nama", "Jumlah"], ["c", "2"]]


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "\u00a0@"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(lead):
    evil = f"{lead}HYPERLINK(1)"
    made = read(to_csv([table((evil, 1), title=evil, note=evil)]))
    assert [made[0][0], made[2][0], made[3][0]] == [f"'{evil}"] * 3


def test_numbers_are_bare_so_that_they_can_be_added_up():
    assert read(to_csv([table(("a", -3), ("b", 1_250_000))]))[2:] == [["a", "-3"], ["b", "1250000"]]


@given(st.lists(st.tuples(TEXTS, st.none() | st.integers()), max_size=4))
def test_every_value_is_read_back_as_it_was_but_for_an_apostrophe(rows):
    for (name, number), (told, count) in zip(read(to_csv([table(*rows)]))[2:], rows, strict=True):
        assert name in (told, f"'{told}")
        assert number == ("" if count is None else str(count))


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_no_cell_begins_like_a_formula(names):
    for line in read(to_csv([table(*((name, 0) for name in names))])):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in line)


def test_the_file_of_a_month_holds_every_cell_of_its_tables():
    made = tables(month_figures([case(date(2026, 3, 5))], Month(2026, 3), CALENDAR), "id")
    lines = read(to_csv(made))
    for one in made:
        start = lines.index([one.title])
        assert lines[start + 1] == [column.title for column in one.columns]
        wanted = [["" if cell is None else str(cell) for cell in row] for row in one.rows]
        assert lines[start + 2 : start + 2 + len(wanted)] == wanted
    assert to_csv(made) == to_csv(made)
