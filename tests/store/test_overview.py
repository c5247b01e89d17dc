import os
from datetime import date, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.dialects import sqlite

from tests.store.making import DAY, OTHER, READER, a_case, a_grant, an_entry, take_in
from whistle.store import cases, overview
from whistle.store.database import Store, Tx
from whistle.store.rows import CaseHead, CaseRow, EpochRow, SummaryRow


def head(case: CaseRow) -> CaseHead:
    return CaseHead(case.id, case.day, case.log, case.state, case.next_day, case.legal_hold)


def in_order(made: list[CaseRow]) -> list[CaseHead]:
    return [head(case) for case in sorted(made, key=lambda c: (c.next_day is None, c.next_day or DAY, c.day, c.id))]


@pytest.fixture
def made(store: Store) -> list[CaseRow]:
    """Thirty cases of READER (ten closed) and five that READER may not read."""
    with store.write() as tx:
        mine = []
        for number in range(30):
            closed = number % 3 == 0
            due = None if closed else DAY + timedelta(days=number * 7 % 5)
            state = "closed" if closed else ("open", "waiting")[number % 2]
            mine.append(take_in(tx, a_case(day=DAY - timedelta(days=number % 4), state=state, next_day=due)))
        for _ in range(5):
            take_in(tx, a_case(), readers=(OTHER,))
    return mine


def listed(tx: Tx, **how: object) -> list[CaseHead]:
    return [row.case for row in cases.overview(tx, READER, **how)]  # type: ignore[arg-type]


@pytest.mark.parametrize("few", [True, False])
def test_the_list_is_ordered_by_what_is_due(
    store: Store, made: list[CaseRow], few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "_FEW", 5000 if few else 1)
    ordered = in_order(made)
    with store.read() as tx:
        assert listed(tx) == ordered
        assert listed(tx, limit=7) == ordered[:7]
        assert listed(tx, limit=7, offset=7) == ordered[7:14]
        assert listed(tx, limit=50, offset=28) == ordered[28:]
        assert listed(tx, offset=28) == ordered[28:]
        for states in (("open",), ("open", "waiting"), ("closed",), ()):
            some = [case for case in ordered if case.state in states]
            assert listed(tx, states=states) == some
            assert listed(tx, states=states, limit=4, offset=2) == some[2:6]
        counts = {"open": 10, "waiting": 10, "closed": 10}
        assert cases.counts(tx, READER) == counts
        assert cases.counts(tx, OTHER) == {"open": 5}
        assert cases.counts(tx, os.urandom(16)) == {}


def test_ids_narrow_the_list_however_many_they_are(
    store: Store, made: list[CaseRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "_IDS_AT_ONCE", 4)
    with store.read() as tx:
        everybodys = cases.all_case_ids(tx)
        assert listed(tx, ids=everybodys) == in_order(made)
        assert listed(tx, ids=[*everybodys, os.urandom(16), made[0].id]) == in_order(made)
        assert listed(tx, ids=[made[0].id]) == [head(made[0])]
        assert listed(tx, ids=everybodys, states=("closed",)) == in_order([c for c in made if c.state == "closed"])
        assert listed(tx, ids=[]) == []


def test_a_line_holds_the_summary_its_key_and_what_the_entries_count(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case(), readers=(READER, OTHER), chains=(1, 2))
        for chain, place in ((1, 1), (1, 2), (2, 1)):
            cases.insert_entry(tx, an_entry(case.id, chain, place))
    with store.read() as tx:
        (row,) = cases.overview(tx, READER)
        assert row.summary == cases.get_summary(tx, case.id)
        assert row.grant == next(grant for grant in cases.grants(tx, case.id, READER) if grant.chain == 2)
        assert row.commitment == next(e.commitment for e in cases.epochs(tx, case.id) if e.chain == 2)
        assert (row.thread_places, row.file_places) == (3, 2)


def test_a_removed_entry_is_missed_in_the_count(store: Store) -> None:
    from whistle.store.triggers import GUARDS, remove

    with store.write() as tx:
        case = take_in(tx, a_case())
        cases.insert_entry(tx, an_entry(case.id, place=1))
        cases.insert_entry(tx, an_entry(case.id, place=2))
        remove(tx, [guard for guard in GUARDS if guard.table == "entry"])
        tx.exec_driver_sql("DELETE FROM entry WHERE place = 1")
    with store.read() as tx:
        assert cases.overview(tx, READER)[0].thread_places == 2


def test_no_case_is_hidden_by_touching_its_summary(store: Store) -> None:
    from whistle.store.triggers import GUARDS, remove

    with store.write() as tx:
        moved, bare = take_in(tx, a_case()), take_in(tx, a_case())
        cases.put_summary(tx, SummaryRow(moved.id, 2, 9, b"s"))
        remove(tx, [guard for guard in GUARDS if guard.table == "summary"])
        tx.execute(text('DELETE FROM summary WHERE "case" = :case'), {"case": bare.id})
    with store.read() as tx:
        for rows in (cases.overview(tx, READER), cases.overview(tx, READER, limit=10)):
            found = {row.case.id: row for row in rows}
            assert found.keys() == {moved.id, bare.id}
            assert found[moved.id].grant is None
            assert found[moved.id].commitment is None
            assert found[bare.id].summary is None


def test_a_grant_of_an_identity_alone_shows_no_case(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
        cases.insert_grants(tx, [a_grant(case.id, OTHER, chain=3)])
    with store.read() as tx:
        assert cases.overview(tx, OTHER) == cases.overview(tx, OTHER, limit=10) == []
        assert cases.counts(tx, OTHER) == {}


def test_a_reader_of_two_epochs_sees_a_case_once_with_the_key_of_its_summary(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
        cases.insert_epoch(tx, EpochRow(case.id, 1, 1, os.urandom(32)))
        newer = a_grant(case.id, epoch=1)
        cases.insert_grants(tx, [newer])
        cases.put_summary(tx, SummaryRow(case.id, 1, 1, b"s"))
    with store.read() as tx:
        for how in ({}, {"limit": 10}, {"ids": [case.id]}):
            (row,) = cases.overview(tx, READER, **how)  # type: ignore[arg-type]
            assert row.grant == newer
        assert cases.counts(tx, READER) == {"open": 1}


PLANS = {
    "first page": lambda: overview.page(READER, ("open", "waiting"), 50),
    "closed": lambda: overview.page(READER, ("closed",), 50, 100),
    "few": lambda: overview.page(READER, None, 50, few=True),
    "everything": lambda: overview.everything(READER, None),
    "some": lambda: overview.some(READER, None, [os.urandom(16)] * 3),
}


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize("name", PLANS)
def test_a_list_scans_no_entries_grants_or_summaries(store: Store, made: list[CaseRow], name: str) -> None:
    compiled = PLANS[name]().compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[no-untyped-call]
    values = tuple(compiled.params[key] for key in compiled.positiontup or ())
    with store.read() as tx:
        steps = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)]
    scans = [step for step in steps if step.startswith("SCAN")]
    allowed = ("SCAN picked", "SCAN held", "SCAN case USING INDEX ix_case_due")
    assert all(scan in allowed for scan in scans), steps
    assert not any("AUTOMATIC" in step for step in steps), steps
    # the cases of a page are walked in the order of the list, so that the walk ends with the page
    if name in ("first page", "closed"):
        walk = steps.index("SCAN case USING INDEX ix_case_due")
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps[: walk + 3]


def test_days_come_back_as_days(store: Store) -> None:
    with store.write() as tx:
        take_in(tx, a_case(day=date(2026, 2, 28), next_day=date(2026, 3, 14)))
    with store.read() as tx:
        (row,) = cases.overview(tx, READER)
        assert (row.case.day, row.case.next_day) == (date(2026, 2, 28), date(2026, 3, 14))


@pytest.mark.usefixtures("file")
def test_grants_still_to_be_wrapped_are_found_without_a_look_at_the_others(store: Store) -> None:
    asked: list[tuple[str, object]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        asked.append((statement, parameters))

    with store.read() as tx:
        cases.sealed_grants(tx, READER, 9)
        statement, parameters = asked[0]
        steps = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]  # type: ignore[arg-type]
    assert steps[0] == "SEARCH grant USING INDEX ix_grant_hpke (reader=?)"
    assert not any(step.startswith("SCAN") for step in steps)
