"""Guessing at the sign-in: many tries at once gain nothing over one after the other."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.inspectorate import Inspectorate
from whistle.crypto import vault
from whistle.services import tries, unlock
from whistle.services.unlock import SignInRefused


@pytest.mark.parametrize("login", ["rahma", "tidak-ada"])
def test_tries_at_once_count_one_after_the_other(
    login: str, office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, opened = vault.open_first, []

    def counted(records: Sequence[vault.VaultRecord], password: str) -> tuple[int, bytes]:
        opened.append(login)
        return real(records, password)

    monkeypatch.setattr(vault, "open_first", counted)

    def attempt(_: int) -> None:
        with pytest.raises(SignInRefused):
            unlock.sign_in(office.ctx, login, "salah", "000000")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(attempt, range(24)))
    assert len(opened) == tries.FREE_FAILURES + 1  # the one after the free ones has to be waited for
