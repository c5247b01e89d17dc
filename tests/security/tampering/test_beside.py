"""What stands beside the entries: summary, identity, leaf, counters, and what is in the clear of a case."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from tests.services.verify.checking import faults
from whistle.casefile.derive import derive
from whistle.casefile.keys import Holder, open_all
from whistle.casefile.manifest import RECOVERY
from whistle.casefile.reading import CaseBroken
from whistle.casefile.summaries import seal_case_summary
from whistle.crypto.envelope import Chain, open_identity
from whistle.crypto.recovery import RecoveryKeys
from whistle.crypto.suite import Refused
from whistle.services import casework, followup, listing
from whistle.services.listing import Query
from whistle.services.work import read_for
from whistle.store import cases
from whistle.store.rows import SummaryRow

Named = Callable[..., None]


def stored(office: Inspectorate, case: bytes) -> SummaryRow:
    with office.ctx.store.read() as tx:
        row = cases.get_summary(tx, case)
    assert row is not None
    return row


def listed(office: Inspectorate, case: bytes) -> str:
    """The stage that the list shows."""
    rows = listing.cases_for(office.ctx, office.officer("rahma"), Query(state="all")).rows
    summary = next(row.summary for row in rows if row.id == case)
    assert summary is not None
    return summary.stage


def test_a_summary_rolled_back_to_an_older_one(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    old = stored(office, case)
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Surat tugas.")
    with office.ctx.store.write() as tx:
        cases.put_summary(tx, old)
    assert listed(office, case) == "PEMERIKSAAN"
    named("summary-rolled-back", case.hex(), login="rahma")


def test_a_summary_rolled_back_to_the_one_that_came_in(office: Inspectorate, named: Named) -> None:
    _, _, case = office.report()
    old = stored(office, case)
    casework.declare(office.ctx, office.officer("rahma"), case)
    casework.triage(
        office.ctx,
        office.officer("rahma"),
        case,
        act(),
        casework.Triage("Uang", "pungli", "DISDUKCAPIL", "kependudukan"),
    )
    with office.ctx.store.write() as tx:
        cases.put_summary(tx, old)
    assert listed(office, case) == "TELAAH"
    named("summary-place", case.hex())
    named("summary-rolled-back", case.hex(), login="rahma")


def test_what_the_reporter_wrote_since_is_no_fault_of_the_summary(office: Inspectorate) -> None:
    _, keys, _ = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada lagi.", None)
    assert faults(office, "rahma") == []


def test_a_summary_of_another_case(office: Inspectorate, named: Named) -> None:
    (_, _, one), (_, _, two) = office.triaged(), office.triaged()
    casework.move(office.ctx, office.officer("rahma"), two, act(), "PEMERIKSAAN", "Surat tugas.")
    with database(office) as db:
        other = {"sealed": stored(office, two).sealed, "case": one}
        db.execute('UPDATE summary SET sealed = :sealed WHERE "case" = :case', other)
    assert listed(office, one) == "TELAAH"
    named("summary-unreadable", one.hex(), login="rahma")


def test_a_summary_by_a_reader_that_says_something_else(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        file = read_for(office.ctx, tx, office.officer("rahma"), row)
        summary = replace(derive(file).summary, office="BKD", amount_asked=1)
        cases.put_summary(tx, seal_case_summary(file, summary))
    named("summary-differs", case.hex(), login="rahma")


def test_identity_records_swapped_between_cases(office: Inspectorate, named: Named) -> None:
    (_, _, one), (_, _, two) = office.triaged(), office.triaged()
    with database(office) as db:
        rows = {
            case: db.execute('SELECT sealed FROM identity WHERE "case" = :c', {"c": case}).scalar()
            for case in (one, two)
        }
        for case, other in ((one, two), (two, one)):
            db.execute(
                'UPDATE identity SET sealed = :sealed WHERE "case" = :case', {"sealed": rows[other], "case": case}
            )
    # The identity key of the case does not open the other's record: whoever may look sees nothing, and nothing wrong.
    with office.ctx.store.read() as tx:
        record, directory = cases.get_identity(tx, one), office.ctx.directory(tx)
        assert record is not None
        holder = Holder(RECOVERY["inner"], RecoveryKeys(office.secret("inner")).secret)
        committed = {(int(Chain.IDENTITY), 0): record.commitment}
        keys = open_all(directory.installation, cases.grants(tx, one, holder.id), committed, holder)
        with pytest.raises(Refused):
            open_identity(keys[(Chain.IDENTITY, 0)], directory.installation, one, record.sealed)
    named("identity-swapped", one.hex(), login="rahma")
    named("identity-swapped", two.hex(), login="rahma")


def test_an_identity_record_removed(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    with database(office) as db:
        db.execute('DELETE FROM identity WHERE "case" = :case', {"case": case})
    named("identity-missing", case.hex())


def test_a_leaf_removed(office: Inspectorate, named: Named) -> None:
    office.report()
    office.report()
    with database(office) as db:
        one = db.execute("SELECT id FROM leaf ORDER BY id LIMIT 1").scalar()
        db.execute("DELETE FROM leaf WHERE id = :one", {"one": one})
    named("leaves-differ", "inner 2026-11-02")


def test_a_case_moved_to_the_other_log(office: Inspectorate, named: Named) -> None:
    _, keys, case = office.triaged()
    with database(office) as db:
        db.execute("UPDATE \"case\" SET log = 'outer' WHERE id = :case", {"case": case})
    with pytest.raises(CaseBroken, match="another log"):
        casework.open_case(office.ctx, office.officer("rahma"), case)
    with pytest.raises(CaseBroken, match="another log"):
        followup.open_with_root(office.ctx, keys.root)
    named("leaves-differ", "outer")
    named("recovery-grant-missing", case.hex())


def test_a_case_called_closed_in_the_clear(office: Inspectorate, named: Named) -> None:
    """So that the list would not show it among what is open; the list goes by what the entries say."""
    _, _, case = office.triaged()
    with database(office) as db:
        db.execute("UPDATE \"case\" SET state = 'closed', next_day = NULL WHERE id = :case", {"case": case})
    rows = listing.cases_for(office.ctx, office.officer("rahma"), Query()).rows
    assert [row.id for row in rows] == [case]
    named("state-differs", case.hex(), login="rahma")
    named("next-day-differs", case.hex(), login="rahma")


def test_a_day_of_receipt_changed(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    with database(office) as db:
        db.execute("UPDATE \"case\" SET day = '2026-11-01' WHERE id = :case", {"case": case})
    with pytest.raises(CaseBroken, match="day"):
        casework.open_case(office.ctx, office.officer("rahma"), case)
    named("leaves-differ", "inner 2026-11-01")
    named("case-broken", case.hex(), login="rahma")


def test_the_counter_of_register_numbers_set_back(office: Inspectorate, named: Named) -> None:
    office.triaged()
    with database(office) as db:
        db.execute("UPDATE counter SET value = 0")
    named("register-counter", "register-inner-2026-11", login="rahma")
    office.triaged()
    named("register-repeated", login="rahma")


def test_a_row_moved_to_where_nothing_finds_it(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    with database(office) as db:
        db.execute('UPDATE summary SET slot = slot + 1 WHERE "case" = :case', {"case": case})
        db.execute('UPDATE "grant" SET slot = slot - 1 WHERE "case" = :case AND chain = 2', {"case": case})
    named("slot-wrong", "summary")
    named("slot-wrong", "grant", case.hex())
    named("summary-missing", case.hex())
