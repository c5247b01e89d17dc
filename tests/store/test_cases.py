import os
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.store.making import (
    DAY,
    OTHER,
    READER,
    a_case,
    a_grant,
    an_entry,
    insert_case,
    insert_identity,
    insert_leaf,
    take_in,
)
from whistle.store import cases
from whistle.store.database import Conflict, Duplicate, Store
from whistle.store.rows import EpochRow, IdentityRow, LeafRow, SummaryRow


def test_a_case_comes_back_as_it_was_stored(store: Store) -> None:
    case = a_case(next_day=None, state="closed")
    with store.write() as tx:
        insert_case(tx, case)
    with store.read() as tx:
        assert cases.get_case(tx, case.id) == case
        assert cases.case_by_lookup(tx, case.lookup_hash) == case
        assert cases.get_case(tx, os.urandom(16)) is None
        assert cases.case_by_lookup(tx, os.urandom(32)) is None


def test_a_receipt_is_used_once(store: Store) -> None:
    case = a_case()
    with store.write() as tx:
        take_in(tx, case)
    with pytest.raises(Duplicate) as taken, store.write() as tx:
        take_in(tx, a_case(lookup_hash=case.lookup_hash))
    assert (taken.value.table, taken.value.columns) == ("case", ("lookup_hash",))
    with store.read() as tx:
        assert cases.all_case_ids(tx) == [case.id]
        assert sum(cases.count_leaves(tx).values()) == 1


def test_a_locked_case_is_the_case(store: Store) -> None:
    case = a_case()
    with store.write() as tx:
        insert_case(tx, case)
        assert cases.lock_case(tx, case.id) == case
        assert cases.lock_case(tx, os.urandom(16)) is None


def test_state_and_hold_change_and_nothing_else_does(store: Store) -> None:
    case = a_case()
    with store.write() as tx:
        insert_case(tx, case)
        cases.set_state(tx, case.id, "waiting", date(2026, 12, 24))
        cases.set_legal_hold(tx, case.id, True)
    with store.read() as tx:
        expected = replace(case, state="waiting", next_day=date(2026, 12, 24), legal_hold=True)
        assert cases.get_case(tx, case.id) == expected


def test_a_case_that_is_not_there_cannot_change(store: Store) -> None:
    with pytest.raises(Conflict), store.write() as tx:
        cases.set_state(tx, os.urandom(16), "open", None)
    with pytest.raises(Conflict), store.write() as tx:
        cases.set_legal_hold(tx, os.urandom(16), True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "gone"},
        {"log": "middle"},
        {"id": bytes(15)},
        {"lookup_hash": bytes(31)},
    ],
)
def test_a_row_of_the_wrong_shape_is_refused(store: Store, wrong: dict[str, object]) -> None:
    with pytest.raises(Conflict), store.write() as tx:
        insert_case(tx, replace(a_case(), **wrong))  # type: ignore[arg-type]


def test_nothing_belongs_to_a_case_that_is_not_there(store: Store) -> None:
    nobody = os.urandom(16)
    for insert in (
        lambda tx: cases.insert_entry(tx, an_entry(nobody)),
        lambda tx: cases.insert_epoch(tx, EpochRow(nobody, 1, 0, bytes(32))),
        lambda tx: cases.insert_grants(tx, [a_grant(nobody)]),
        lambda tx: cases.put_summary(tx, SummaryRow(nobody, 1, 0, b"s")),
        lambda tx: insert_identity(tx, IdentityRow(nobody, bytes(32), b"s")),
    ):
        with pytest.raises(Conflict), store.write() as tx:
            insert(tx)


def test_entries_come_by_chain_and_place_whatever_their_ids(store: Store) -> None:
    with store.write() as tx:
        one, two = take_in(tx, a_case()), take_in(tx, a_case())
        more = [an_entry(one.id, chain, place) for chain, place in ((2, 0), (1, 2), (1, 1), (2, 1))]
        for entry in more:
            cases.insert_entry(tx, entry)
    with store.read() as tx:
        found = cases.entries(tx, one.id)
        assert [(entry.chain, entry.place) for entry in found] == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]
        assert found[1:] == [more[2], more[1], more[0], more[3]]
        assert cases.entries(tx, one.id, 2) == [more[0], more[3]]
        assert cases.tip(tx, one.id, 1) == more[1]
        assert cases.tip(tx, one.id, 2) == more[3]
        assert cases.tip(tx, two.id, 2) is None
        assert len(cases.entries(tx, two.id)) == 1


def test_a_place_is_taken_once(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
    with pytest.raises(Duplicate) as taken, store.write() as tx:
        cases.insert_entry(tx, an_entry(case.id, place=0))
    assert taken.value.columns == ("case", "chain", "place")


def test_an_entry_id_is_used_once_in_all_cases(store: Store) -> None:
    id_ = os.urandom(16)
    with store.write() as tx:
        one, two = take_in(tx, a_case()), take_in(tx, a_case())
        cases.insert_entry(tx, an_entry(one.id, place=1, id_=id_))
    for case, place in ((one, 2), (two, 1)):
        with pytest.raises(Duplicate) as taken, store.write() as tx:
            cases.insert_entry(tx, an_entry(case.id, place=place, id_=id_))
        assert taken.value.columns == ("slot",)


def test_epochs_grants_and_identity_come_back(store: Store) -> None:
    with store.write() as tx:
        case, other = take_in(tx, a_case(), readers=()), take_in(tx, a_case())
        cases.insert_epoch(tx, EpochRow(case.id, 2, 0, b"c" * 32))
        cases.insert_epoch(tx, EpochRow(case.id, 1, 1, b"d" * 32))
        grants = [a_grant(case.id, reader, chain, 0) for chain in (2, 1) for reader in (READER, OTHER)]
        cases.insert_grants(tx, grants)
        cases.insert_grants(tx, [])
    with store.read() as tx:
        assert [(e.chain, e.epoch) for e in cases.epochs(tx, case.id)] == [(1, 0), (1, 1), (2, 0)]
        expected = sorted(grants, key=lambda grant: (grant.chain, grant.epoch, grant.reader))
        assert cases.grants(tx, case.id) == expected
        assert cases.grants(tx, case.id, OTHER) == [grant for grant in expected if grant.reader == OTHER]
        assert cases.get_identity(tx, case.id) is not None
        assert cases.get_identity(tx, case.id) != cases.get_identity(tx, other.id)
        assert cases.get_identity(tx, os.urandom(16)) is None
        assert len(cases.grants(tx, other.id)) == 1


def test_grants_of_cases_whose_ids_begin_alike_stay_apart(store: Store) -> None:
    with store.write() as tx:
        ids = [b"same" + os.urandom(12) for _ in range(20)]
        for id_ in ids:
            take_in(tx, a_case(id_), readers=(READER, OTHER))
    with store.read() as tx:
        for id_ in ids:
            assert {(grant.case, grant.reader) for grant in cases.grants(tx, id_)} == {(id_, READER), (id_, OTHER)}


def test_a_reader_is_granted_a_key_once(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
    with pytest.raises(Duplicate), store.write() as tx:
        cases.insert_grants(tx, [a_grant(case.id, OTHER), a_grant(case.id)])
    with store.read() as tx:
        assert len(cases.grants(tx, case.id)) == 1


def test_a_grant_is_wrapped_anew_in_its_place(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case(), readers=(READER, OTHER))
        wrapped = a_grant(case.id, form="vault")
        cases.rewrap_grant(tx, wrapped)
    with store.read() as tx:
        assert cases.grants(tx, case.id, READER) == [wrapped]
        assert cases.grants(tx, case.id, OTHER)[0].form == "hpke"


def test_a_grant_that_is_not_there_cannot_be_wrapped(store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
    with pytest.raises(Conflict), store.write() as tx:
        cases.rewrap_grants(tx, [a_grant(case.id, form="vault"), a_grant(case.id, OTHER, form="vault")])
    with store.read() as tx:
        assert cases.grants(tx, case.id)[0].form == "hpke"


def test_sealed_grants_are_those_not_yet_under_the_vault(store: Store) -> None:
    with store.write() as tx:
        made = [take_in(tx, a_case(), readers=(READER, OTHER), chains=(1, 2)) for _ in range(5)]
        cases.rewrap_grants(tx, [a_grant(made[0].id, READER, chain, form="vault") for chain in (1, 2)])
    with store.read() as tx:
        found = cases.sealed_grants(tx, READER, 100)
        assert {grant.case for grant, _ in found} == {case.id for case in made[1:]}
        assert len(found) == 8
        for grant, commitment in found:
            assert commitment in {e.commitment for e in cases.epochs(tx, grant.case) if e.chain == grant.chain}
        assert len(cases.sealed_grants(tx, READER, 3)) == 3


def test_a_summary_replaces_the_one_before(store: Store) -> None:
    with store.write() as tx:
        case, other = take_in(tx, a_case()), take_in(tx, a_case())
        before = cases.get_summary(tx, other.id)
        cases.put_summary(tx, SummaryRow(case.id, 2, 1, b"n" * 2048))
    with store.read() as tx:
        assert cases.get_summary(tx, case.id) == SummaryRow(case.id, 2, 1, b"n" * 2048)
        assert cases.get_summary(tx, other.id) == before
        assert cases.get_summary(tx, os.urandom(16)) is None


def test_leaves_come_in_the_order_of_their_random_ids(store: Store) -> None:
    with store.write() as tx:
        rows = [
            LeafRow(os.urandom(16), DAY + timedelta(n), ("inner", "outer")[n % 2], os.urandom(32)) for n in range(9)
        ]
        for row in rows:
            insert_leaf(tx, row)
    with store.read() as tx:
        assert cases.leaves(tx) == sorted(rows, key=lambda row: row.id)
        assert cases.leaves(tx, "outer") == sorted((r for r in rows if r.log == "outer"), key=lambda row: row.id)
        assert cases.count_leaves(tx) == {"inner": 5, "outer": 4}
    with pytest.raises(Duplicate), store.write() as tx:
        insert_leaf(tx, LeafRow(os.urandom(16), DAY, "inner", rows[0].leaf))


def test_numbers_begin_at_one_and_go_back_with_their_transaction(store: Store) -> None:
    with store.write() as tx:
        assert [cases.next_number(tx, "2026") for _ in range(3)] == [1, 2, 3]
        assert cases.next_number(tx, "2027") == 1
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        assert cases.next_number(tx, "2026") == 4
        raise ZeroDivisionError
    with store.write() as tx:
        assert cases.next_number(tx, "2026") == 4


def test_a_case_whose_reporters_key_was_removed_is_still_found(store: Store) -> None:
    from whistle.store.triggers import GUARDS, remove

    with store.write() as tx:
        case = take_in(tx, a_case())
        remove(tx, [guard for guard in GUARDS if guard.table == "reporter"])
        tx.exec_driver_sql("DELETE FROM reporter")
    with store.read() as tx:
        found = cases.get_case(tx, case.id)
        assert found == replace(case, reporter_hpke=b"")
