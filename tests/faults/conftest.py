from pathlib import Path

import pytest

from tests import inspectorate
from tests.inspectorate import Inspectorate


@pytest.fixture
def office(tmp_path: Path, database: str) -> Inspectorate:
    """A small inspectorate without a server, on each of the databases."""
    return inspectorate.build(tmp_path, database)
