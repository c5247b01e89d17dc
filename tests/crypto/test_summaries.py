"""The reader of whole lists opens the same bytes as the functions for one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.givens import GRANT, KEY, OTHER_KEY, SUMMARY, chains, flipped, ids, keys, numbers
from whistle.crypto.envelope import (
    SUMMARY_ROOM,
    Chain,
    GrantPlace,
    SummaryPlace,
    commitment,
    seal_summary,
    wrap_grant,
)
from whistle.crypto.suite import Refused
from whistle.crypto.summaries import SummaryReader

GRANTS_KEY = b"g" * 32
READER = SummaryReader(GRANT.installation, GRANT.reader, GRANTS_KEY)
ROW: dict[str, Any] = {
    "case": GRANT.case,
    "chain": GRANT.chain,
    "epoch": GRANT.epoch,
    "commitment": GRANT.commitment,
    "wrapped": wrap_grant(GRANTS_KEY, KEY, GRANT),
    "sealed": seal_summary(KEY, SUMMARY, b"ringkasan"),
}


@given(ids, ids, chains, numbers, ids, keys, keys, st.binary(max_size=SUMMARY_ROOM))
def test_what_was_wrapped_and_sealed_one_by_one_opens(
    installation: bytes, case: bytes, chain: Chain, epoch: int, reader: bytes, key: bytes, grants: bytes, body: bytes
) -> None:
    place = GrantPlace(installation, case, chain, epoch, reader, commitment(key))
    wrapped = wrap_grant(grants, key, place)
    sealed = seal_summary(key, SummaryPlace(installation, case, chain, epoch, commitment(key)), body)
    opened = SummaryReader(installation, reader, grants).open(case, chain, epoch, commitment(key), wrapped, sealed)
    assert opened == body


@pytest.mark.parametrize(
    "other",
    [
        {"case": b"d" * 16},
        {"case": b"d" * 15},
        {"chain": Chain.FILE},
        {"chain": 9},
        {"epoch": 4},
        {"epoch": -1},
        {"commitment": commitment(OTHER_KEY)},
        {"commitment": GRANT.commitment[:31]},
        {"wrapped": ROW["wrapped"][:59]},
        {"wrapped": wrap_grant(b"h" * 32, KEY, GRANT)},
        {"sealed": ROW["sealed"][:2047]},
        {"sealed": ROW["sealed"] + b"\0"},
    ],
    ids=lambda other: "-".join(other),  # names only: random bytes would differ between the processes of a run
)
def test_a_swapped_or_shortened_row_is_refused(other: dict[str, Any]) -> None:
    assert READER.open(**ROW) == b"ringkasan"
    with pytest.raises(Refused):
        READER.open(**{**ROW, **other})


@given(st.sampled_from(["wrapped", "sealed"]), st.integers(0, 8 * 2048))
def test_a_flipped_bit_of_a_row_is_refused(field: str, bit: int) -> None:
    with pytest.raises(Refused):
        READER.open(**{**ROW, field: flipped(ROW[field], bit)})


def test_a_row_is_refused_to_another_reader_or_installation() -> None:
    for installation, reader in ((b"j" * 16, GRANT.reader), (GRANT.installation, b"s" * 16)):
        with pytest.raises(Refused):
            SummaryReader(installation, reader, GRANTS_KEY).open(**ROW)
    with pytest.raises(Refused):
        SummaryReader(GRANT.installation, b"short", GRANTS_KEY)
