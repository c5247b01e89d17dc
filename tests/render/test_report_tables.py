from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.histories import case, many
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.render.report_tables import tables

MARCH = Month(2026, 3)
MONTHS = st.integers(0, 23).map(lambda n: Month(2026 + n // 12, n % 12 + 1))
SUMMED = {
    "channels", "ill", "category", "office", "service", "unit", "priority", "stages", "results", "deadlines", "ages",
    "sanctions", "referrals", "causes",
}  # fmt: skip
FLOWS = ("ill", "category", "office", "service", "unit", "priority")


def report(*summaries, month=MARCH, lang="id"):
    found = tables(month_figures(summaries, month, CALENDAR), lang)
    return {table.code: table for table in found}


def totals(table, width=None):
    columns = zip(*(row[1:width] for row in table.rows), strict=True)
    return tuple(sum(column) for column in columns) or (0,) * (len(table.columns) - 1)


@given(many(), MONTHS)
def test_the_parts_of_every_table_equal_its_total(summaries, month):
    made = report(*summaries, month=month)
    summed = {code for code, table in made.items() if table.total} - {"rekap"}
    assert summed >= SUMMED
    for code in summed - {"deadlines"}:
        assert totals(made[code]) == made[code].total[1:], code
    assert totals(made["deadlines"], 6) == made["deadlines"].total[1:6]


@given(many(), MONTHS)
def test_the_rekap_is_a_sum_in_both_months(summaries, month):
    rekap = report(*summaries, month=month)["rekap"]
    for place in (1, 2):
        opening, received, reopened, closed = (row[place] for row in rekap.rows)
        assert opening + received + reopened - closed == rekap.total[place]


@given(many(), MONTHS)
def test_every_row_by_kind_of_case_balances_and_its_total_is_the_rekap(summaries, month):
    made = report(*summaries, month=month)
    rekap = [row[1] for row in (*made["rekap"].rows, made["rekap"].total)]
    for code in FLOWS:
        for _, opening, received, reopened, closed, closing, *_ in (*made[code].rows, made[code].total):
            assert opening + received + reopened - closed == closing
        assert list(made[code].total[1:6]) == rekap


@given(many(), MONTHS)
def test_both_languages_tell_the_same_figures(summaries, month):
    indonesian, english = (report(*summaries, month=month, lang=lang) for lang in ("id", "en"))
    for code, table in indonesian.items():
        assert table.title != english[code].title
        assert [row[1:] for row in table.rows] == [row[1:] for row in english[code].rows]


@given(many(), MONTHS)
def test_every_row_has_a_cell_for_every_column_and_a_number_where_one_is_promised(summaries, month):
    for table in report(*summaries, month=month).values():
        for row in (*table.rows, *([table.total] if table.total else [])):
            assert len(row) == len(table.columns)
            for cell, column in zip(row, table.columns, strict=True):
                assert type(cell) is str if column.kind == "text" else cell is None or type(cell) is int


def test_each_months_end_in_the_trend_is_the_next_ones_start():
    rows = report(case(date(2026, 1, 5)), case(date(2026, 2, 5), (1, "TELAAH"), (9, "SELESAI")))["trend"].rows
    assert len(rows) == 12 and rows[-1][0] == "Maret 2026"
    assert all(earlier[5] == later[1] for earlier, later in zip(rows, rows[1:], strict=False))


def test_the_office_that_repeats_stands_on_top():
    often = [case(date(2026, month, 5), office="DISDIK") for month in (1, 2, 3)]
    rows = report(case(date(2026, 3, 5), office="BKPSDM"), *often)["office"].rows
    assert (rows[0][0], rows[0][-1]) == ("Dinas Pendidikan", 3)


def test_an_office_that_nobody_named_is_not_told_in_the_reporters_words():
    names = [row[0] for row in report(case(date(2026, 3, 5), office="KANARI Jalan Rahasia"))["office"].rows]
    assert names == ["Belum diketahui / kantor lain"]


def test_what_a_reporter_wrote_is_in_no_table():
    word = "KANARI"
    told = {"category": word, "unit": word, "priority": word, "channel": word, "office": word, "service": word}
    closed = case(date(2026, 3, 5), (1, "TELAAH"), (2, "SELESAI"), result=word, sanction=word, causes=(word,), **told)
    assert word not in repr(report(replace(closed, title=word, people=word, register=word, referral=word)))


def test_an_empty_month_has_all_its_tables_and_they_say_nothing():
    made = report()
    assert made["rekap"].total[1:] == (0, 0)
    assert made["office"].rows == () and made["office"].total[1:] == (0,) * 8
    assert made["deadlines"].total[-2:] == (None, None)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_titles_and_notes_are_there_in_the_language_asked_for(lang):
    for table in report(case(date(2026, 3, 5)), lang=lang).values():
        assert table.title and all(column.title for column in table.columns)
