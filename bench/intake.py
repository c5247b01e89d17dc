"""Reports as phones without JavaScript send them: form, look, send; real server, real encryption, durable commit."""

import multiprocessing
import time
from pathlib import Path
from typing import Any

from bench.line import line, own_cpu, p95
from tests.nojs import Browser
from tests.reporter import write
from tests.server import Server, prepare, serving

REPORTS = 240  # for each number of clients


def one_client(base: str, reports: int, out: Any) -> None:
    """Send reports one after the other; tells how long each took from form to receipt, in seconds, and the CPU used."""
    before, took, failed = own_cpu(), [], 0
    browser = Browser(base)
    for number in range(reports):
        began = time.monotonic()
        try:
            write(browser, f"Petugas meminta uang di loket, laporan ke-{number} dari satu klien.").send()
        except Exception:
            failed += 1
        took.append(time.monotonic() - began)
    out.put((took, failed, own_cpu() - before))


def measure(server: Server, clients: int) -> None:
    """Print reports a second, p95 and the clients' own share of the CPU."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    each = max(REPORTS // clients, 5)
    people = [context.Process(target=one_client, args=(server.base, each, out)) for _ in range(clients)]
    for person in people:
        person.start()
    results = [out.get() for _ in people]
    for person in people:
        person.join()
    took = [seconds for times, _, _ in results for seconds in times]
    longest = max(sum(times) for times, _, _ in results)
    failed, cpu = sum(bad for _, bad, _ in results), sum(used for _, _, used in results)
    where = f"intake without JavaScript, {clients} clients"
    line(f"{where}: reports", len(took) / longest, "1/s", 80 if clients >= 8 else None, at_least=True)
    line(f"{where}: p95, form to receipt", 1000 * p95(took), "ms")
    line(f"{where}: failed", failed, "reports", 0)
    line(f"{where}: the clients' own CPU", 100 * cpu / longest / 2, "% of 2")


def run(folder: Path) -> None:
    """A fresh inspectorate, then 1, 8 and 32 clients."""
    data = folder / "intake"
    data.mkdir()
    prepare(data)
    with serving(data, folder / "intake.log") as server:
        for clients in (1, 8, 32):
            measure(server, clients)
