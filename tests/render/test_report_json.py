"""The month as JSON, held against its documented schema."""

import json
from datetime import date

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.histories import case
from tests.render.test_csv_tables import TEXTS, table
from tests.server import ROOT
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.render.report_json import FORMAT, to_json
from whistle.render.report_tables import tables

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
MARCH = Month(2026, 3)


def check(data: bytes) -> dict[str, object]:
    told: dict[str, object] = json.loads(data)
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    return told


def test_the_schema_itself_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["format"]["const"] == FORMAT


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_file_of_a_month_fits_the_schema_and_has_codes_that_no_language_changes(lang: str) -> None:
    figures = month_figures([case(date(2026, 3, 5))], MARCH, CALENDAR)
    told = check(to_json(tables(figures, lang), MARCH, lang))
    assert (told["month"], told["language"]) == ("2026-03", lang)
    codes = [one["code"] for one in told["tables"]]  # type: ignore[attr-defined]
    assert codes == [one.code for one in tables(figures, "id")] and len(set(codes)) == len(codes)


@given(st.lists(st.tuples(TEXTS, st.none() | st.integers()), max_size=4), TEXTS)
def test_every_value_is_read_back_as_it_was(rows: list[tuple[str, int | None]], title: str) -> None:
    told = check(to_json([table(*rows, title=title, total=("Jumlah", 1))], MARCH, "id"))
    (one,) = told["tables"]  # type: ignore[misc]
    assert (one["title"], one["rows"], one["total"]) == (title, [list(row) for row in rows], ["Jumlah", 1])


@pytest.mark.parametrize(
    "change",
    [{"format": "peluit/report/2"}, {"month": "2026-13"}, {"language": "fr"}, {"tables": None}, {"tables": [{}]}],
)
def test_the_schema_refuses_what_is_something_else(change: dict[str, object]) -> None:
    told = {**json.loads(to_json([table(("a", 1))], MARCH, "id")), **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(told)
