"""Reports a second: as phones without JavaScript send them, and as ready-made envelopes; on both databases.

All of it several times over in turn, and the medians of that: what else the machine does then falls on all alike.
"""

import os
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import envelopes, load, phones
from bench.line import line
from bench.servers import Served, on_both
from tests.sealer import Sender
from whistle.services import sealed

ROUNDS = 3
CLIENTS = (1, 8, 32)
SECONDS = 4.0
READY = 64  # envelopes that are sealed beforehand
WAYS: dict[str, load.Client] = {"without JavaScript": phones.reporter, "ready-made envelopes": envelopes.sender}
LEAST = {("without JavaScript", 8): 80, ("without JavaScript", 32): 80, ("ready-made envelopes", 32): 400}
SLOWEST = {("ready-made envelopes", 32): 100}  # milliseconds, p95


def run(folder: Path) -> None:
    """A fresh inspectorate on each database, then every way at 1, 8 and 32 clients."""
    with on_both(folder) as served:
        ready = {one.name: folder / f"{one.name}.envelopes" for one in served}
        for one in served:
            envelopes.write(ready[one.name], _reports(one))
        found = defaultdict(list)
        for _ in range(ROUNDS):
            for one in served:
                for way, client in WAYS.items():
                    more: tuple[Any, ...] = (ready[one.name],) if way == "ready-made envelopes" else ()
                    for clients in CLIENTS:
                        before = one.cpu
                        got = load.run(client, clients, SECONDS, one.server.port, *more)
                        found[one.name, way, clients].append((got, one.cpu - before))
        for (name, way, clients), runs in found.items():
            _show(name, way, clients, runs)
        for one in served:
            _memory(one)


def _show(name: str, way: str, clients: int, runs: list[tuple[load.Load, float]]) -> None:
    where = f"{name}, {way}, {clients:>2} clients"
    rates, p95s = [got.rate for got, _ in runs], [got.p95 for got, _ in runs]
    line(f"{where}: reports", statistics.median(rates), "1/s", LEAST.get((way, clients)), at_least=True)
    line(f"{where}: p95", statistics.median(p95s), "ms", SLOWEST.get((way, clients)))
    line(f"{where}: failed", sum(got.failed for got, _ in runs), "reports", 0)
    each = [1000 * cpu / len(got.took) for got, cpu in runs if got.took]
    line(f"{where}: the workers' CPU, each", statistics.median(each) if each else float("nan"), "ms")
    line(f"{where}: the clients' own CPU", statistics.median(got.share for got, _ in runs), "% of 2")
    for why in sorted({got.why for got, _ in runs} - {""}):
        print(f"    {why}")


def _memory(one: Served) -> None:
    rss, pss = one.memory()
    line(f"{one.name}, memory of the server after all that: resident", rss, "MiB")
    line(f"{one.name}, the same, what is shared counted once", pss, "MiB")


def _reports(one: Served) -> Iterator[bytes]:
    now = sealed.parameters(one.ctx)
    told: dict[str, Any] = {
        "installation": now.installation.hex(),
        "day": now.day.isoformat(),
        "sequence": now.sequence,
        "manifests": [{"body": row.body.decode()} for row in now.manifests],
    }
    # A random root in place of PBKDF2's: the server cannot tell.
    return (Sender(told, root=os.urandom(32)).seal() for _ in range(READY))
