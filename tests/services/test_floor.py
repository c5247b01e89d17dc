"""The floor beside the keys and the data: whoever raises it, whoever serves can read it, and an odd one is no 500."""

import os
from pathlib import Path

import pytest

from tests.inspectorate import Inspectorate
from whistle.casefile.manifest import ManifestRefused
from whistle.services import floor

SERVER = 65_534  # "nobody": some user who is not root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The server's own, as `chown` makes it; whoever tests without root's rights owns it."""
    if os.geteuid() == 0:
        os.chown(tmp_path, SERVER, SERVER)
    return tmp_path


def test_a_floor_raised_with_a_narrow_umask_is_the_folders_owners_and_readable(folder: Path) -> None:
    # Given: root's shell of docs/operating.md, and a floor that an earlier command left closed.
    (folder / floor.NAME).write_text("1\n")
    (folder / floor.NAME).chmod(0o600)
    before = os.umask(0o077)
    # When
    try:
        floor.raise_to(folder, 2)
    finally:
        os.umask(before)
    # Then: nothing else is left there that whoever serves could not open.
    (left,) = folder.iterdir()
    found, owner = left.stat(), folder.stat()
    assert (left.name, left.read_text(), found.st_mode & 0o777) == (floor.NAME, "2\n", 0o644)
    assert (found.st_uid, found.st_gid) == (owner.st_uid, owner.st_gid)


def test_whoever_owns_the_folder_cannot_turn_the_writing_to_another_file(folder: Path, tmp_path: Path) -> None:
    # Given: a link where the new floor is written first.
    (tmp_path / "other").mkdir()
    victim = tmp_path / "other" / "shadow"
    victim.write_text("root's")
    (folder / f"{floor.NAME}.new").symlink_to(victim)
    # When
    floor.raise_to(folder, 2)
    # Then
    assert victim.read_text() == "root's"
    assert floor.read(folder) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", ["keys_dir", "data_dir"])
def test_a_floor_that_cannot_be_read_refuses_all_manifests_and_says_which(office: Inspectorate, where: str) -> None:
    # Given
    path = getattr(office.ctx.settings, where) / floor.NAME
    path.unlink(missing_ok=True)
    path.mkdir()
    # When, Then: the pages answer this error with "not sent".
    with pytest.raises(ManifestRefused, match=f"{path} cannot be read"):
        office.report()
