"""What holds for sealed files in an object store alone: what it is told, what it costs, who is let in."""

import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator

import pytest

from tests.store.line import Line, line
from tests.store.s3 import BUCKET, SECRET, ObjectServer
from tests.store.shelves import LARGE, MIB, MONDAY, TUESDAY, Shelf, a_blob, in_bucket
from whistle.store.blobs import Blobs, blob_store
from whistle.store.errors import Conflict, StoreUnavailable


@pytest.fixture
def shelf(object_store: ObjectServer) -> Shelf:
    return in_bucket(object_store)


@pytest.fixture
def blobs(shelf: Shelf) -> Blobs:
    return shelf.blobs


@pytest.fixture
def between(object_store: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """What the product takes for the store is a line to it."""
    with line(object_store.base) as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", made.base)
        yield made


@pytest.mark.parametrize("size", [100, LARGE])
def test_the_store_is_told_nothing_but_a_name(
    shelf: Shelf, blobs: Blobs, object_store: ObjectServer, size: int
) -> None:
    # Given content that a store would take for a kind it knows
    id_ = os.urandom(16)
    blobs.put(id_, MONDAY, [b"<!DOCTYPE html><html>", bytes(size)])
    for _ in range(2):
        (name,) = shelf.lying()
        key = {"Bucket": BUCKET, "Key": f"{shelf.url.removeprefix(f's3://{BUCKET}/')}/{name}"}
        told = object_store.client().head_object(**key)
        assert (told["ContentType"], told["Metadata"]) == ("application/octet-stream", {})
        assert object_store.client().get_object_tagging(**key)["TagSet"] == []
        blobs.settle(TUESDAY, lambda ids: ids)


def test_a_bucket_may_hold_nothing_else_or_other_things(object_store: ObjectServer) -> None:
    """Two installations under prefixes of one bucket, of which one is the beginning of the other."""
    mine = in_bucket(object_store)
    theirs = blob_store(f"{mine.url}-two", 0)
    (id_, _), (other, data) = a_blob(mine.blobs, size=10), a_blob(theirs, size=LARGE)
    with theirs.create(os.urandom(16), MONDAY) as running:
        running.write(bytes(LARGE))
        assert list(mine.blobs.ids()) == [id_]
        assert mine.blobs.settle(TUESDAY, lambda ids: []) == (0, 1)
        running.commit()
    assert theirs.read(other, 0, LARGE) == data and len(list(theirs.ids())) == 2


def test_a_file_passes_in_constant_memory(blobs: Blobs) -> None:
    id_, piece = os.urandom(16), os.urandom(MIB)
    blobs.put(os.urandom(16), MONDAY, [b"the client is made"])
    tracemalloc.start()
    try:
        blobs.put(id_, MONDAY, (piece for _ in range(96)))
        blobs.settle(TUESDAY, lambda ids: ids)
        assert tracemalloc.get_traced_memory()[1] < 40 * MIB
    finally:
        tracemalloc.stop()
    assert blobs.read(id_, 95 * MIB, 96 * MIB) == piece


@pytest.mark.parametrize("size", [100, LARGE])
def test_of_two_who_bring_one_id_the_second_is_refused_at_the_end(shelf: Shelf, blobs: Blobs, size: int) -> None:
    id_ = os.urandom(16)
    with blobs.create(id_, MONDAY) as first, blobs.create(id_, MONDAY) as second:
        first.write(b"1" * size)
        second.write(b"2" * size)
        first.commit()
        with pytest.raises(Conflict):
            second.commit()
    assert blobs.read(id_, 0, size) == b"1" * size
    assert len(shelf.lying()) == 1


@pytest.mark.parametrize(("size", "last"), [(100, b"PUT /"), (LARGE, b"POST /files")])
def test_an_answer_that_was_lost_is_no_conflict(
    shelf: Shelf, blobs: Blobs, between: Line, size: int, last: bytes
) -> None:
    """The first try stored it, the second is refused since it is there: nobody can say that it is not stored."""
    id_ = os.urandom(16)
    with blobs.create(id_, MONDAY) as writer:
        writer.write(bytes(size))
        between.lose = last
        with pytest.raises(StoreUnavailable):
            writer.commit()
    assert between.lost == 1
    # And what may have been stored is whole, or goes at night
    assert list(blobs.ids()) in ([], [id_])
    assert all(blobs.read(id_, 0, size) == bytes(size) for id_ in blobs.ids())
    blobs.settle(TUESDAY, lambda ids: [])
    assert shelf.lying() == []


def test_what_is_changed_on_the_way_is_not_taken(shelf: Shelf, blobs: Blobs, between: Line) -> None:
    between.up = lambda data: data.replace(b"sealed", b"broken")
    with pytest.raises(StoreUnavailable):
        blobs.put(os.urandom(16), MONDAY, [b"sealed content"])
    assert shelf.lying() == []


def everything(blobs: Blobs) -> Iterator[tuple[str, object]]:
    yield "create", lambda: blobs.create(os.urandom(16), MONDAY)
    yield "read", lambda: blobs.read(os.urandom(16), 0, 1)
    yield "remove", lambda: blobs.remove(os.urandom(16))
    yield "ids", lambda: list(blobs.ids())
    yield "settle", lambda: blobs.settle(TUESDAY, lambda ids: ids)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wrong-hunter2", "SignatureDoesNotMatch"),
        ("AWS_ACCESS_KEY_ID", "hunter2", "InvalidAccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", None, "PartialCredentialsError"),
        ("AWS_ACCESS_KEY_ID", None, "NoCredentialsError"),
    ],
)
def test_who_is_not_let_in_is_told_so_and_no_secret_is_repeated(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, why: str
) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    for what, use in everything(shelf.blobs):
        with pytest.raises(StoreUnavailable, match=why) as refused:
            use()  # type: ignore[operator]
        assert "hunter2" not in str(refused.value) and SECRET not in str(refused.value), what


def test_a_bucket_that_is_not_there_is_not_taken_for_an_empty_one(object_store: ObjectServer) -> None:
    for what, use in everything(blob_store("s3://not-there/peluit", 0)):
        with pytest.raises(StoreUnavailable, match="NoSuchBucket"):
            use()  # type: ignore[operator]
            raise AssertionError(what)


UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import os, sys, gevent, signal
from datetime import date
from whistle.store.blobs import blob_store
blobs, server = blob_store(sys.argv[1], 0), int(sys.argv[2])
blobs.put(os.urandom(16), date(2026, 10, 5), [b"the client is made"])
turns = 0
def others():
    global turns
    while True:
        gevent.sleep(0.01)
        turns += 1
def store(number):
    id_ = bytes([number]) * 16
    blobs.put(id_, date(2026, 10, 5), [bytes([number]) * 1_000_000] * 9)
    assert blobs.read(id_, 8_500_000, 8_500_001) == bytes([number])
os.kill(server, signal.SIGSTOP)
gevent.spawn(others)
at_once = [gevent.spawn(store, number) for number in range(1, 5)]
gevent.sleep(2)
assert not any(task.ready() for task in at_once)
print(turns)
os.kill(server, signal.SIGCONT)
gevent.joinall(at_once, raise_error=True)
assert len(list(blobs.ids())) == 5
"""


def test_others_are_served_while_a_worker_waits_for_the_store(shelf: Shelf, object_store: ObjectServer) -> None:
    """The store stands still for two seconds and four files wait for it; meanwhile others have their turns."""
    script = [sys.executable, "-c", UNDER_GEVENT, shelf.url, str(object_store.pid)]
    try:
        done = subprocess.run(script, capture_output=True, text=True)
    finally:
        object_store.send(signal.SIGCONT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 20
