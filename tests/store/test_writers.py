"""Many writers at once, in one process and in several, and writers that are killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import Engine, text

from tests.store.making import a_case, an_audit_row, an_entry, take_in
from whistle.store import audit, cases
from whistle.store.database import Store, make_engine


def check_whole(store: Store) -> list[bytes]:
    """Every case is there with all of its parts; returns their ids."""
    with store.read() as tx:
        ids = cases.all_case_ids(tx)
        for id_ in ids:
            assert cases.get_summary(tx, id_) is not None
            assert cases.get_identity(tx, id_) is not None
            assert cases.grants(tx, id_) and cases.epochs(tx, id_)
            places = [(entry.chain, entry.place) for entry in cases.entries(tx, id_)]
            chains = Counter(chain for chain, _ in places)
            assert places == [(chain, place) for chain in sorted(chains) for place in range(chains[chain])]
        assert sum(cases.count_leaves(tx).values()) == len(ids)
        if tx.dialect.name == "sqlite":
            assert tx.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert tx.execute(text("PRAGMA foreign_key_check")).first() is None
    return ids


def test_thirty_two_writers_at_once_lose_nothing_and_share_no_number_or_place(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whistle.store.engine.PATIENCE", 90.0)  # for a connection, of which there are sixteen
    store = Store(make_engine(database), patience=90)
    # Given one case that everybody adds to
    with store.write() as tx:
        shared = take_in(tx, a_case())
    made: list[bytes] = []
    numbers: list[int] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                with store.write() as tx:
                    cases.lock_case(tx, shared.id)
                    tip = cases.tip(tx, shared.id, 1)
                    assert tip is not None
                    cases.insert_entry(tx, an_entry(shared.id, place=tip.place + 1))
                    case = take_in(tx, a_case())
                    number = cases.next_number(tx, "2026")
                    seq, digest = audit.head(tx)
                    audit.append(tx, an_audit_row(seq + 1, digest))
                made.append(case.id)
                numbers.append(number)
        except BaseException as error:
            failed.append(error)

    # When 32 threads do so ten times each
    threads = [threading.Thread(target=work) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Then all of it is there, once
    assert not failed
    assert sorted(check_whole(store)) == sorted([shared.id, *made])
    assert sorted(numbers) == list(range(1, 321))
    with store.read() as tx:
        assert [entry.place for entry in cases.entries(tx, shared.id)] == list(range(321))
        rows = audit.following(tx, 0, 1000)
        assert [row.seq for row in rows] == list(range(1, 321))
        assert all(row.prev == before.hash for before, row in zip(rows, rows[1:], strict=False))


PROCESS = """
import os, sys, threading, time
from tests.store.making import a_case, an_entry, take_in
from whistle.store import cases
from whistle.store.database import Store, make_engine

store, shared, waits = Store(make_engine(sys.argv[1]), patience=90), bytes.fromhex(sys.argv[2]), []

def work():
    for _ in range(20):
        began = time.monotonic()
        with store.write() as tx:
            cases.lock_case(tx, shared)
            tip = cases.tip(tx, shared, 1)
            cases.insert_entry(tx, an_entry(shared, place=tip.place + 1))
            case = take_in(tx, a_case())
            number = cases.next_number(tx, "2026")
        waits.append(time.monotonic() - began)
        os.write(1, f"{case.id.hex()} {number}\\n".encode())

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("longest", max(waits), file=sys.stderr)
"""


def test_two_processes_at_once_lose_nothing_and_share_no_number_or_place(database: str, store: Store) -> None:
    with store.write() as tx:
        shared = take_in(tx, a_case())
    arguments = [sys.executable, "-c", PROCESS, database, shared.id.hex()]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(arguments, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    lines = [line.split() for out, _ in said for line in out.splitlines()]
    assert sorted(int(number) for _, number in lines) == list(range(1, 321))
    assert sorted(check_whole(store)) == sorted([shared.id, *(bytes.fromhex(id_) for id_, _ in lines)])
    with store.read() as tx:
        assert [entry.place for entry in cases.entries(tx, shared.id)] == list(range(321))


HALF = """
import sys, time
from tests.store.making import a_case, take_in
from whistle.store.database import Store, make_engine

with Store(make_engine(sys.argv[1])).write() as tx:
    for _ in range(500):                     # more than the page cache holds: some of it is in the WAL already
        take_in(tx, a_case())
    print("in the middle", flush=True)
    time.sleep(60)
"""


def test_a_writer_killed_in_the_middle_leaves_nothing(database: str, store: Store, engine: Engine) -> None:
    with store.write() as tx:
        before = take_in(tx, a_case())
    # Given a process that has written much and committed nothing
    process = subprocess.Popen([sys.executable, "-c", HALF, database], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"in the middle\n"
    # When it is killed
    process.kill()
    process.wait()
    process.stdout.close()
    # Then the next writer has its turn at once, and nothing of it is there
    with store.write() as tx:
        after = take_in(tx, a_case())
    assert check_whole(store) == sorted([before.id, after.id])
    engine.dispose()


STEADY = """
import os, sys, threading
from tests.store.making import a_case, take_in
from whistle.store.database import Store, make_engine

store = Store(make_engine(sys.argv[1]))

def work():
    while True:
        with store.write() as tx:
            case = take_in(tx, a_case())
        os.write(1, f"{case.id.hex()}\\n".encode())

for _ in range(8):                           # so that commits are shared
    threading.Thread(target=work).start()
"""


def test_what_was_acknowledged_before_a_kill_is_there_and_whole(database: str) -> None:
    said: list[bytes] = []
    chance = random.Random(20261105)
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", STEADY, database], stdout=subprocess.PIPE)
        assert process.stdout is not None
        said.append(bytes.fromhex(process.stdout.readline().decode()))
        time.sleep(chance.random() / 5)
        os.kill(process.pid, signal.SIGKILL)
        lines = process.stdout.read().split(b"\n")
        process.wait()
        process.stdout.close()
        said += [bytes.fromhex(line.decode()) for line in lines if len(line) == 32]
    engine = make_engine(database)
    ids = set(check_whole(Store(engine)))
    assert set(said) <= ids
    assert len(ids) <= len(said) + 4 * 8  # what was stored and not yet said when each was killed
    engine.dispose()
