"""A trust file that whoever serves cannot read is named, though whoever verifies can."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inspectorate import Inspectorate
from tests.services.verify.checking import faults
from whistle.services.verify import readable
from whistle.services.verify.readable import User

STRANGER = 4711


@pytest.fixture
def file() -> Iterator[Path]:
    """In a folder that everybody may enter; pytest's own is closed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        path = Path(folder) / "root.pub"
        path.touch()
        yield path


@pytest.mark.parametrize(
    ("mode", "of_group", "may"),
    [(0o644, False, True), (0o600, False, False), (0o640, False, False), (0o640, True, True), (0o604, True, False)],
)
def test_mode_and_group_decide_who_can_read(file: Path, mode: int, of_group: bool, may: bool) -> None:
    file.chmod(mode)
    groups = frozenset([file.stat().st_gid] if of_group else [])
    assert readable.by(User("peluit", STRANGER, groups), file) is may


def test_a_folder_that_is_closed_closes_what_is_in_it(file: Path) -> None:
    file.chmod(0o644)
    file.parent.chmod(0o700)
    assert not readable.by(User("peluit", STRANGER, frozenset()), file)
    assert readable.by(readable.user(os.geteuid()), file)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_floor_that_the_owner_of_the_data_cannot_read_is_named(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given: whoever serves may read the keys, and not the floor beside the data.
    path = office.ctx.settings.data_dir / "manifest.floor"
    path.write_text("1\n")
    monkeypatch.setattr(readable, "by", lambda who, looked_at: looked_at != path)
    # When, Then
    assert [(fault.code, fault.row) for fault in faults(office)] == [("trust-unreadable", str(path))]
