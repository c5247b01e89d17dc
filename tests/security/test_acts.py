"""An act's id comes from a browser: whatever it is, no act is lost to another's and none falls over it."""

import pytest

from tests.inspectorate import Inspectorate
from whistle.services import casework
from whistle.store import cases


def notes(office: Inspectorate, case: bytes) -> list[str]:
    return [item.text for item in casework.open_case(office.ctx, office.officer("rahma"), case).file if item.text]


def test_the_same_id_in_two_cases_is_two_acts(office: Inspectorate) -> None:
    (_, _, one), (_, _, two) = office.triaged(), office.triaged()
    for case in (one, two):
        casework.note(office.ctx, office.officer("rahma"), case, bytes(16), "Dicatat.")
        assert notes(office, case) == ["Dicatat."]


def test_the_same_id_by_two_officers_is_two_acts(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    casework.declare(office.ctx, office.officer("yusuf"), case)
    for login in ("rahma", "yusuf", "rahma"):
        casework.note(office.ctx, office.officer(login), case, bytes(16), f"Dari {login}.")
    assert notes(office, case) == ["Dari rahma.", "Dari yusuf."]


@pytest.mark.parametrize("chain", [1, 2])
def test_the_id_of_another_entry_can_be_taken_for_an_act(office: Inspectorate, chain: int) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.read() as tx:
        taken = cases.entries(tx, case, chain)[0].id
    casework.note(office.ctx, office.officer("rahma"), case, taken, "Tetap dicatat.")
    assert notes(office, case) == ["Tetap dicatat."]
