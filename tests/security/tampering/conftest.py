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


@pytest.fixture(scope="session")
def found_clean() -> set[str]:
    """The databases on which an office was looked at before anybody tampered with it."""
    return set()


@pytest.fixture(autouse=True)
def clean_before(office: Inspectorate, found_clean: set[str]) -> None:
    """What is found afterwards was not there before: each test's office is a copy of one."""
    kind = office.ctx.store.engine.dialect.name
    if kind not in found_clean:
        assert faults(office) == []
        found_clean.add(kind)
