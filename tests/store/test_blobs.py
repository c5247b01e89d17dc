"""Sealed files in a folder: there as a whole or not at all, and telling nothing of when they came."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from whistle.store.blobs import BlobFolder, BlobMissing
from whistle.store.errors import Conflict, StoreUnavailable

MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)


@pytest.fixture
def blobs(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs")


def a_blob(blobs: BlobFolder, day: date = MONDAY, size: int = 3_000_000) -> tuple[bytes, bytes]:
    id_, data = os.urandom(16), os.urandom(size)
    blobs.put(id_, day, (data[at : at + 1_000_000] for at in range(0, size, 1_000_000)))
    return id_, data


def files(blobs: BlobFolder) -> list[Path]:
    return [path for path in blobs.folder.rglob("*") if path.is_file()]


def test_what_was_stored_is_read_in_any_piece(blobs: BlobFolder) -> None:
    id_, data = a_blob(blobs)
    for start, stop in ((0, 10), (0, len(data)), (1_234_567, 2_345_678), (len(data) - 1, len(data))):
        assert blobs.read(id_, start, stop) == data[start:stop]


def test_what_is_not_there_or_shorter_is_missing(blobs: BlobFolder) -> None:
    id_, data = a_blob(blobs, size=100)
    for asked, stop in ((os.urandom(16), 10), (id_, 101)):
        with pytest.raises(BlobMissing):
            blobs.read(asked, 0, stop)
    blobs.remove(id_)
    blobs.remove(id_)
    with pytest.raises(BlobMissing):
        blobs.read(id_, 0, 10)
    assert files(blobs) == []


def test_an_id_is_used_once(blobs: BlobFolder) -> None:
    id_, data = a_blob(blobs, size=100)
    with pytest.raises(Conflict):
        blobs.put(id_, TUESDAY, [b"other"])
    assert blobs.read(id_, 0, 100) == data


@pytest.mark.parametrize("id_", [b"", b"short", b"../../../../etc/x", bytes(17)])
def test_an_id_is_no_path(blobs: BlobFolder, id_: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        blobs.read(id_, 0, 1)


def test_an_upload_that_breaks_off_leaves_nothing(blobs: BlobFolder) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(StoreUnavailable):  # a broken line is an OSError
        blobs.put(os.urandom(16), MONDAY, broken())
    assert files(blobs) == [] and list(blobs.ids()) == []


def test_only_its_owner_reads_it_and_it_tells_no_time(blobs: BlobFolder) -> None:
    a_blob(blobs, size=10)
    (path,) = files(blobs)
    assert path.stat().st_mode & 0o077 == 0 and path.stat().st_mtime == 0
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in (path.parent, blobs.folder))


def test_what_a_report_names_is_kept_and_the_rest_is_swept(blobs: BlobFolder) -> None:
    # Given two files of Monday, of which one belongs to a report, one that broke off, and one of today
    (named, data), (orphan, _), (today, _) = a_blob(blobs), a_blob(blobs), a_blob(blobs, TUESDAY)
    (blobs.folder / "new" / MONDAY.isoformat() / f"{os.urandom(16).hex()}.part").write_bytes(b"half")
    before = {path.stat().st_ino for path in files(blobs)}
    # When the day is settled
    assert blobs.settle(TUESDAY, lambda ids: {named} & set(ids)) == (1, 2)
    # Then the report's is there, written anew, and what is from today waits
    assert set(blobs.ids()) == {named, today}
    assert blobs.read(named, 0, len(data)) == data
    assert len({path.stat().st_ino for path in files(blobs)} - before) == 1
    assert {path.stat().st_mtime for path in files(blobs)} == {0.0}
    with pytest.raises(BlobMissing):
        blobs.read(orphan, 0, 1)
    assert blobs.settle(TUESDAY, lambda ids: []) == (0, 0)


def test_settling_that_was_interrupted_goes_on(blobs: BlobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dict(a_blob(blobs, size=1000) for _ in range(5))
    real, done = BlobFolder._write, []

    def dies(self: BlobFolder, path: Path, parts: Iterator[bytes]) -> None:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(path)
        real(self, path, parts)

    with monkeypatch.context() as broken:
        broken.setattr(BlobFolder, "_write", dies)
        with pytest.raises(KeyboardInterrupt):
            blobs.settle(TUESDAY, lambda ids: ids)
    assert all(blobs.read(id_, 0, 1000) == data for id_, data in made.items())
    blobs.settle(TUESDAY, lambda ids: ids)
    assert {id_: blobs.read(id_, 0, 1000) for id_ in blobs.ids()} == made


def test_a_full_disk_is_said_and_leaves_nothing(blobs: BlobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        with pytest.raises(StoreUnavailable, match="No space left"):
            a_blob(blobs)
    assert files(blobs) == []


STORES = """
import sys
from datetime import date
from pathlib import Path
from whistle.store.blobs import BlobFolder
def parts():
    yield b"x" * 5_000_000
    if sys.argv[2] == "middle":
        print("now", flush=True)
        sys.stdin.read()
BlobFolder(Path(sys.argv[1])).put(bytes(16), date(2026, 10, 5), parts())
print("now", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("when", ["middle", "after"])
def test_who_is_killed_leaves_the_whole_file_or_none(blobs: BlobFolder, when: str) -> None:
    command = [sys.executable, "-c", STORES, str(blobs.folder), when]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGKILL)
    assert list(blobs.ids()) == ([bytes(16)] if when == "after" else [])
    blobs.settle(TUESDAY, lambda ids: ids)
    assert len(files(blobs)) == (1 if when == "after" else 0)


def test_it_is_on_the_disk_before_anybody_is_told(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = [sys.executable, "-c", STORES, str(tmp_path / "blobs"), "after"]
    calls = ["strace", "-f", "-o", str(trace), "-e", "trace=fsync,rename,renameat,renameat2,write,openat"]
    subprocess.run([*calls, *command], stdin=subprocess.DEVNULL, capture_output=True, check=True)
    lines = trace.read_text().splitlines()
    renamed = next(at for at, line in enumerate(lines) if "rename" in line and ".part" in line)
    told = next(at for at, line in enumerate(lines) if 'write(1, "now' in line)
    assert "fsync(" in lines[renamed - 1] and any("fsync(" in line for line in lines[renamed:told])
