"""A browser in which an officer signed in before has tries of its own; whoever guesses elsewhere does not slow it."""

from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.services.staff import code_of
from whistle.services import devices, tries, unlock
from whistle.services.unlock import SignInRefused


def wrong(office: Inspectorate, device: str = "", login: str = "rahma") -> int:
    """Seconds to wait after a wrong try, or before one that is not taken."""
    with pytest.raises(SignInRefused) as refused:
        unlock.sign_in(office.ctx, login, "salah", "000000", device)
    return refused.value.wait_seconds


def right(office: Inspectorate, device: str = "") -> None:
    who = office.credentials["rahma"]
    unlock.sign_in(office.ctx, "rahma", who.password, code_of(office, who.totp_secret), device)


def flood(office: Inspectorate, device: str = "") -> None:
    """Tries as fast as they are taken, for a while."""
    for _ in range(tries.FREE_FAILURES + 7):
        office.clock.advance(timedelta(seconds=wrong(office, device)))
    assert wrong(office, device) > 0


def test_a_flood_by_strangers_keeps_no_browser_waiting_that_is_known(office: Inspectorate) -> None:
    mine = devices.fresh(office.ctx, "rahma")
    flood(office)
    right(office, mine)
    # and the strangers gain nothing by it
    assert wrong(office) > 0


def test_whoever_has_such_a_browser_guesses_no_faster(office: Inspectorate) -> None:
    stolen, mine = devices.fresh(office.ctx, "rahma"), devices.fresh(office.ctx, "rahma")
    flood(office, stolen)
    with pytest.raises(SignInRefused):
        right(office, stolen)
    # and keeps nobody else waiting
    assert wrong(office) == 0
    right(office, mine)


@pytest.mark.parametrize("which", ["another's", "none of ours", "too old", "of tomorrow", "nonsense", ""])
def test_a_token_of_nothing_counts_with_everybodys_tries(office: Inspectorate, which: str) -> None:
    token = {"another's": devices.fresh(office.ctx, "yusuf"), "nonsense": "\x00é", "": ""}.get(which)
    if which == "none of ours":
        true = devices.fresh(office.ctx, "rahma")
        token = ("B" if true[0] == "A" else "A") + true[1:]
    if which == "too old":
        token = devices.fresh(office.ctx, "rahma")
        office.clock.advance(timedelta(days=devices.DAYS + 1))
    if which == "of tomorrow":
        office.clock.advance(timedelta(days=2))
        token = devices.fresh(office.ctx, "rahma")
        office.clock.advance(timedelta(days=-2))
    assert token is not None
    flood(office)
    with pytest.raises(SignInRefused):
        right(office, token)
