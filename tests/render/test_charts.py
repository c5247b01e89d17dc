"""Charts are drawn of the tables that stand under them, and say the same in numbers."""

from datetime import date
from types import ModuleType
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.histories import case
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.domain.labels import Label
from whistle.render.bars import ROOM, SHORT, TEXT, WIDTH, bars
from whistle.render.charts import CHARTS, ChartError, charts, found
from whistle.render.report_tables import tables

SVG = "{http://www.w3.org/2000/svg}"
MARCH = Month(2026, 3)
CASES = (
    case(date(2026, 2, 10), (1, "TELAAH"), (30, "SELESAI"), result="terbukti", office="DISHUB"),
    case(date(2026, 3, 5), (1, "TELAAH"), office="DISHUB"),
    case(date(2026, 3, 6), office="DISDIK"),
)


def parsed(svg: object) -> ElementTree.Element:
    return ElementTree.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 - ours


def words(svg: str) -> list[str]:
    return [text.text or "" for text in parsed(svg).iter(f"{SVG}text")]


def chart(name: str, **other: object) -> ModuleType:
    """A chart's file in which ``other`` stands."""
    module = ModuleType(f"whistle.render.charts.{name}")
    right = {"TABLE": "trend", "TITLE": Label("Judul", "Title"), "COLUMNS": (1,), "MOST": 12}
    vars(module).update({name: value for name, value in {**right, **other}.items() if value is not None})
    return module


def test_a_second_chart_of_a_table_is_refused_by_its_files_name():
    assert set(found([chart("trend"), chart("ages", TABLE="ages")])) == {"trend", "ages"}
    with pytest.raises(ChartError) as caught:
        found([chart("trend"), chart("again")])
    said = "whistle/render/charts/again.py: the table 'trend' has a chart already, in trend.py"
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"TABLE": None}, "TABLE must be the code of a table"),
        ({"TITLE": "Judul"}, "TITLE must be a Label"),
        ({"COLUMNS": None}, "COLUMNS must be one or two places"),
        ({"COLUMNS": 1}, "COLUMNS must be one or two places"),
        ({"COLUMNS": (1, 2, 3)}, "COLUMNS must be one or two places"),
        ({"COLUMNS": ()}, "COLUMNS must be one or two places"),
        ({"COLUMNS": (0,)}, "COLUMNS must be one or two places"),
        ({"MOST": None}, "MOST must be a number of rows"),
        ({"MOST": 0}, "MOST must be a number of rows"),
    ],
)
def test_a_slip_in_a_charts_file_is_said_with_what_belongs_there(slip, said):
    with pytest.raises(ChartError) as caught:
        found([chart("mine", **slip)])
    assert str(caught.value).startswith(f"whistle/render/charts/mine.py: {said}")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_chart_names_columns_of_a_table_of_the_report(lang):
    shown = {table.code: table for table in tables(month_figures(CASES, MARCH, CALENDAR), lang)}
    for code, mine in CHARTS.items():
        assert code in shown, f"{mine.__name__}: TABLE = {code!r} is none of the report's tables {sorted(shown)}"
        for place in mine.COLUMNS:
            assert abs(place) < len(shown[code].columns), f"{mine.__name__}: COLUMNS: there is no column {place}"
            cells = [row[place] for row in shown[code].rows]
            wrong = [cell for cell in cells if cell is not None and not isinstance(cell, int)]
            assert not wrong, f"{mine.__name__}: COLUMNS: column {place} holds {wrong[:1]}, no whole numbers"
    drawn = charts(shown.values(), lang)
    assert {"trend", "ages", "office"} <= set(drawn), "these have figures in this test's cases"
    for code, svg in drawn.items():
        assert f'<title id="{code}-nama">{CHARTS[code].TITLE.text(lang)}</title>' in svg


def test_the_numbers_behind_the_bars_are_those_of_the_table():
    shown = {table.code: table for table in tables(month_figures(CASES, MARCH, CALENDAR), "id")}
    for code, svg in charts(shown.values(), "id").items():
        rows = shown[code].rows[: CHARTS[code].MOST]
        wanted = [str(row[place] or 0) for row in rows for place in CHARTS[code].COLUMNS]
        assert [word for word in words(svg) if word.isdecimal()] == wanted


def test_a_table_with_nothing_to_show_has_no_chart():
    assert charts(tables(month_figures((), MARCH, CALENDAR), "id"), "id") == {}


def test_nothing_in_a_chart_is_styled_or_run_by_itself():
    for svg in charts(tables(month_figures(CASES, MARCH, CALENDAR), "id"), "id").values():
        for part in parsed(svg).iter():
            assert part.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}a")
            assert not [name for name in part.attrib if name == "style" or name.startswith("on")]


NAMES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40)


@given(st.lists(st.tuples(NAMES, st.lists(st.integers(0, 10**6), min_size=2, max_size=2)), max_size=12), NAMES)
def test_whatever_the_numbers_and_names_the_picture_holds_together(rows, title):
    svg = bars("contoh", title, ["masuk", "selesai"], rows)
    # Then it is sound XML in which every name is text and every bar stays between its name and its number
    root = parsed(svg)
    found = root.findall(f"{SVG}rect")[2:]
    left = TEXT if all(len(name) <= SHORT for name, _ in rows) else 0
    assert len(found) == 2 * len(rows) and {float(part.attrib["x"]) for part in found} <= {left}
    longest = max((value for _, values in rows for value in values), default=0)
    for part, value in zip(found, [value for _, values in rows for value in values], strict=True):
        assert float(part.attrib["width"]) == pytest.approx((WIDTH - left - ROOM) * value / (longest or 1), abs=0.1)
