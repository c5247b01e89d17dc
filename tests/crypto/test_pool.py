"""The threads of the slow derivations: few, native, also when gevent has patched everything."""

import os
import subprocess
import sys
import threading
import time

import pytest

from whistle.crypto import pool

UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import threading, time, gevent
from gevent.hub import get_hub
from whistle.crypto import pool
from whistle.crypto.vault import KdfParams, create_vault, open_vault

sleep = monkey.get_original("time", "sleep")
lock = monkey.get_original("threading", "Lock")()
running = most = 0

def slow(number):
    global running, most
    with lock:
        running += 1
        most = max(most, running)
    sleep(0.05)
    with lock:
        running -= 1
    return number

ticks = 0
def tick():
    global ticks
    while True:
        gevent.sleep(0.005)
        ticks += 1

ticker = gevent.spawn(tick)
jobs = [gevent.spawn(pool.RECEIPTS.run, slow, number) for number in range(8)]
gevent.joinall(jobs, timeout=20)
assert [job.value for job in jobs] == list(range(8)), [job.value for job in jobs]
assert most == 2, most
assert ticks >= 10, ticks  # the other greenlets went on

def fails():
    raise ValueError("inside")

try:
    pool.VAULTS.run(fails)
except ValueError as error:
    assert str(error) == "inside"
else:
    raise AssertionError("the error was lost")

record, key = create_vault("sandi", KdfParams(memory_kib=8, iterations=1, lanes=1))
assert open_vault(record, "sandi") == key
print("ok")
"""

AFTER_A_FORK = """
import os
from whistle.crypto import pool
assert pool.VAULTS.run(lambda: 1) == pool.RECEIPTS.run(lambda: 1) == 1
child = os.fork()
if child == 0:
    os._exit(0 if pool.VAULTS.run(lambda: 2) == pool.RECEIPTS.run(lambda: 2) == 2 else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print("ok")
"""


@pytest.mark.parametrize(("which", "threads"), [(pool.RECEIPTS, 2), (pool.VAULTS, 1)], ids=["receipts", "vaults"])
def test_no_more_than_a_few_run_at_a_time(which: pool.Pool, threads: int) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def slow(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return number

    results: list[int] = []
    callers = [threading.Thread(target=lambda n=n: results.append(which.run(slow, n))) for n in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(results) == list(range(8))
    assert most == which.threads == threads


def test_a_receipt_does_not_wait_for_sign_ins() -> None:
    go_on = threading.Event()
    flood = [threading.Thread(target=lambda: pool.VAULTS.run(go_on.wait, 20)) for _ in range(8)]
    for one in flood:
        one.start()
    try:
        assert pool.RECEIPTS.run(lambda: not go_on.is_set())
    finally:
        go_on.set()
        for one in flood:
            one.join()


def test_sign_ins_leave_the_processor_to_others() -> None:
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = nice()
    assert pool.VAULTS.run(nice) == max(before, pool.LESS_URGENT)
    assert pool.RECEIPTS.run(nice) == nice() == before


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        pool.VAULTS.run(lambda: 1 // 0)


@pytest.mark.parametrize("script", [UNDER_GEVENT, AFTER_A_FORK], ids=["under gevent", "after a fork"])
def test_it_works_in_another_process(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout == "ok\n", done.stderr


def test_a_pools_thread_waits_for_no_pool() -> None:
    one, other = pool.Pool("one", 1), pool.Pool("other", 1)
    with pytest.raises(RuntimeError, match="may not wait"):
        one.run(lambda: other.run(int))
    assert one.run(int) == other.run(int) == 0
