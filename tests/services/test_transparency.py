"""The logs of reports: a place for each leaf the night after its day, drawn at random within the day, and for good."""

from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from tests.services.verify.checking import faults
from whistle.crypto.envelope import Chain, Place, entry_hash, leaf_hash
from whistle.crypto.receipt import Receipt, ReceiptKeys
from whistle.services import transparency
from whistle.store import cases, log


def placed(office: Inspectorate, name: str = "inner") -> list[bytes]:
    with office.ctx.store.read() as tx:
        return log.placed(tx, name)


def leaf_of(office: Inspectorate, reported: tuple[Receipt, ReceiptKeys, bytes]) -> bytes:
    """As the reporter reckons it, from the receipt and the first entry."""
    _, keys, case = reported
    with office.ctx.store.read() as tx:
        entry, epoch = cases.entries(tx, case)[0], cases.epochs(tx, case)[0]
        installation = office.ctx.directory(tx).installation
    place = Place(installation, case, Chain.THREAD, 0, entry.id, 0, epoch.commitment, bytes(32))
    return leaf_hash(keys.blinding, entry_hash(place, entry.sealed))


def night(office: Inspectorate) -> int:
    office.clock.advance(timedelta(days=1))
    return transparency.order(office.ctx)


def test_a_report_has_its_place_the_night_after_its_day_and_not_before(office: Inspectorate) -> None:
    one = office.report()
    assert transparency.order(office.ctx) == 0 and placed(office) == []
    assert night(office) == 1
    assert placed(office) == [leaf_of(office, one)]
    assert night(office) == 0


def test_what_came_later_stands_behind_and_nothing_moves(office: Inspectorate) -> None:
    first = {leaf_of(office, office.report()) for _ in range(3)}
    night(office)
    before = placed(office)
    second = {leaf_of(office, office.report()) for _ in range(2)}
    night(office)
    after = placed(office)
    assert set(before) == first and after[:3] == before and set(after[3:]) == second


def test_nights_that_were_missed_are_made_up_for_in_the_order_of_their_days(office: Inspectorate) -> None:
    days = []
    for _ in range(3):
        days.append({leaf_of(office, office.report()) for _ in range(5)})
        office.clock.advance(timedelta(days=1))
    assert transparency.order(office.ctx) == 15
    found = placed(office)
    # In any other order than that of days: by chance once in 756,756
    assert [set(found[at : at + 5]) for at in (0, 5, 10)] == days


def test_the_order_within_a_day_is_neither_that_of_arrival_nor_that_of_any_hash(office: Inspectorate) -> None:
    arrived = [leaf_of(office, office.report()) for _ in range(12)]
    with office.ctx.store.read() as tx:
        by_id = [row.leaf for row in cases.leaves(tx, "inner")]
    night(office)
    found = placed(office)
    assert sorted(found) == sorted(arrived)
    assert found not in (arrived, arrived[::-1], sorted(arrived), by_id)  # by chance once in a hundred million


def test_a_report_about_the_inspectorates_head_stands_in_the_other_log(office: Inspectorate) -> None:
    office.report()
    outer = office.report(accused=("inspektur",))
    night(office)
    assert len(placed(office)) == 1
    assert placed(office, "outer") == [leaf_of(office, outer)]


@pytest.fixture
def ordered(office: Inspectorate) -> Inspectorate:
    for _ in range(4):
        office.report()
    night(office)
    assert faults(office) == []
    return office


def test_a_leaf_taken_out_of_its_place_is_named(ordered: Inspectorate) -> None:
    with database(ordered) as db:
        db.execute("DELETE FROM placed WHERE position = 1")
    assert ("log-order", "inner") in named(ordered)


def test_a_place_that_another_log_claims_is_named(ordered: Inspectorate) -> None:
    with database(ordered) as db:
        db.execute("UPDATE placed SET log = 'outer', position = 0 WHERE position = 3")
    assert ("log-order", "outer 0") in named(ordered)


def test_what_stands_in_a_place_and_is_no_leaf_is_named(ordered: Inspectorate) -> None:
    with database(ordered) as db:
        db.execute("UPDATE placed SET leaf = :other WHERE position = 2", {"other": bytes(32)})
    assert ("log-order", "inner 2") in named(ordered)


def test_reports_that_never_get_a_place_are_named_after_some_nights(office: Inspectorate) -> None:
    office.report()
    office.clock.advance(timedelta(days=3))
    assert faults(office) == []
    office.clock.advance(timedelta(days=1))
    assert named(office) == [("leaf-waiting", "inner")]


def named(office: Inspectorate) -> list[tuple[str, str]]:
    return [(fault.code, fault.row) for fault in faults(office)]
