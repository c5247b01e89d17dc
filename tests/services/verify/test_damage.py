"""Whatever stands in the database, verify ends: with faults or with none, and never in an error of its own."""

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, LargeBinary, String
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from tests.conftest import LONG
from tests.inspectorate import Inspectorate
from tests.security.administrator import Administrator, administered
from tests.services.verify.checking import findings
from tests.services.verify.tables import everything, live, put_back, same
from whistle.store.tables import metadata

__all__ = ["live"]  # for the fixture `lived`

TABLES = sorted(metadata.tables)


class Garbled(bytes):
    """Bytes that SQLite is made to call text."""


SIZES = st.sampled_from([0, 8, 16, 32, 60, 64, 1168, 1216, 2048, 4124])
BYTES = SIZES.flatmap(lambda size: st.binary(min_size=size, max_size=size))
WHOLE = st.one_of(st.integers(-2, 40), st.integers(-(2**63), 2**63 - 1))
WORDS = st.sampled_from(
    [
        "",
        "inner",
        "outer",
        "open",
        "closed",
        "hpke",
        "vault",
        "active",
        "2026-11-02",
        "0000-00-00",
        "9999-12-31",
        "look",
    ]
)
TEXT = WORDS | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
FITTING: dict[type[TypeEngine[Any]], st.SearchStrategy[Any]] = {
    Boolean: st.booleans(),
    Date: st.dates(),
    Integer: WHOLE,
    LargeBinary: BYTES,
    String: TEXT,
}
ANYTHING = st.one_of(st.none(), WHOLE, st.floats(), BYTES, TEXT, st.binary(min_size=1, max_size=9).map(Garbled))
# Many damages are drawn against one inspectorate: each is undone after it was looked at. Each is looked at as a whole
# database is verified, so a short run draws few.
DRAWN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=1000 if LONG else 25)
LOOKS = st.sampled_from([None, "rahma"])  # with no key, and with a reader's


@DRAWN
@given(st.data())
def test_any_value_in_any_row_ends_in_a_report(lived: Inspectorate, data: st.DataObject) -> None:
    with administered(lived.ctx.settings.database_url) as admin:
        table, row = chosen(admin, data)
        column = data.draw(st.sampled_from(sorted(row)), "column")
        value = data.draw(ANYTHING if admin.dialect == "sqlite" else fitting(table, column), "value")
        with put_back(admin, table):
            changed = "CAST(:_new AS TEXT)" if isinstance(value, Garbled) else ":_new"
            with suppress(DBAPIError):  # a unique key, or NOT NULL, that the database holds to
                admin.execute(
                    f'UPDATE "{table}" SET "{column}" = {changed} WHERE {same(table)}', {**row, "_new": value}
                )
            findings(lived, data.draw(LOOKS, "looked at by"))


@DRAWN
@given(st.data())
def test_any_row_that_is_gone_ends_in_a_report(lived: Inspectorate, data: st.DataObject) -> None:
    with administered(lived.ctx.settings.database_url) as admin:
        table, row = chosen(admin, data)
        with put_back(admin, table):
            admin.execute(f'DELETE FROM "{table}" WHERE {same(table)}', row)
            findings(lived, data.draw(LOOKS, "looked at by"))


def test_a_table_that_is_gone_ends_in_a_report(lived: Inspectorate) -> None:
    with administered(lived.ctx.settings.database_url) as admin:
        for number, table in enumerate(TABLES):
            admin.execute(f'ALTER TABLE "{table}" RENAME TO gone')
            try:
                for login in (None, "rahma") if LONG else ((None, "rahma")[number % 2],):
                    assert "table-changed" in findings(lived, login).faults, table
            finally:
                admin.execute(f'ALTER TABLE gone RENAME TO "{table}"')


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_with_holes_ends_in_a_report(lived: Inspectorate) -> None:
    lived.ctx.store.engine.dispose()
    path = Path(lived.ctx.settings.database_url.removeprefix("sqlite:///"))
    whole = path.read_bytes()
    draw = random.Random(7)
    for _ in range(25):
        holed = bytearray(whole)
        for _ in range(3):
            at = draw.randrange(4096, len(whole) - 200)
            holed[at : at + 200] = draw.randbytes(200)
        path.write_bytes(holed)
        lived.ctx.store.engine.dispose()
        for login in (None, "rahma"):
            findings(lived, login)


def chosen(admin: Administrator, data: st.DataObject) -> tuple[str, dict[str, Any]]:
    """A row of any table that has one."""
    full = [name for name in TABLES if admin.execute(f'SELECT count(*) FROM "{name}"').scalar()]
    table = data.draw(st.sampled_from(full), "table")
    rows = everything(admin, table)
    return table, rows[data.draw(st.integers(0, len(rows) - 1), "row")]


def fitting(table: str, column: str) -> st.SearchStrategy[Any]:
    """What PostgreSQL takes for a column."""
    kind = metadata.tables[table].c[column].type
    return next(strategy for base, strategy in FITTING.items() if isinstance(kind, base))
