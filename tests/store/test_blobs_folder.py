"""What holds for sealed files in a folder alone: rights, times, the order of syncs, a disk that gets full."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.small_disk import SmallDisk, small_disk
from tests.store.shelves import MIB, MONDAY, TUESDAY, a_blob
from whistle.store.blobs import blob_store
from whistle.store.blobs_folder import KEPT_NAMES, BlobFolder
from whistle.store.errors import Conflict, StoreUnavailable

KEPT_FREE = 16 * MIB


@pytest.fixture
def blobs(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 40) as made:
        yield made


def files(blobs: BlobFolder) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def test_only_its_owner_reads_it_and_it_tells_no_time(blobs: BlobFolder) -> None:
    a_blob(blobs, size=10)
    (path,) = files(blobs)
    assert path.stat().st_mode & 0o077 == 0 and path.stat().st_mtime == 0
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in (*path.parents[:2], blobs.folder))
    blobs.settle(TUESDAY, lambda ids: ids)
    (path,) = files(blobs)
    assert path.stat().st_mode & 0o077 == 0 and path.stat().st_mtime == 0


def test_what_is_kept_is_written_anew(blobs: BlobFolder) -> None:
    a_blob(blobs, size=10)
    (before,) = files(blobs)
    inode = before.stat().st_ino
    blobs.settle(TUESDAY, lambda ids: ids)
    (after,) = files(blobs)
    assert after.stat().st_ino != inode and not before.exists()


def test_a_folder_with_a_space_is_found_by_its_address(tmp_path: Path) -> None:
    store = blob_store((tmp_path / "berkas #1 rahasia").as_uri(), 0)
    id_, data = a_blob(store, size=10)
    assert BlobFolder(tmp_path / "berkas #1 rahasia").read(id_, 0, 10) == data


def test_of_two_who_bring_one_id_the_second_is_refused_at_the_end(blobs: BlobFolder) -> None:
    id_ = os.urandom(16)
    with blobs.create(id_, MONDAY) as first, blobs.create(id_, MONDAY) as second:
        first.write(b"first")
        second.write(b"other")
        first.commit()
        with pytest.raises(Conflict):
            second.commit()
    assert blobs.read(id_, 0, 5) == b"first"
    assert len(files(blobs)) == 1


def test_what_a_killed_writer_left_is_in_nobodys_way(blobs: BlobFolder) -> None:
    id_ = os.urandom(16)
    with blobs.create(id_, MONDAY) as killed:
        killed.write(b"half")  # and no more of it
        blobs.put(id_, MONDAY, [b"whole"])
        assert blobs.read(id_, 0, 5) == b"whole"
        assert blobs.settle(TUESDAY, lambda ids: ids) == (1, 1)
        assert len(files(blobs)) == 1


def test_a_full_disk_is_said_and_leaves_nothing(blobs: BlobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        with pytest.raises(StoreUnavailable, match="No space left"):
            a_blob(blobs)
    assert files(blobs) == []


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_disk_that_fails_at_the_end_leaves_nothing(
    blobs: BlobFolder, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    a_blob(blobs, size=10)  # the folders are there
    with monkeypatch.context() as broken:
        broken.setattr(os, call, fails)
        with pytest.raises(StoreUnavailable, match="Input/output error"):
            blobs.put(bytes(16), MONDAY, [b"x"])
    assert len(files(blobs)) == 1 and bytes(16) not in blobs.ids()


def test_what_files_never_take_of_the_disk_stays_free(disk: SmallDisk) -> None:
    # Given a disk of 40 MiB of which 16 are kept for reports
    blobs = BlobFolder(disk.folder / "data" / "blobs", KEPT_FREE)
    (disk.folder / "data").mkdir()
    id_, data = a_blob(blobs, size=10 * MIB)
    # When another file would take more than what is left
    with pytest.raises(StoreUnavailable, match="kept for reports"):
        a_blob(blobs, size=15 * MIB)
    # Then nothing of it stays, and smaller ones still come, until there is no room at all
    assert list(blobs.ids()) == [id_] and len(files(blobs)) == 1
    with pytest.raises(StoreUnavailable, match="kept for reports"):
        for _ in range(20):
            a_blob(blobs, size=MIB)
    assert 0 <= disk.free() - KEPT_FREE < 2 * MIB
    assert blobs.read(id_, 0, 10) == data[:10]
    # And what nothing names goes first at night, so that there is room for a copy of the rest
    assert blobs.settle(TUESDAY, lambda ids: {id_})[0] == 1
    assert blobs.read(id_, 0, len(data)) == data


def test_the_nights_work_takes_no_room_from_reports_either(disk: SmallDisk) -> None:
    blobs = BlobFolder(disk.folder / "blobs", KEPT_FREE)
    id_, data = a_blob(blobs, size=10 * MIB)
    disk.fill(leave=KEPT_FREE + MIB)
    with pytest.raises(StoreUnavailable, match="kept for reports"):
        blobs.settle(TUESDAY, lambda ids: ids)
    assert disk.free() >= KEPT_FREE + MIB - 64 * 1024 and blobs.read(id_, 0, len(data)) == data
    disk.make_room()
    assert blobs.settle(TUESDAY, lambda ids: ids) == (1, 0) and blobs.read(id_, 0, len(data)) == data


def test_a_folder_that_cannot_be_used_is_said(blobs: BlobFolder) -> None:
    blobs.folder.parent.mkdir(exist_ok=True)
    blobs.folder.write_bytes(b"a file is in its place")
    for use in (
        lambda: list(blobs.ids()),
        lambda: blobs.create(bytes(16), MONDAY),
        lambda: blobs.read(bytes(16), 0, 1),
    ):
        with pytest.raises(StoreUnavailable, match="Not a directory"):
            use()


STORES = """
import sys
from datetime import date
from whistle.store.blobs import blob_store
blob_store(sys.argv[1], 0).put(bytes(16), date(2026, 10, 5), [bytes(1 << 20)] * 18)
print("now", flush=True)
"""
SYNC = re.compile(r"f(?:data)?sync\(\d+<(.*?)>\) += 0")


def test_it_is_on_the_disk_before_anybody_is_told(tmp_path: Path) -> None:
    trace, folder = tmp_path / "trace", tmp_path / "blobs"
    command = [sys.executable, "-c", STORES, folder.as_uri()]
    calls = ["strace", "-f", "-y", "-s", "200", "-o", str(trace), "-e", "trace=fsync,fdatasync,link,linkat,mkdir,write"]
    subprocess.run([*calls, *command], capture_output=True, check=True)
    lines = trace.read_text().splitlines()
    place = folder / "new" / "00"
    written = re.compile(rf"write\(\d+<({place}/{bytes(16).hex()}\.2026-10-05\.\w+\.part)>")
    last, part = max((at, found[1]) for at, line in enumerate(lines) if (found := written.search(line)))
    renamed = next(at for at, line in enumerate(lines) if "link" in line and part in line)
    told = next(at for at, line in enumerate(lines) if "write(1<" in line and '"now' in line)

    def synced(start: int, stop: int) -> list[str]:
        return [found[1] for line in lines[start:stop] if (found := SYNC.search(line))]

    # All of the file before it has its name, and the name before anybody is told
    assert part in synced(last, renamed) and str(place) in synced(renamed, told)
    # Not all of a large file at its end
    assert part in synced(0, last)
    # And each new folder in the one above it
    for made in (folder, folder / "new", place):
        at = next(at for at, line in enumerate(lines) if "mkdir(" in line and f'"{made}"' in line)
        assert str(made.parent) in synced(at, renamed)


def test_neither_files_nor_folders_tell_when_something_was_written_read_or_removed(blobs: BlobFolder) -> None:
    kept, _ = a_blob(blobs)
    gone, _ = a_blob(blobs)
    broken = blobs.create(os.urandom(16), MONDAY)
    broken.write(b"half")
    blobs.read(kept, 0, 10)
    blobs.remove(gone)
    blobs.settle(TUESDAY, lambda ids: {kept})
    blobs.read(kept, 0, 10)
    broken.abandon()
    for path in (blobs.folder, *blobs.folder.rglob("*")):
        told = path.stat()
        assert told.st_mtime == 0, path
        assert path.is_dir() or told.st_atime == 0, path


def test_many_small_files_leave_a_disk_names_for_reports(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 40, files=KEPT_NAMES + 300) as disk:
        blobs = BlobFolder(disk.folder / "blobs", keep_free=MIB)
        # Given one after the other, until no more is taken
        with pytest.raises(StoreUnavailable):
            for _ in range(1000):
                a_blob(blobs, size=10)
        # Then it was the names that were scarce, and others may still have theirs
        left = os.statvfs(disk.folder)
        assert len(files(blobs)) > 50 and KEPT_NAMES - 10 < left.f_favail <= KEPT_NAMES
        assert disk.free() > 10 * MIB
        assert not [path for path in files(blobs) if path.suffix == ".part"]
        # And where nothing is to be kept, all of them go
        a_blob(BlobFolder(disk.folder / "blobs"), size=10)
