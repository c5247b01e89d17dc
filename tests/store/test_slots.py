from hypothesis import given
from hypothesis import strategies as st

from whistle.store.slots import first_grant_slot, grant_slot, last_grant_slot, slot_of

IDS = st.binary(min_size=16, max_size=16)
EPOCHS = st.tuples(st.sampled_from((1, 2, 3)), st.integers(0, 1000))


@given(IDS, IDS)
def test_slots_fit_a_signed_column_and_follow_the_ids(one: bytes, two: bytes) -> None:
    assert 0 <= slot_of(one) < 2**63
    if slot_of(one) < slot_of(two):
        assert one < two


@given(IDS, IDS, EPOCHS)
def test_a_grants_slot_lies_among_its_cases(case: bytes, reader: bytes, epoch: tuple[int, int]) -> None:
    assert 0 <= first_grant_slot(case) <= grant_slot(case, reader, *epoch) <= last_grant_slot(case) < 2**63


@given(IDS, st.sets(st.tuples(IDS, EPOCHS), min_size=2, max_size=40))
def test_the_grants_of_a_case_have_slots_of_their_own(case: bytes, held: set[tuple[bytes, tuple[int, int]]]) -> None:
    assert len({grant_slot(case, reader, *epoch) for reader, epoch in held}) == len(held)
