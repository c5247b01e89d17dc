import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, exc, text

from tests.store.making import a_case, an_entry, insert_case, take_in
from whistle.store import cases
from whistle.store.database import Store, StoreUnavailable, make_engine, migrate
from whistle.store.engine import POOL_SIZE
from whistle.store.sqlite import BUSY_MILLISECONDS, PRAGMAS


@pytest.mark.usefixtures("file")
def test_every_connection_of_a_full_pool_has_every_setting(engine: Engine) -> None:
    # Given as many connections as the pool holds, at once
    connections = [engine.connect() for _ in range(POOL_SIZE)]
    # When their settings are read back, then each has them all
    for connection in connections:
        for name, (_, expected) in PRAGMAS.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == expected, name
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_MILLISECONDS
    for connection in connections:
        connection.close()


@pytest.mark.usefixtures("file")
def test_a_connection_keeps_its_settings_after_it_wrote_and_read(engine: Engine, store: Store) -> None:
    with store.write() as tx:
        take_in(tx, a_case())
    with store.read() as tx:
        for name, (_, expected) in PRAGMAS.items():
            assert tx.exec_driver_sql(f"PRAGMA {name}").scalar() == expected, name
        assert tx.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_MILLISECONDS


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    os.umask(previous := os.umask(0))  # whatever the umask is
    os.umask(0)
    try:
        engine = make_engine(f"sqlite:///{tmp_path}/new.sqlite3")
        migrate(engine)
        with Store(engine).write() as tx:
            insert_case(tx, a_case())
            for path in tmp_path.iterdir():
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
        engine.dispose()
    finally:
        os.umask(previous)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql+pymysql://localhost/x"])
def test_an_address_that_keeps_nothing_or_is_unknown_is_refused(url: str) -> None:
    with pytest.raises((ValueError, exc.NoSuchModuleError)):
        make_engine(url)


def test_what_raised_inside_a_write_never_happened(store: Store) -> None:
    case = a_case()
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        take_in(tx, case)
        raise ZeroDivisionError
    with store.read() as tx:
        assert cases.get_case(tx, case.id) is None
        assert cases.entries(tx, case.id) == []


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises((sqlite3.Error, psycopg.Error), match="read-?only"), store.read() as tx:
        insert_case(tx, a_case())
    # and the connection writes again when it is a writer's
    with store.write() as tx:
        insert_case(tx, a_case())


def test_a_reader_does_not_see_what_is_committed_after_it_began(store: Store) -> None:
    # Given a reader that has looked once
    with store.write() as tx:
        first = take_in(tx, a_case())
    with store.read() as reader:
        assert cases.all_case_ids(reader) == [first.id]
        # When others commit
        with store.write() as tx:
            second = take_in(tx, a_case())
            cases.insert_entry(tx, an_entry(first.id, place=1))
        # Then it still sees what it saw
        assert cases.all_case_ids(reader) == [first.id]
        assert len(cases.entries(reader, first.id)) == 1
        assert cases.get_case(reader, second.id) is None
    with store.read() as reader:
        assert cases.all_case_ids(reader) == sorted([first.id, second.id])


@pytest.mark.usefixtures("file")
def test_a_writer_that_waits_too_long_is_told_and_stored_nothing(engine: Engine) -> None:
    patient, hasty = Store(engine), Store(engine, patience=0.05)
    with patient.write() as tx:
        take_in(tx, a_case())
        result: list[BaseException] = []

        def other() -> None:
            try:
                with hasty.write() as mine:
                    take_in(mine, a_case())
            except StoreUnavailable as error:
                result.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert len(result) == 1
    with patient.write() as tx:  # the turn was not lost
        assert len(cases.all_case_ids(tx)) == 1


def test_a_database_that_another_program_locks_is_unavailable_and_then_available(file: Path, engine: Engine) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable), Store(engine, patience=0.1).write() as tx:
        take_in(tx, a_case())
    other.execute("ROLLBACK")
    other.close()
    with Store(engine).write() as tx:
        take_in(tx, a_case())


@pytest.mark.usefixtures("file")
def test_a_full_disk_is_said_and_leaves_nothing_half_written(engine: Engine, store: Store) -> None:
    # Given a database that may not grow
    with store.write() as tx:
        kept = take_in(tx, a_case())
    engine.dispose()
    from sqlalchemy import event

    pages: list[int] = []

    @event.listens_for(engine, "connect")
    def small(connection: sqlite3.Connection, record: object) -> None:
        pages[:] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    # When a report comes in, then it is refused as unavailable
    lost = a_case()
    with pytest.raises(StoreUnavailable, match="full"), store.write() as tx:
        take_in(tx, lost)
    # and nothing of it is there, while the store still works
    with store.read() as tx:
        assert cases.all_case_ids(tx) == [kept.id]
        assert cases.leaves(tx)[0].day == kept.day
        assert len(cases.leaves(tx)) == 1
    event.remove(engine, "connect", small)
    engine.dispose()
    with store.write() as tx:
        take_in(tx, lost)


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/nowhere/peluit.sqlite3")
    with pytest.raises(StoreUnavailable), Store(engine).read() as tx:
        tx.execute(text("SELECT 1"))
    with pytest.raises(StoreUnavailable), Store(engine).write() as tx:
        tx.execute(text("SELECT 1"))


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "peluit.sqlite3").write_bytes(b"This is a letter, and no database. " * 200)
    engine = make_engine(f"sqlite:///{tmp_path}/peluit.sqlite3")
    with pytest.raises(StoreUnavailable), Store(engine).read() as tx:
        tx.execute(text("SELECT 1"))


def test_a_pool_that_is_used_up_is_unavailable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whistle.store.engine.PATIENCE", 0.05)
    engine = make_engine(f"sqlite:///{file}", pool_size=1)
    store = Store(engine)
    with store.read() as tx, pytest.raises(StoreUnavailable, match="connection"), store.read():
        tx.execute(text("SELECT 1"))
    engine.dispose()


def test_the_web_frameworks_engine_is_the_stores(file: Path) -> None:
    from flask import Flask

    from whistle.store.database import db

    app = Flask("any")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{file}"
    db.init_app(app)
    with app.app_context():
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == PRAGMAS["synchronous"][1]
        db.engine.dispose()


FORK = """
import os, sys
from tests.store.making import a_case, take_in
from whistle.store import cases
from whistle.store.database import Store, make_engine

engine = make_engine(sys.argv[1])
store = Store(engine)
with store.write() as tx:
    take_in(tx, a_case())
with store.read() as reader:                     # busy while we fork
    cases.all_case_ids(reader)
    child = os.fork()
    if child == 0:
        assert not engine.pool.checkedin()
        for _ in range(20):
            with store.write() as tx:
                take_in(tx, a_case())
        os._exit(0)
    for _ in range(20):
        with store.write() as tx:
            take_in(tx, a_case())
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert len(cases.all_case_ids(reader)) == 1  # our snapshot outlived the child
with store.read() as tx:
    assert len(cases.all_case_ids(tx)) == 41
    assert tx.dialect.name != "sqlite" or tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
"""


def test_no_connection_crosses_a_fork(database: str) -> None:
    done = subprocess.run([sys.executable, "-c", FORK, database], timeout=120, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


GEVENT = """
import sys
if sys.argv[2] == "loaded before":
    import whistle.store.database                # as a server does that loads the program before it forks
from gevent import monkey
monkey.patch_all()
import gevent
from tests.store.making import a_case, take_in
from whistle.store import cases
from whistle.store.database import Store, make_engine

store = Store(make_engine(sys.argv[1]), patience=90)
numbers = []

def write():
    with store.write() as tx:
        number = cases.next_number(tx, "register")
        gevent.sleep(0.001)                      # others run in the middle of our turn
        take_in(tx, a_case())
    numbers.append(number)

jobs = [gevent.spawn(write) for _ in range(60)]
gevent.sleep(0.01)
jobs[30].kill()                                  # a client that went away while it waited
gevent.joinall(jobs, timeout=90, raise_error=True)
assert sorted(numbers) == list(range(1, len(numbers) + 1)) and len(numbers) >= 59, numbers
assert "sqlite" not in sys.argv[1] or numbers == sorted(numbers)  # first come, first served
"""


@pytest.mark.parametrize("order", ["loaded before", "loaded after"])
def test_writers_take_turns_under_gevent(database: str, order: str) -> None:
    arguments = [sys.executable, "-c", GEVENT, database, order]
    done = subprocess.run(arguments, timeout=120, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_read_waits_for_no_writer(store: Store) -> None:
    with store.write() as tx:
        take_in(tx, a_case())
        began = time.monotonic()
        with store.read() as reader:
            assert cases.all_case_ids(reader) == []
        assert time.monotonic() - began < 1
