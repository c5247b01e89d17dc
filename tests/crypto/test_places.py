"""What is bound: exactly the fields of docs/envelope.md, every one of them."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given

from tests.crypto.givens import GRANT, PLACE, SUMMARY, chains, elsewhere, ids, keys, numbers
from whistle.crypto.places import Chain, GrantPlace, Place, SummaryPlace
from whistle.crypto.suite import LABELS, Refused, lp


def bound(place: Any) -> bytes:
    return place.bound(b"label") if isinstance(place, GrantPlace) else place.aad()


@given(ids, ids, chains, numbers, ids, numbers, keys, keys)
def test_an_entry_is_bound_to_its_fields_in_order(
    installation: bytes, case: bytes, chain: Chain, epoch: int, entry: bytes, place: int, commitment: bytes, prev: bytes
) -> None:
    number = epoch.to_bytes(4, "big"), place.to_bytes(4, "big")
    expected = lp(
        LABELS["entry-aad"], installation, case, bytes([chain]), number[0], entry, number[1], commitment, prev
    )
    assert Place(installation, case, chain, epoch, entry, place, commitment, prev).aad() == expected


@given(ids, ids, chains, numbers, ids, keys)
def test_grants_and_summaries_are_bound_to_their_fields_in_order(
    installation: bytes, case: bytes, chain: Chain, epoch: int, reader: bytes, commitment: bytes
) -> None:
    here = installation, case, bytes([chain]), epoch.to_bytes(4, "big")
    grant = GrantPlace(installation, case, chain, epoch, reader, commitment)
    assert grant.bound(b"any label") == lp(b"any label", *here, reader, commitment)
    summary = SummaryPlace(installation, case, chain, epoch, commitment)
    assert summary.aad() == lp(LABELS["summary-aad"], *here, commitment)


@pytest.mark.parametrize("place", [PLACE, GRANT, SUMMARY], ids=lambda place: type(place).__name__)
def test_every_field_is_bound(place: Any) -> None:
    made = {bound(elsewhere(place, field.name)) for field in fields(place)} | {bound(place)}
    assert len(made) == len(fields(place)) + 1


@pytest.mark.parametrize("place", [PLACE, GRANT, SUMMARY], ids=lambda place: type(place).__name__)
def test_a_field_of_a_wrong_length_or_range_is_refused(place: Any) -> None:
    for field in fields(place):
        value = getattr(place, field.name)
        wrong: tuple[Any, ...] = (0, 4, 255) if isinstance(value, Chain) else (-1, 2**32)
        if isinstance(value, bytes):
            wrong = (b"", value[:-1], value + b"\0")
        for spoiled in wrong:
            with pytest.raises(Refused):
                bound(replace(place, **{field.name: spoiled}))
