"""Sealed files, in a folder and in an object store: there as a whole or not at all, and telling nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.store.shelves import LARGE, MIB, MONDAY, TUESDAY, Shelf, a_blob, in_bucket, in_folder
from whistle.store.blobs import BlobMissing, Blobs, BlobWriter, blob_store
from whistle.store.errors import Conflict


@pytest.fixture(params=["folder", "s3"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "folder":
        return in_folder(request.getfixturevalue("tmp_path") / "blobs")
    return in_bucket(request.getfixturevalue("object_store"))


@pytest.fixture
def blobs(shelf: Shelf) -> Blobs:
    return shelf.blobs


@pytest.mark.parametrize("size", [1, 3_000_000, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, LARGE])
def test_what_was_stored_is_read_in_any_piece(shelf: Shelf, blobs: Blobs, size: int) -> None:
    id_, data = a_blob(blobs, size=size)
    for start, stop in ((0, 1), (0, size), (size // 3, size // 3 + size // 2 + 1), (size - 1, size)):
        assert blobs.read(id_, start, stop) == data[start:stop]
    assert len(shelf.lying()) == 1


def test_pieces_of_any_size_come_together(blobs: Blobs) -> None:
    id_, data = os.urandom(16), os.urandom(LARGE)
    with blobs.create(id_, MONDAY) as writer:
        for start, stop in ((0, 1), (1, 1), (1, 7 * MIB), (7 * MIB, 17 * MIB), (17 * MIB, LARGE)):
            writer.write(data[start:stop])
        assert writer.size == LARGE
        writer.commit()
    assert blobs.read(id_, 0, LARGE) == data


def test_a_file_without_a_byte_is_there(blobs: Blobs) -> None:
    id_, _ = a_blob(blobs, size=0)
    assert list(blobs.ids()) == [id_]
    with pytest.raises(BlobMissing):
        blobs.read(id_, 0, 1)
    assert blobs.settle(TUESDAY, lambda ids: ids) == (1, 0) and list(blobs.ids()) == [id_]


def test_what_is_not_there_or_shorter_is_missing(shelf: Shelf, blobs: Blobs) -> None:
    id_, _ = a_blob(blobs, size=100)
    for asked, start, stop in ((os.urandom(16), 0, 10), (id_, 0, 101), (id_, 100, 101), (id_, 500, 600)):
        with pytest.raises(BlobMissing):
            blobs.read(asked, start, stop)
    blobs.remove(id_)
    blobs.remove(id_)
    with pytest.raises(BlobMissing):
        blobs.read(id_, 0, 10)
    assert shelf.lying() == []


def test_of_each_file_it_is_known_how_much_is_stored_and_whether_it_lies_in_its_place(shelf: Shelf) -> None:
    blobs = shelf.blobs
    kept, waiting = a_blob(blobs, size=LARGE)[0], a_blob(blobs, TUESDAY, size=7)[0]
    blobs.settle(TUESDAY, lambda ids: ids)
    strange = [f"new/{kept.hex()[:2]}/{kept.hex()}.2026-99-99", f"kept/zz/{kept.hex()}", "new/ab/notes"]
    for name in strange:
        shelf.put_there(name, b"x")
    assert (blobs.size(kept), blobs.size(waiting)) == (LARGE, 7)
    with pytest.raises(BlobMissing):
        blobs.size(os.urandom(16))
    found = {lying.id: (lying.size, lying.day) for lying in blobs.inventory() if lying.id}
    assert found == {kept: (LARGE, None), waiting: (7, TUESDAY)} and set(blobs.ids()) == {kept, waiting}
    assert sorted(lying.name for lying in blobs.inventory() if lying.id is None) == sorted(strange)


def test_an_id_is_used_once(blobs: Blobs) -> None:
    # Given a file that waits and one that is kept
    kept, old = a_blob(blobs, size=100)
    blobs.settle(TUESDAY, lambda ids: ids)
    waiting, new = a_blob(blobs, size=100)
    # When somebody brings another under the same id, on the same day or the next
    for id_ in (kept, waiting):
        for day in (MONDAY, TUESDAY):
            with pytest.raises(Conflict):
                blobs.put(id_, day, [b"other"])
    # Then it is as it was
    assert (blobs.read(kept, 0, 100), blobs.read(waiting, 0, 100)) == (old, new)


@pytest.mark.parametrize("id_", [b"", b"short", b"../../../../etc/x", bytes(17)])
def test_an_id_is_no_path(blobs: Blobs, id_: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        blobs.read(id_, 0, 1)
    with pytest.raises(ValueError, match="16 bytes"):
        blobs.create(id_, MONDAY)
    with pytest.raises(ValueError, match="16 bytes"):
        blobs.remove(id_)


@pytest.mark.parametrize("size", [4, LARGE])
def test_an_upload_that_breaks_off_leaves_nothing(shelf: Shelf, blobs: Blobs, size: int) -> None:
    def broken() -> Iterator[bytes]:
        yield bytes(size)
        raise ConnectionError("the line broke")

    with pytest.raises(ConnectionError, match="the line broke"):
        blobs.put(os.urandom(16), MONDAY, broken())
    assert shelf.lying() == [] and list(blobs.ids()) == []


@pytest.mark.parametrize("size", [4, LARGE])
def test_nothing_is_there_before_all_of_it_is_stored(shelf: Shelf, blobs: Blobs, size: int) -> None:
    id_ = os.urandom(16)
    with blobs.create(id_, MONDAY) as writer:
        writer.write(bytes(size))
        assert list(blobs.ids()) == []
        with pytest.raises(BlobMissing):
            blobs.read(id_, 0, 1)
        writer.abandon()
        assert shelf.lying() == []
        with pytest.raises(ValueError):
            writer.write(b"more")


def test_what_was_committed_is_abandoned_in_vain(blobs: Blobs) -> None:
    id_ = os.urandom(16)
    with blobs.create(id_, MONDAY) as writer:
        writer.write(b"whole")
        writer.commit()
        writer.abandon()
    assert blobs.read(id_, 0, 5) == b"whole"


def test_what_a_report_names_is_kept_and_the_rest_is_swept(shelf: Shelf, blobs: Blobs) -> None:
    # Given two files of Monday, of which one belongs to a report, one that is on its way since, and two of today
    (named, data), (orphan, _), (today, _) = a_blob(blobs, size=LARGE), a_blob(blobs), a_blob(blobs, TUESDAY)
    hanging, running = blobs.create(os.urandom(16), MONDAY), blobs.create(os.urandom(16), TUESDAY)
    for writer in (hanging, running):
        writer.write(bytes(LARGE))
    asked: list[bytes] = []
    # When the day is settled
    assert blobs.settle(TUESDAY, lambda ids: asked.extend(ids) or {named}) == (1, 2)
    # Then the report's is there, and what is from today waits
    assert set(asked) == {named, orphan}
    assert set(blobs.ids()) == {named, today}
    assert blobs.read(named, 0, LARGE) == data
    assert f"kept/{named.hex()[:2]}/{named.hex()}" in shelf.lying() and len(shelf.lying()) == 3
    with pytest.raises(BlobMissing):
        blobs.read(orphan, 0, 1)
    running.commit()
    hanging.abandon()
    assert len(list(blobs.ids())) == 3
    assert blobs.settle(TUESDAY, lambda ids: []) == (0, 0)


def test_files_are_written_anew_in_no_order_of_theirs(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    came = [a_blob(blobs, size=10)[0] for _ in range(12)]
    began: list[str] = []
    real: Callable[[Blobs, str], BlobWriter] = type(blobs)._begin
    monkeypatch.setattr(type(blobs), "_begin", lambda self, name: began.append(name[-32:]) or real(self, name))
    blobs.settle(TUESDAY, lambda ids: ids)
    names = [id_.hex() for id_ in came]
    assert sorted(began) == sorted(names) and began not in (names, names[::-1], sorted(names), sorted(names)[::-1])


def test_a_file_that_is_removed_while_it_is_settled_is_gone(shelf: Shelf, blobs: Blobs) -> None:
    gone, stays = a_blob(blobs, size=10)[0], a_blob(blobs, size=10)[0]

    def named(ids: Any) -> Any:
        blobs.remove(gone)
        return ids

    blobs.settle(TUESDAY, named)
    assert list(blobs.ids()) == [stays] and len(shelf.lying()) == 1


def test_what_is_read_while_it_is_settled_is_found(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    id_, data = a_blob(blobs, size=10)
    real = type(blobs)._names

    def settled_meanwhile(self: Blobs, prefix: str) -> Iterator[str]:
        names = list(real(self, prefix))
        monkeypatch.setattr(type(self), "_names", real)
        self.settle(TUESDAY, lambda ids: ids)
        yield from names

    monkeypatch.setattr(type(blobs), "_names", settled_meanwhile)
    assert blobs.read(id_, 0, 10) == data


def test_what_is_not_ours_is_left_alone(shelf: Shelf, blobs: Blobs) -> None:
    strange = ["new/README", "kept/ab/notes.txt", "new/ab/notes.2026-10-05", "other/ab/" + "ab" * 16, "kept2"]
    for name in strange:
        shelf.put_there(name, b"somebody's")
    id_, _ = a_blob(blobs, size=10)
    assert list(blobs.ids()) == [id_]
    assert blobs.settle(TUESDAY, lambda ids: []) == (0, 1)
    assert shelf.lying() == sorted(strange)


STORES = """
import sys
from datetime import date
from whistle.store.blobs import blob_store
def parts():
    yield b"x" * 20_000_000
    if sys.argv[2] == "middle":
        print("now", flush=True)
        sys.stdin.read()
blob_store(sys.argv[1], 0).put(bytes(16), date(2026, 10, 5), parts())
print("now", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("when", ["middle", "after"])
def test_who_is_killed_leaves_the_whole_file_or_none(shelf: Shelf, when: str) -> None:
    command = [sys.executable, "-c", STORES, shelf.url, when]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGKILL)
    assert len(shelf.lying()) == 1
    assert list(shelf.blobs.ids()) == ([bytes(16)] if when == "after" else [])
    assert shelf.blobs.settle(TUESDAY, lambda ids: ids) == ((1, 0) if when == "after" else (0, 1))
    assert len(shelf.lying()) == (1 if when == "after" else 0)


def settle_and_die(url: str, step: int, named: set[bytes]) -> bool:
    """In a process of its own, killed before the ``step``-th thing that it does to what is stored; whether it was."""
    child = os.fork()
    if child == 0:
        try:
            blobs, left = blob_store(url, 0), iter(range(step))

            def counted(real: Any) -> Any:
                def call(*args: Any, **kwargs: Any) -> Any:
                    if next(left, None) is None:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*args, **kwargs)

                return call

            kind = type(blobs.create(os.urandom(16), TUESDAY))
            for owner, name in ((type(blobs), "_begin"), (kind, "write"), (kind, "commit"), (type(blobs), "_delete")):
                setattr(owner, name, counted(getattr(owner, name)))
            blobs.settle(TUESDAY, lambda ids: named)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_settling_may_be_killed_anywhere_and_goes_on(shelf: Shelf, blobs: Blobs) -> None:
    made = dict(a_blob(blobs, size=10_000_000) for _ in range(3))
    a_blob(blobs)
    step = 0
    while settle_and_die(shelf.url, step, set(made)):
        step += 1
        assert step < 60, "it does not come to an end"
        assert {id_: blobs.read(id_, 0, 10_000_000) for id_ in made} == made
    assert step > 5
    blobs.settle(TUESDAY, lambda ids: set(made))
    assert {id_: blobs.read(id_, 0, 10_000_000) for id_ in blobs.ids()} == made
    assert [name for name in shelf.lying() if TUESDAY.isoformat() not in name] == sorted(
        f"kept/{id_.hex()[:2]}/{id_.hex()}" for id_ in made
    )


def test_what_was_copied_and_then_removed_leaves_no_half(shelf: Shelf, blobs: Blobs) -> None:
    id_, _ = a_blob(blobs)
    assert settle_and_die(shelf.url, 2, {id_})
    assert any(name.startswith("kept/") for name in shelf.lying()) or shelf.url.startswith("s3")
    blobs.remove(id_)
    blobs.settle(TUESDAY, lambda ids: [])
    assert [name for name in shelf.lying() if TUESDAY.isoformat() not in name] == []


def test_an_object_stores_client_is_not_loaded_for_a_folder() -> None:
    script = (
        "import sys, whistle\nfrom whistle.store.blobs import blob_store\nblob_store('file:///tmp/nowhere/blobs', 0)\n"
        "assert not {'boto3', 'botocore', 'urllib3'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
