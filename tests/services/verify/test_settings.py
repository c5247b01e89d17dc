"""Settings that would let an acknowledged report be lost are named."""

import pytest

from tests.inspectorate import Inspectorate
from whistle.services.verify import Asked, Fault, Findings, verify


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_that_does_not_wait_for_its_disk_is_named_setting_by_setting(office: Inspectorate) -> None:
    # Given the server that tests share, which saves on durability
    told: list[Fault] = []
    # When it is verified
    verify(office.ctx, Findings(told.append), Asked((), None, None))
    # Then each setting is named that an operator must put right, and none that Peluit sets by itself
    named = {fault.row for fault in told if fault.code == "setting-unsafe"}
    assert {"fsync", "full_page_writes"} <= named


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_embedded_database_is_as_safe_as_it_is_made(office: Inspectorate) -> None:
    told: list[Fault] = []
    verify(office.ctx, Findings(told.append), Asked((), None, None))
    assert not [fault for fault in told if fault.code == "setting-unsafe"]
