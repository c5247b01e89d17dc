"""Many clients at once, in a few processes of their own: what each waited for, what failed, and the CPU they took."""

import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.line import own_cpu, p95

PROCESSES = 4  # at most; more would only take CPU from the server under test
STARTING = 30.0  # seconds within which all clients stand ready

Once = Callable[[], object]
"""One thing that a client does, over and over: from its first request to the last byte of its last answer."""
Client = Callable[..., Once]
"""Makes a client, from its number and whatever was handed to `Load`: a function that a new process can import."""


@dataclass
class Load:
    """What ``clients`` met in so many seconds. Times in seconds; ``cpu`` is all the seconds of CPU of the clients."""

    clients: int
    seconds: float
    took: list[float] = field(default_factory=list)
    failed: int = 0
    cpu: float = 0.0
    why: str = ""

    @property
    def rate(self) -> float:
        """How many succeeded a second."""
        return len(self.took) / self.seconds

    @property
    def p95(self) -> float:
        """The 95th percentile of what succeeded, in milliseconds."""
        return 1000 * p95(self.took) if len(self.took) > 1 else float("nan")

    @property
    def share(self) -> float:
        """The clients' part of two cores, in percent."""
        return 100 * self.cpu / self.seconds / 2


def run(client: Client, clients: int, seconds: float, *args: Any) -> Load:
    """Let ``clients`` work side by side for ``seconds``, each made by ``client(number, *args)``."""
    context = multiprocessing.get_context("spawn")
    processes = min(PROCESSES, clients)
    ready, out = context.Barrier(processes), context.Queue()
    numbers = [list(range(clients))[at::processes] for at in range(processes)]
    people = [context.Process(target=_work, args=(client, mine, seconds, args, ready, out)) for mine in numbers]
    for person in people:
        person.start()
    total = Load(clients, seconds)
    for part in [out.get(timeout=STARTING + 10 * seconds + 60) for _ in people]:
        total.took += part.took
        total.failed += part.failed
        total.cpu += part.cpu
        total.seconds = max(total.seconds, part.seconds)
        total.why = total.why or part.why
    for person in people:
        person.join()
    return total


def _work(client: Client, numbers: list[int], seconds: float, args: tuple[Any, ...], ready: Any, out: Any) -> None:
    mine = Load(len(numbers), seconds)
    made = [client(number, *args) for number in numbers]
    ready.wait(STARTING)
    before, began = own_cpu(), time.monotonic()
    threads = [threading.Thread(target=_repeat, args=(once, began + seconds, mine)) for once in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mine.seconds, mine.cpu = time.monotonic() - began, own_cpu() - before
    out.put(mine)


def _repeat(once: Once, until: float, mine: Load) -> None:
    """What began before ``until`` is waited for, and counts."""
    while (began := time.monotonic()) < until:
        try:
            once()
        except Exception as error:
            mine.failed += 1
            mine.why = f"{type(error).__name__}: {error}"[:200]
            time.sleep(0.05)  # a server that refuses at once is not to be asked ten thousand times
        else:
            mine.took.append(time.monotonic() - began)
