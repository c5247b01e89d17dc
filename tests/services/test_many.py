"""A demonstration that was filled: every case opens, verifies, and says what its stored summary says."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests import inspectorate
from tests.inspectorate import Inspectorate
from whistle.casefile.derive import derive
from whistle.casefile.reading import CaseFile
from whistle.casefile.summaries import open_case_summary
from whistle.services import casework, demo, listing, lives, many
from whistle.services.audit_check import faults_of
from whistle.services.listing import Query
from whistle.services.officer import Officer
from whistle.services.verify import Asked, Findings, verify
from whistle.services.work import read_for
from whistle.store import audit, cases

CASES = 90
SEED = 20261124


def passwords(office: Inspectorate) -> dict[str, str]:
    return {login: who.password for login, who in office.credentials.items()}


@pytest.fixture
def filled(office: Inspectorate) -> Inspectorate:
    many.fill(office.ctx, passwords(office), CASES, lambda done: None, processes=1, seed=SEED)
    return office


def opened(office: Inspectorate, tx: Any, case: bytes) -> tuple[Officer, CaseFile]:
    """The case as whoever reads its track opens it."""
    row = cases.get_case(tx, case)
    assert row is not None
    holders = {grant.reader for grant in cases.grants(tx, case)}
    login = next(login for login in ("rahma", "inspektur", "prov1") if office.officer(login).id in holders)
    return office.officer(login), read_for(office.ctx, tx, office.officer(login), row)


def test_every_case_opens_and_its_summary_says_what_its_entries_say(filled: Inspectorate) -> None:
    with filled.ctx.store.read() as tx:
        forms = Counter(grant.form for case in cases.all_case_ids(tx) for grant in cases.grants(tx, case))
    assert forms.keys() == {"hpke"}  # so that a first sign-in costs what it costs
    for login in ("rahma", "inspektur", "prov1"):
        filled.officer(login)
    tracks, stages = Counter[str](), Counter[str]()
    with filled.ctx.store.read() as tx:
        ids = cases.all_case_ids(tx)
        assert len(ids) == CASES
        for case in ids:
            officer, file = opened(filled, tx, case)
            row = cases.get_summary(tx, case)
            assert row is not None
            stored = open_case_summary(file.directory.installation, row, file.keys[(row.chain, row.epoch)])  # type: ignore[index]
            derived = derive(file).summary
            assert stored == derived
            assert file.case.state in ("open", "waiting", "closed")
            tracks[derived.track] += 1
            stages[derived.stage] += 1
    assert tracks["biasa"] > 0.9 * CASES
    assert len(stages) > 3
    assert stages["SELESAI"] > CASES / 2
    shown = listing.cases_for(filled.ctx, filled.officer("rahma"), Query(state="all"))
    assert (shown.total, shown.counts["broken"]) == (tracks["biasa"], 0)


def test_verify_finds_no_fault_in_it(filled: Inspectorate) -> None:
    for login in (None, "rahma", "prov1"):
        findings = Findings()
        verify(filled.ctx, findings, Asked(reader=filled.officer(login) if login else None))
        assert not findings.faults.keys() - {"setting-unsafe"}  # the tests' PostgreSQL does not wait for the disk


def test_registers_are_given_once_and_real_ones_follow_them(filled: Inspectorate) -> None:
    given = [s.register for s in listing.summaries(filled.ctx, filled.officer("inspektur")) if s.register]
    assert len(set(given)) == len(given)
    inner = [register for register in given if register.endswith("/11/2026") and "L" not in register]
    _, _, case = filled.report()
    casework.declare(filled.ctx, filled.officer("rahma"), case)
    values = casework.Triage("Uang", "pungli", "DISDUKCAPIL", "kependudukan")
    register = casework.triage(filled.ctx, filled.officer("rahma"), case, inspectorate.act(), values)
    assert int(register.split("/")[0]) == len(inner) + 1


def test_the_same_seed_draws_the_same_lives_on_any_day_and_nothing_of_the_future() -> None:
    stories = lives.Stories(demo.stories())

    def drawn(seed: int, today: date) -> list[lives.Life]:
        rng = random.Random(seed)
        days = lives.arrivals(rng, 300, today)
        return [lives.live(rng, stories.pick(rng, (today - day).days), day, today) for day in days]

    today = date(2026, 11, 24)
    assert drawn(3, today) == drawn(3, today)
    assert drawn(3, today) != drawn(4, today)
    for life in drawn(5, today):
        days = [life.received, *(step.day for step in life.steps)]
        assert days == sorted(days)
        assert days[-1] <= today
        assert life.received >= today - timedelta(days=lives.DAYS)


def test_two_processes_take_turns(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "BATCH", 10)
    told: list[int] = []
    many.fill(office.ctx, passwords(office), 60, told.append, processes=2, seed=SEED)
    assert told[-1] == 60
    with office.ctx.store.read() as tx:
        keys = office.ctx.directory(tx).sign_keys
        rows = audit.following(tx, 0, 100_000)
        assert len(cases.all_case_ids(tx)) == 60
    assert len(rows) > 60
    assert all(after.prev == before.hash for before, after in zip(rows, rows[1:], strict=False))
    assert not [row.seq for row in rows if faults_of(row, keys)]


def test_a_process_that_fails_is_told_of_and_nothing_of_its_batch_is_stored(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "BATCH", 10)

    def failing(*_: object) -> None:
        raise ArithmeticError("no")

    monkeypatch.setattr(many, "record_all", failing)
    with pytest.raises(RuntimeError, match="ArithmeticError"):
        many.fill(office.ctx, passwords(office), 30, lambda done: None, processes=2, seed=SEED)
    with office.ctx.store.read() as tx:
        assert not cases.all_case_ids(tx)


def test_what_is_no_demonstration_is_not_filled(office: Inspectorate) -> None:
    real = replace(office.ctx, settings=replace(office.ctx.settings, demo=False))
    with pytest.raises(many.NotADemonstration):
        many.fill(real, passwords(office), 1, lambda done: None)
