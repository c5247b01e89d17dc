"""What a tombstone lets go, and that nothing goes without one; on both databases."""

import os
from datetime import date

import pytest
from sqlalchemy import delete, func, select

from tests.store.making import READER, a_case, a_disposal, a_draft, take_in
from whistle.store import attached, cases, disposals, handing, tables
from whistle.store.database import AppendOnly, Duplicate, Store

DAY = date(2029, 1, 8)
OF_A_CASE = ("grant", "stale_grant", "epoch", "entry", "summary", "identity", "reporter")


def rows(store: Store, table: str) -> int:
    with store.read() as tx:
        return int(tx.execute(select(func.count()).select_from(tables.metadata.tables[table])).scalar_one())


def test_all_of_a_case_goes_but_its_own_row_and_its_leaf_and_nothing_of_another(store: Store) -> None:
    # Given two cases, of each a row in every table
    with store.write() as tx:
        old, kept = (take_in(tx, a_case(), chains=(1, 2)) for _ in range(2))
        handing.mark_stale(tx, READER)
        disposals.add(tx, disposal := a_disposal())
    before = {table: rows(store, table) for table in OF_A_CASE}
    assert all(before.values())
    # When one is buried
    with store.write() as tx:
        disposals.bury(tx, old.id, disposal.id, DAY)
    # Then half of the rows are left, all of the other case
    assert {table: rows(store, table) * 2 for table in OF_A_CASE} == before
    with store.read() as tx:
        assert (disposals.remains(tx, old.id), len(disposals.remains(tx, kept.id))) == ([], len(OF_A_CASE))
        assert (disposals.buried(tx, old.id), disposals.buried(tx, kept.id)) == (DAY, None)
        assert disposals.tombstones(tx) == {old.id: disposal.id} and disposals.done(tx) == {disposal.id: DAY}
        # And the case itself, by its receipt as well, and both leaves are there still
        stub = cases.case_by_lookup(tx, old.lookup_hash)
        assert stub is not None and stub.id == old.id and stub.next_day is None and stub.reporter_hpke == b""
        assert len(cases.leaves(tx)) == 2


@pytest.mark.parametrize("table", [table for table in OF_A_CASE if table != "stale_grant"])
def test_a_tombstone_of_one_case_lets_nothing_of_another_go(store: Store, table: str) -> None:
    with store.write() as tx:
        old, kept = (take_in(tx, a_case(), chains=(1, 2)) for _ in range(2))
        disposals.add(tx, disposal := a_disposal())
        disposals.bury(tx, old.id, disposal.id, DAY)
    guarded = tables.metadata.tables[table]
    with pytest.raises(AppendOnly), store.write() as tx:
        tx.execute(delete(guarded).where(guarded.c.case == kept.id))


def test_a_file_is_no_longer_kept_only_under_a_tombstone_of_its_own(store: Store) -> None:
    gone, kept = os.urandom(16), os.urandom(16)
    with store.write() as tx:
        attached.keep(tx, [gone, kept])
        disposals.add(tx, disposal := a_disposal())
        disposals.bury_files(tx, [gone], disposal.id)
    with store.read() as tx:
        assert attached.kept(tx, [gone, kept]) == {kept}
        assert disposals.blob_tombstones(tx) == {gone: disposal.id}
    with pytest.raises(AppendOnly), store.write() as tx:
        tx.execute(delete(tables.blob).where(tables.blob.c.id == kept))


def test_no_case_is_buried_twice_and_none_without_a_list(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
        disposals.add(tx, disposal := a_disposal())
        disposals.bury(tx, case.id, disposal.id, DAY)
        other = take_in(tx, a_case())
    with pytest.raises(Duplicate), store.write() as tx:
        disposals.bury(tx, case.id, disposal.id, DAY)
    with pytest.raises(Exception, match="(?i)foreign key|refer"), store.write() as tx:
        disposals.bury(tx, other.id, os.urandom(16), DAY)
    with store.read() as tx:
        assert disposals.buried(tx, other.id) is None and disposals.remains(tx, other.id)


def test_lists_are_found_by_their_ids_and_a_draft_can_be_forgotten(store: Store) -> None:
    drafts, signed = [a_draft() for _ in range(2)], [a_disposal() for _ in range(2)]
    with store.write() as tx:
        for draft in drafts:
            disposals.add_draft(tx, draft)
        for row in signed:
            disposals.add(tx, row)
    with store.write() as tx:
        assert sorted(drafts, key=lambda row: row.id) == disposals.drafts(tx)
        assert sorted(signed, key=lambda row: row.id) == disposals.every(tx)
        assert disposals.draft(tx, drafts[0].id) == drafts[0] and disposals.get(tx, signed[1].id) == signed[1]
        disposals.drop_draft(tx, drafts[0].id)
    with store.read() as tx:
        assert disposals.drafts(tx) == [drafts[1]] and disposals.draft(tx, drafts[0].id) is None
        assert disposals.get(tx, drafts[0].id) is None
