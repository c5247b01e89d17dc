"""A PostgreSQL server that is not there, ends, stops answering or is killed."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tests import databases
from tests.store.making import a_case, take_in
from whistle.store import cases, postgresql
from whistle.store.database import Store, StoreUnavailable, make_engine

here = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@here
def test_a_connection_that_the_server_ended_is_replaced(store: Store, administrator: psycopg.Connection) -> None:
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    # Given a writer whose connection ends in the middle
    with pytest.raises(StoreUnavailable), store.write() as tx:
        take_in(tx, a_case())
        administrator.execute(end)
        take_in(tx, a_case())
    # And one that ended while it lay idle
    administrator.execute(end)
    # Then the next is served, and nothing is half there
    with store.write() as tx:
        case = take_in(tx, a_case())
    with store.read() as tx:
        assert cases.all_case_ids(tx) == [case.id]


def unreachable(folder: Path) -> str:
    return databases.url(folder, "peluit")


def nobody_listens(folder: Path) -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"postgresql+psycopg://peluit@127.0.0.1:{probe.getsockname()[1]}/peluit"


@pytest.mark.parametrize("address", [unreachable, nobody_listens])
def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path, address: Callable[[Path], str]) -> None:
    engine = make_engine(address(tmp_path))
    with pytest.raises(StoreUnavailable), Store(engine).read() as tx:
        tx.execute(text("SELECT 1"))
    with pytest.raises(StoreUnavailable), Store(engine).write() as tx:
        tx.execute(text("SELECT 1"))


def test_a_server_that_accepts_and_says_nothing_is_unavailable_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgresql.CONNECT, "connect_timeout", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = make_engine(f"postgresql+psycopg://peluit@127.0.0.1:{silent.getsockname()[1]}/peluit")
        began = time.monotonic()
        with pytest.raises(StoreUnavailable), Store(engine).read() as tx:
            tx.execute(text("SELECT 1"))
        assert time.monotonic() - began < 10


def test_a_server_that_stops_answering_is_given_up_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "STATEMENT", 0.2)
    monkeypatch.setattr(postgresql, "GRACE", 0.3)
    with databases.cluster(**databases.HASTY) as server:
        store = Store(make_engine(databases.make(server, "peluit")))
        with store.write() as tx:
            kept = take_in(tx, a_case())
        # Given a connection whose server's process is stopped in the middle of a transaction
        with server.connect("peluit") as other:
            mine = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'idle in transaction'"
            began = time.monotonic()
            with pytest.raises(StoreUnavailable, match="does not answer"), store.write() as tx:
                take_in(tx, a_case())
                row = other.execute(mine).fetchone()
                assert row is not None
                os.kill(row[0], signal.SIGSTOP)
                cases.all_case_ids(tx)
            assert time.monotonic() - began < 10
            os.kill(row[0], signal.SIGCONT)
        # Then the next one is served, and what was undone is not there
        with store.read() as tx:
            assert cases.all_case_ids(tx) == [kept.id]
        store.engine.dispose()


def test_what_was_acknowledged_outlives_a_server_that_is_killed() -> None:
    # Given a server that by default does not wait for the disk when it commits
    with databases.cluster(synchronous_commit="off", wal_writer_delay="10s") as server:
        url = databases.make(server, "peluit")
        store = Store(make_engine(url))
        said = []
        for _ in range(20):
            with store.write() as tx:
                said.append(take_in(tx, a_case()).id)
        assert server.process is not None
        # When all of it is killed in the same moment
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        for pid in (server.process.pid, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        server.process.wait()
        # Then whoever asks meanwhile is told
        with pytest.raises(StoreUnavailable), store.read() as tx:
            cases.all_case_ids(tx)
        # And after a new start everything is there that was said to be
        (server.data / "postmaster.pid").unlink(missing_ok=True)
        server.start()
        with store.read() as tx:
            assert sorted(cases.all_case_ids(tx)) == sorted(said)
        store.engine.dispose()
