"""The key that carries a visit: an hour in memory, shared by workers, forgotten by a restart."""

import os

import pytest

from whistle.crypto.suite import Refused
from whistle.web.channel.hour_key import TURN, HourKeys

NOW = 1_800_000_000.0
ROOT = bytes(range(32))


def test_what_was_sealed_opens_for_at_least_half_an_hour() -> None:
    keys = HourKeys()
    for start in (NOW, NOW + TURN - 1):
        token = keys.seal(ROOT, start)
        assert keys.open(token, start + TURN) == ROOT


def test_after_an_hour_it_opens_no_more() -> None:
    keys = HourKeys()
    token = keys.seal(ROOT, NOW)
    with pytest.raises(Refused):
        keys.open(token, NOW + 2 * TURN)


def test_the_key_itself_is_gone_from_memory_when_its_hour_is_over() -> None:
    keys = HourKeys()
    keys.seal(ROOT, NOW)
    old = next(keys._slots()).key
    assert old in keys._memory[:]
    keys.forget_old(NOW + TURN)
    assert old in keys._memory[:]
    keys.forget_old(NOW + 2 * TURN)
    assert old not in keys._memory[:]


def test_a_new_key_overwrites_the_one_of_an_hour_ago_by_itself() -> None:
    keys = HourKeys()
    keys.seal(ROOT, NOW)
    old = next(keys._slots()).key
    keys.seal(ROOT, NOW + 5 * TURN)
    assert old not in keys._memory[:]


def test_a_restart_forgets() -> None:
    token = HourKeys().seal(ROOT, NOW)
    with pytest.raises(Refused):
        HourKeys().open(token, NOW)


@pytest.mark.parametrize("token", ["", "x", "A" * 100, "é", "=" * 90])
def test_garbage_is_refused(token: str) -> None:
    with pytest.raises(Refused):
        HourKeys().open(token, NOW)


def test_a_write_that_was_cut_off_is_noticed_and_repaired() -> None:
    keys = HourKeys()
    first = keys.seal(ROOT, NOW)
    keys._memory[8:20] = b"\xff" * 12
    keys._memory[64:80] = b"\xff" * 16
    with pytest.raises(Refused):
        keys.open(first, NOW)
    assert keys.open(keys.seal(ROOT, NOW), NOW) == ROOT


def test_workers_forked_from_one_server_share_the_key() -> None:
    keys = HourKeys()
    token, writer = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.write(writer, keys.seal(ROOT, NOW).encode())
        os._exit(0)
    os.waitpid(worker, 0)
    assert keys.open(os.read(token, 500).decode(), NOW) == ROOT
    os.close(token)
    os.close(writer)


def test_many_workers_agree_on_one_key_at_the_turn_of_the_hour() -> None:
    keys = HourKeys()
    ends = []
    for _ in range(8):
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.write(writer, keys.seal(ROOT, NOW).encode() + b"\n")
            os._exit(0)
        os.close(writer)
        ends.append(reader)
    tokens = [os.read(end, 500).decode().strip() for end in ends]
    for end in ends:
        os.close(end)
        os.wait()
    assert [keys.open(token, NOW) for token in tokens] == [ROOT] * 8


def test_keys_of_a_clock_that_ran_ahead_are_overwritten_when_it_is_set_back() -> None:
    keys, day = HourKeys(), 86_400
    tomorrow = keys.seal(b"root", NOW + day)
    keys.forget_old(NOW)
    with pytest.raises(Refused):
        keys.open(tomorrow, NOW + day)
