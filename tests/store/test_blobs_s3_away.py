"""The object store goes away or hangs, before, in the middle and at the end: it is said in time, nothing is half."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.store import s3
from tests.store.line import line
from tests.store.s3 import ObjectServer
from tests.store.shelves import LARGE, MONDAY, TUESDAY, Shelf, a_blob, in_bucket
from whistle.store.blobs import Blobs
from whistle.store.errors import StoreUnavailable

IN_TIME = 15  # seconds: ten that are promised, and a machine with other work


@pytest.fixture(scope="module")
def _server() -> Iterator[ObjectServer]:
    with s3.serving() as server:
        yield server


@pytest.fixture
def server(_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectServer]:
    """A server of this module's own, to be stopped and started."""
    _server.name_in(monkeypatch)
    yield _server
    _server.send(signal.SIGCONT)
    _server.start()


@pytest.fixture
def shelf(server: ObjectServer) -> Shelf:
    return in_bucket(server)


@pytest.fixture
def blobs(shelf: Shelf) -> Blobs:
    return shelf.blobs


@contextmanager
def said_in_time() -> Iterator[None]:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        yield
    assert time.monotonic() - began < IN_TIME


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["away", "hanging"])
def test_a_store_that_is_away_is_said_at_the_beginning(server: ObjectServer, blobs: Blobs, how: signal.Signals) -> None:
    id_, data = a_blob(blobs)
    server.send(how)
    with said_in_time():
        blobs.create(os.urandom(16), MONDAY)
    with said_in_time():
        blobs.read(id_, 0, 1)
    # When it is back, all goes on, without a restart of ours
    server.send(signal.SIGCONT)
    server.start()
    assert blobs.read(id_, 0, len(data)) == data
    a_blob(blobs)


@pytest.mark.parametrize("how", ["the line is cut", "the store hangs"])
@pytest.mark.parametrize("when", ["middle", "end of a large one", "end of a small one"])
def test_a_store_that_goes_away_during_an_upload_is_said_and_nothing_is_half(
    server: ObjectServer, monkeypatch: pytest.MonkeyPatch, how: str, when: str
) -> None:
    with line(server.base) as between:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", between.base)
        shelf = in_bucket(server)
        blobs = shelf.blobs
        # Given a file that a report names, and another on its way
        named, data = a_blob(blobs, size=LARGE)
        id_, size = os.urandom(16), 1000 if "small" in when else LARGE
        with said_in_time(), blobs.create(id_, MONDAY) as writer:
            writer.write(bytes(size))
            between.cut() if how == "the line is cut" else server.send(signal.SIGSTOP)
            if when == "middle":
                writer.write(bytes(LARGE))
            else:
                writer.commit()
        # When it is back, with a last request that may have been on the line
        between.mend() if how == "the line is cut" else server.send(signal.SIGCONT)
        deadline = time.monotonic() + (2 if how == "the store hangs" else 0)
        while id_ not in blobs.ids() and time.monotonic() < deadline:
            time.sleep(0.2)
        # Then what was named is there, and the other is whole if it is there
        assert blobs.read(named, 0, LARGE) == data
        if id_ in blobs.ids():
            assert when != "middle" and blobs.read(id_, 0, size) == bytes(size)
        # And at night what nothing names goes, parts too
        blobs.settle(TUESDAY, lambda ids: {named})
        assert shelf.lying() == [f"kept/{named.hex()[:2]}/{named.hex()}"]
        assert blobs.read(named, 0, LARGE) == data


def test_a_store_that_goes_away_while_files_settle_loses_none(
    server: ObjectServer, shelf: Shelf, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = dict(a_blob(blobs, size=LARGE) for _ in range(2))
    real = type(blobs)._begin

    def breaks(self: Blobs, name: str) -> object:
        monkeypatch.setattr(type(self), "_begin", real)
        writer = real(self, name)
        writer.write(bytes(LARGE))
        server.send(signal.SIGKILL)
        return writer

    monkeypatch.setattr(type(blobs), "_begin", breaks)
    with pytest.raises(StoreUnavailable):
        blobs.settle(TUESDAY, lambda ids: ids)
    server.start()
    assert {id_: blobs.read(id_, 0, LARGE) for id_ in blobs.ids()} == made
    blobs.settle(TUESDAY, lambda ids: ids)
    assert {id_: blobs.read(id_, 0, LARGE) for id_ in blobs.ids()} == made
    assert shelf.lying() == sorted(f"kept/{id_.hex()[:2]}/{id_.hex()}" for id_ in made)
