import threading
import time
from pathlib import Path

import pytest

from whistle.store.errors import StoreUnavailable
from whistle.store.turns import FairLock, Turnstile


def test_turns_come_in_the_order_of_asking() -> None:
    # Given a lock that is held and twenty who ask one after the other
    lock, order = FairLock(), []
    lock.acquire(1)

    def ask(number: int) -> None:
        lock.acquire(10)
        order.append(number)
        lock.release()

    threads = []
    for number in range(20):
        thread = threading.Thread(target=ask, args=(number,))
        thread.start()
        threads.append(thread)
        while len(lock._waiting) <= number:
            time.sleep(0.001)
    # When it is released, then they come as they asked
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_who_gave_up_takes_no_turn() -> None:
    lock = FairLock()
    lock.acquire(1)
    with pytest.raises(StoreUnavailable):
        lock.acquire(0.01)
    lock.release()
    lock.acquire(0)  # free again
    with pytest.raises(StoreUnavailable):
        lock.acquire(0)


def test_never_two_hold_the_lock() -> None:
    lock, inside, most = FairLock(), [0], [0]

    def work() -> None:
        for _ in range(200):
            try:
                lock.acquire(0.0005)
            except StoreUnavailable:
                continue
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            inside[0] -= 1
            lock.release()

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    lock.acquire(0)  # and no turn was lost on the way


def test_a_turnstile_lets_one_through_and_tells_the_other(tmp_path: Path) -> None:
    one, two = Turnstile(f"{tmp_path}/turn"), Turnstile(f"{tmp_path}/turn")
    with one.passing(time.monotonic() + 1):
        with pytest.raises(StoreUnavailable), two.passing(time.monotonic() + 0.02):
            pass
    with two.passing(time.monotonic() + 1):
        pass
