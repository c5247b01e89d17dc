"""Several writers, one commit."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.store.making import a_case, take_in
from whistle.store import batch, cases
from whistle.store.database import Duplicate, Store, StoreUnavailable, compact
from whistle.store.rows import CaseRow

pytestmark = pytest.mark.usefixtures("file")  # PostgreSQL shares commits by itself


class Queue:
    """Writers who wait one behind the other until the first, which holds the turn, is let go."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ended: dict[str, BaseException | None] = {}
        self.threads: list[threading.Thread] = []
        self.go = threading.Event()

    def add(self, name: str, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
                self.ended[name] = None
            except BaseException as error:
                self.ended[name] = error

        thread = threading.Thread(target=run)
        self.threads.append(thread)
        thread.start()
        time.sleep(0.05)  # so that they ask in this order

    def hold(self, case: CaseRow) -> None:
        def work() -> None:
            with self.store.write() as tx:
                take_in(tx, case)
                self.go.wait(10)

        self.add("first", work)

    def write(self, name: str, case: CaseRow, then: Callable[[], None] = lambda: None) -> None:
        def work() -> None:
            with self.store.write() as tx:
                take_in(tx, case)
                then()

        self.add(name, work)

    def release(self) -> None:
        self.go.set()
        for thread in self.threads:
            thread.join(20)


@pytest.fixture
def queue(store: Store, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.setattr(batch, "LONGEST", 60.0)
    return Queue(store)


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many had been told of success at each commit that reached the disk."""
    made: list[int] = []
    natively = batch.natively

    def counted(work: Callable[[], object]) -> None:
        made.append(0)
        natively(work)

    monkeypatch.setattr(batch, "natively", counted)
    return made


def stored(store: Store) -> list[bytes]:
    with store.read() as tx:
        return cases.all_case_ids(tx)


def test_those_who_wait_share_a_commit_and_none_is_told_before_it(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given ten who wait behind one
    made = [a_case() for _ in range(11)]
    told: list[int] = []
    natively = batch.natively

    def watched(work: Callable[[], object]) -> None:
        time.sleep(0.1)
        told.append(len(queue.ended))
        natively(work)

    monkeypatch.setattr(batch, "natively", watched)
    queue.hold(made[0])
    for number, case in enumerate(made[1:]):
        queue.write(f"{number}", case)
    # When the first is done
    queue.release()
    # Then there was one commit, and nobody had been told anything before it
    assert told == [0]
    assert list(queue.ended.values()) == [None] * 11
    assert stored(store) == sorted(case.id for case in made)


def test_what_one_undoes_is_only_its_own(store: Store, queue: Queue, commits: list[int]) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    made = [a_case() for _ in range(4)]
    queue.hold(made[0])
    queue.write("fails", made[1], fail)
    queue.write("after", made[2])
    queue.write("fails at the end", made[3], fail)
    queue.release()
    assert isinstance(queue.ended["fails"], ZeroDivisionError)
    assert isinstance(queue.ended["fails at the end"], ZeroDivisionError)
    assert queue.ended["first"] is queue.ended["after"] is None
    assert stored(store) == sorted([made[0].id, made[2].id])
    assert len(commits) == 1


def test_who_is_refused_for_what_another_wrote_can_read_it(store: Store, queue: Queue) -> None:
    case, found = a_case(), []

    def again() -> None:
        with pytest.raises(Duplicate), store.write() as tx:
            take_in(tx, case)
        found.extend(stored(store))

    queue.hold(case)
    queue.add("again", again)
    queue.write("slow", a_case(), lambda: time.sleep(0.3))
    queue.release()
    assert queue.ended == {"first": None, "again": None, "slow": None}
    assert case.id in found


def test_when_the_commit_fails_nobody_is_told_that_it_did_not(
    store: Store, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(work: Callable[[], object]) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(batch, "natively", fail)
        queue.hold(a_case())
        for number in range(3):
            queue.write(f"{number}", a_case())
        queue.release()
    assert [type(error) for error in queue.ended.values()] == [StoreUnavailable] * 4
    assert stored(store) == []
    with store.write() as tx:  # and the next one writes
        take_in(tx, a_case())
    assert len(stored(store)) == 1


def test_when_sqlite_undoes_everything_all_are_told(store: Store, queue: Queue) -> None:
    """A full disk or memory may make SQLite roll back the whole transaction by itself."""

    made = a_case()

    def lose() -> None:
        with store.write() as tx:
            take_in(tx, made)
            tx.connection.dbapi_connection.rollback()  # type: ignore[union-attr]
            raise sqlite3.OperationalError("database or disk is full")

    queue.hold(a_case())
    queue.add("loses all", lose)
    queue.write("after", after := a_case())
    queue.release()
    assert isinstance(queue.ended["first"], StoreUnavailable)
    assert queue.ended["loses all"] is not None
    assert queue.ended["after"] is None
    assert stored(store) == [after.id]


def test_a_transaction_takes_in_no_more_than_its_number(
    store: Store, queue: Queue, commits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST", 4)
    queue.hold(a_case())
    for number in range(9):
        queue.write(f"{number}", a_case())
    queue.release()
    assert len(stored(store)) == 10
    assert len(commits) == 3


def test_an_old_transaction_waits_for_nobody(
    store: Store, queue: Queue, commits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LONGEST", 0.0)
    queue.hold(a_case())
    for number in range(4):
        queue.write(f"{number}", a_case())
    queue.release()
    assert len(stored(store)) == len(commits) == 5


def test_who_needs_the_turn_alone_finishes_what_is_open(store: Store, engine: Engine, queue: Queue) -> None:
    queue.hold(case := a_case())
    queue.add("compacts", lambda: compact(engine))
    queue.write("after", after := a_case())
    queue.release()
    assert list(queue.ended.values()) == [None] * 3
    assert stored(store) == sorted([case.id, after.id])


def test_who_gives_up_leaves_the_others_their_commit(store: Store, engine: Engine, queue: Queue) -> None:
    hasty = Store(engine, patience=0.2)

    def give_up() -> None:
        with hasty.write() as tx:
            take_in(tx, a_case())

    queue.hold(case := a_case())
    queue.add("gives up", give_up)
    time.sleep(0.3)
    queue.release()
    assert isinstance(queue.ended["gives up"], StoreUnavailable)
    assert queue.ended["first"] is None
    assert stored(store) == [case.id]


KILLED = """
import sys
from gevent import monkey
monkey.patch_all()
import gevent, time
from tests.store.making import a_case, take_in
from whistle.store import batch, cases
from whistle.store.database import Store, make_engine

sleep = monkey.get_original("time", "sleep")
natively = batch.natively
batch.natively = lambda work: natively(lambda: (sleep(0.2), work()))  # a slow disk
store, ended = Store(make_engine(sys.argv[1]), patience=60), []

def write():
    with store.write() as tx:
        case = take_in(tx, a_case())
    ended.append(case.id)

one = gevent.spawn(write)
gevent.sleep(0.05)                        # its commit is on its way, on a native thread
ticks = 0
others = [gevent.spawn(write) for _ in range(5)]
one.kill(block=False)
while not ended:
    gevent.sleep(0.01)
    ticks += 1
assert one.dead                           # who is killed does not wait for the disk
assert ticks > 5, ticks                   # others went on while the disk was waited for
gevent.joinall(others, raise_error=True, timeout=60)
with store.read() as tx:
    ids = cases.all_case_ids(tx)
    assert set(ended) <= set(ids) and len(ids) == 6 and len(ended) == 5, (len(ids), len(ended))
"""


def test_under_gevent_others_go_on_during_a_commit_which_a_killed_writer_does_not_break(file: Path) -> None:
    arguments = [sys.executable, "-c", KILLED, f"sqlite:///{file}"]
    done = subprocess.run(arguments, timeout=120, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
