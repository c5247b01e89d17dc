"""A hold that somebody with the database sets or lifts is a fault; one that an officer signed is none."""

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import administered
from tests.services.verify.checking import codes, faults
from whistle.services import holding


def by_hand(office: Inspectorate, case: bytes, hold: bool) -> None:
    with administered(office.ctx.settings.database_url) as admin:
        admin.execute('UPDATE "case" SET legal_hold = :hold WHERE id = :case', {"hold": hold, "case": case})


def test_a_hold_and_its_release_are_no_fault(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    holding.hold(office.ctx, office.officer("rahma"), case, act(), "Ada keberatan.")
    assert codes(office, "rahma") == codes(office) == set()
    holding.release(office.ctx, office.officer("rahma"), case, act(), "Sudah diputus.")
    assert codes(office, "rahma") == codes(office) == set()


@pytest.mark.parametrize("held", [True, False])
def test_a_hold_in_the_clear_that_the_entries_do_not_know_is_named(office: Inspectorate, held: bool) -> None:
    # Given a case that is held, or is not
    _, _, case = office.triaged()
    if held:
        holding.hold(office.ctx, office.officer("rahma"), case, act(), "Ada keberatan.")
    # When somebody with the database says otherwise
    by_hand(office, case, not held)
    # Then a reader's run names the case, and one without keys has nothing to compare
    (fault,) = faults(office, "rahma")
    assert (fault.code, fault.table, fault.row) == ("hold-differs", "case", case.hex())
    assert fault.found.startswith("it says not held" if held else "it says held")
    assert codes(office) == set()


def test_a_report_that_nobody_opened_is_not_held(office: Inspectorate) -> None:
    _, _, case = office.report()
    assert codes(office, "rahma") == set()
    by_hand(office, case, True)
    assert codes(office, "rahma") == {"hold-differs"}
