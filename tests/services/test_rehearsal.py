"""A rehearsal of recovery: what it proves, and that it changes nothing."""

import pytest

from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from tests.services.test_recovery import actions, unlocked
from whistle.casefile.manifest import RECOVERY
from whistle.casefile.reading import CaseBroken
from whistle.services import recovery
from whistle.store import cases


def test_a_rehearsal_opens_a_case_and_changes_nothing(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.read() as tx:
        before = (cases.grants(tx, case), cases.entries(tx, case), cases.epochs(tx, case), cases.get_summary(tx, case))
    found = recovery.rehearse(office.ctx, unlocked(office))
    assert (found.total, found.case, found.grants, found.entries) == (1, case, 3, 5)
    with office.ctx.store.read() as tx:
        after = (cases.grants(tx, case), cases.entries(tx, case), cases.epochs(tx, case), cases.get_summary(tx, case))
    assert before == after


def test_a_rehearsal_without_cases_still_proves_the_shares(office: Inspectorate) -> None:
    found = recovery.rehearse(office.ctx, unlocked(office, "outer"))
    assert (found.total, found.case) == (0, None)
    assert actions(office)[-1] == "rehearse"


def test_a_rehearsal_says_when_recovery_would_not_work(office: Inspectorate) -> None:
    office.report()
    with database(office) as admin:
        admin.execute('DELETE FROM "grant" WHERE reader = :id', {"id": RECOVERY["inner"]})
    with pytest.raises(CaseBroken):
        recovery.rehearse(office.ctx, unlocked(office))
