"""Small files that are remembered: what stands in them now is what is read, however they were changed."""

import os
from pathlib import Path

import pytest

from whistle.services import small_file


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as changed long ago, so that it is remembered."""
    monkeypatch.setattr(small_file, "FRESH", -1_000_000_000)


@pytest.mark.usefixtures("old")
def test_a_file_that_is_replaced_is_read_again(tmp_path: Path) -> None:
    # Given: a file that was read, and another of the same size and time.
    path, other = tmp_path / "floor", tmp_path / "other"
    path.write_text("1\n")
    other.write_text("2\n")
    assert small_file.read(path) == b"1\n"
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    # When: it takes the first one's place.
    other.replace(path)
    # Then: what is read is the second.
    assert small_file.read(path) == b"2\n"


def test_a_file_that_is_written_over_with_its_old_time_is_read_again(tmp_path: Path) -> None:
    # Given: a file that was read.
    path = tmp_path / "root.pub"
    path.write_text("aa")
    small_file.read(path)
    before = path.stat()
    # When: it is written over, and its time set back.
    path.write_text("bb")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    # Then
    assert small_file.read(path) == b"bb"


@pytest.mark.usefixtures("old")
def test_a_file_that_is_gone_is_missed(tmp_path: Path) -> None:
    # Given: a file that was read, and is then removed.
    path = tmp_path / "root.pub"
    path.write_text("aa")
    small_file.read(path)
    path.unlink()
    # When, Then
    with pytest.raises(FileNotFoundError):
        small_file.read(path)


@pytest.mark.usefixtures("old")
def test_a_file_that_stays_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given: a file that was read.
    path = tmp_path / "root.pub"
    path.write_text("aa")
    small_file.read(path)
    # When: nobody may open it any more.
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("opened again"))
    # Then: it is known all the same.
    assert small_file.read(path) == b"aa"


@pytest.mark.usefixtures("old")
def test_what_is_remembered_does_not_grow_for_ever(tmp_path: Path) -> None:
    # Given, When: more files than are remembered.
    for number in range(2 * small_file.MOST):
        path = tmp_path / str(number)
        path.write_text(str(number))
        assert small_file.read(path) == str(number).encode()
    # Then
    assert len(small_file._known) <= small_file.MOST
