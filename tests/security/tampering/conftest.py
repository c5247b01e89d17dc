from collections.abc import Callable

import pytest

from tests.inspectorate import Inspectorate
from tests.services.verify.checking import faults

Named = Callable[..., None]


@pytest.fixture
def named(office: Inspectorate) -> Named:
    """Assert that verify names a fault with this code and row: ``named("entry-missing", "thread 1", login="rahma")``.

    Without a login verify runs without any key.
    """

    def check(code: str, *parts: str, login: str | None = None) -> None:
        found = faults(office, login)
        rows = [f"{fault.table}: {fault.row}" for fault in found if fault.code == code]
        assert any(all(part in row for part in parts) for row in rows), (code, parts, found)

    return check


@pytest.fixture(autouse=True)
def clean_before(office: Inspectorate) -> None:
    """What is found afterwards was not there before."""
    assert faults(office) == []
