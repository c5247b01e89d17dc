"""Strangers beside connections that stall in mid-request: slow header, slow body, answer half read."""

import statistics
import threading
from pathlib import Path

from bench import load, phones
from bench.line import line
from bench.servers import on_sqlite
from tests.stalling import Stalled, stalled

ROUNDS = 3
STRANGERS = 4
SECONDS = 4.0
MANY = (0, 40, 400)


def run(folder: Path) -> None:
    """Read the channel's pages beside 0, 40 and 400 stalled connections in turn, which go on by a byte a second."""
    with on_sqlite(folder) as served:
        found: dict[int, list[load.Load]] = {many: [] for many in MANY}
        open_at_the_end: dict[int, int] = {}
        for _ in range(ROUNDS):
            for many in MANY:
                with stalled(served.server.port, many) as connections:
                    over = threading.Event()
                    drip = threading.Thread(target=_drip, args=(connections, over))
                    drip.start()
                    found[many].append(load.run(phones.reader, STRANGERS, SECONDS, served.server.port))
                    over.set()
                    drip.join()
                    open_at_the_end[many] = sum(one.go_on() for one in connections)
        for many, runs in found.items():
            where = f"{many:>3} stalled connections, {STRANGERS} strangers who read"
            line(f"{where}: p95", statistics.median(run.p95 for run in runs), "ms", 100)
            line(f"{where}: failed", sum(run.failed for run in runs), "requests", 0)
            if many:
                line(f"{where}: still stalled at the end", open_at_the_end[many], "")


def _drip(connections: list[Stalled], over: threading.Event) -> None:
    while not over.wait(1):
        for connection in connections:
            connection.go_on()
