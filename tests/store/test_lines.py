"""An officer's whole list in one go: the same as row by row, and what changed since."""

from datetime import timedelta

import pytest

from tests.store.making import DAY, OTHER, READER, a_case, an_entry, take_in
from whistle.store import cases, lines
from whistle.store.database import Store, Tx
from whistle.store.lines import Line
from whistle.store.rows import CaseRow, OverviewRow


def as_line(row: OverviewRow) -> Line:
    assert row.summary and row.grant and row.commitment
    summary, grant = row.summary, row.grant
    head = (row.case.id, row.case.day, summary.chain, summary.epoch, summary.sealed)
    return (*head, grant.form, grant.sealed, row.commitment, row.thread_places, row.file_places)


def streamed(tx: Tx, ids: list[bytes] | None = None) -> list[Line]:
    return sorted(line for part in lines.stream(tx, READER, ids) for line in part)


@pytest.fixture
def made(store: Store) -> list[CaseRow]:
    with store.write() as tx:
        mine = [take_in(tx, a_case(day=DAY - timedelta(days=n)), chains=(1, 2) if n % 2 else (1,)) for n in range(9)]
        take_in(tx, a_case(), readers=(OTHER,))
        cases.insert_entry(tx, an_entry(mine[1].id, 1, 1))
    return mine


def test_the_lines_are_those_of_the_list(store: Store, made: list[CaseRow], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "AT_ONCE", 4)
    with store.read() as tx:
        assert streamed(tx) == sorted(map(as_line, cases.overview(tx, READER)))
        some = [case.id for case in made[2:7]]
        assert [line[0] for line in streamed(tx, some)] == sorted(some)
        assert streamed(tx, cases.all_case_ids(tx)) == streamed(tx)
        assert streamed(tx, []) == []
        assert max(len(part) for part in lines.stream(tx, READER)) == 4


def test_what_has_an_entry_of_a_day_or_later_was_touched(store: Store, made: list[CaseRow]) -> None:
    with store.read() as tx:
        assert lines.touched(tx, DAY + timedelta(days=1)) == []
        touched = {(case, chain): places for case, chain, places in lines.touched(tx, DAY)}
        assert touched[made[1].id, 1] == 2
        assert touched[made[1].id, 2] == touched[made[0].id, 1] == 1
        assert len(touched) == 14  # nine threads, four files, and a case that is somebody else's


def test_what_was_touched_is_found_by_its_day(store: Store, made: list[CaseRow]) -> None:
    with store.read() as tx:
        query = lines._TOUCHED.compile(dialect=tx.dialect, compile_kwargs={"render_postcompile": True})
        if tx.dialect.name == "sqlite":
            plan = " ".join(str(row) for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", ("2026-11-01",)))
            assert "USING COVERING INDEX ix_entry_day" in plan
        else:
            tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
            sql = str(query).replace("%(since)s", "'2026-11-01'").replace("%(since)s::DATE", "'2026-11-01'::DATE")
            plan = " ".join(str(row) for row in tx.exec_driver_sql(f"EXPLAIN {sql}"))
            assert "ix_entry_day" in plan
