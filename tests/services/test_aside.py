"""Long work lets a worker's other requests in."""

import subprocess
import sys

BESIDE = """
from gevent import monkey
monkey.patch_all()
import gevent, time
from whistle.services.aside import give_way

let_in = []

def other():
    while True:
        gevent.sleep(0.001)
        let_in.append(time.monotonic())

gevent.spawn(other)
gevent.sleep(0.01)
let_in.clear()
for _ in range(40):
    until = time.monotonic() + 0.005
    while time.monotonic() < until:
        pass
    give_way()
print(len(let_in))
"""


def test_who_waits_for_a_time_is_let_in_between_two_steps_of_long_work() -> None:
    done = subprocess.run([sys.executable, "-c", BESIDE], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 20
