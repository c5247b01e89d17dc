"""Signing in: whether its time tells who exists, and what a flood of it does to the channel."""

import os
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from bench import load, phones
from bench.line import line
from bench.servers import Served, on_sqlite
from whistle.services import tries

TRIES = 200  # of each, in turn
FLOOD = 32
STRANGERS = 4
ROUNDS = 3
SECONDS = 3.0
REQUESTS = {phones.reader: 1, phones.reporter: 3}  # a page; form, look and receipt
WORDS = {phones.reader: "a page", phones.reporter: "a report"}


def run(folder: Path) -> None:
    """Real vaults: 64 MiB and three rounds of Argon2id, as `make run` makes them."""
    with on_sqlite(folder) as served:
        medians(served)
        flood(served)


def medians(served: Served) -> None:
    """Wrong passwords for an officer and for nobody in turn; what slows a name down is lifted each time."""
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(TRIES):
        for exists in (number % 2 == 0, number % 2 != 0):
            login = "rahma" if exists else os.urandom(3).hex()
            with served.ctx.store.write() as tx:
                tries.forget(tx, tries.by_login(login))
            began = time.perf_counter()
            _try(served.server.port, login)
            took[exists].append(time.perf_counter() - began)
    officer, nobody = (1000 * statistics.median(took[exists]) for exists in (True, False))
    line(f"sign-in refused, an officer, median of {TRIES}", officer, "ms")
    line(f"sign-in refused, nobody's name, median of {TRIES}", nobody, "ms")
    apart = max(officer, nobody) / min(officer, nobody)
    line("sign-in refused, the larger median in parts of the other", apart, "", 1.1)


def flooder(number: int, port: int) -> Callable[[], object]:
    """A client that tries one name after the other, each unknown, so that none is slowed."""
    return lambda: _try(port, os.urandom(6).hex())


def flood(served: Served) -> None:
    """The channel with and without 32 clients who do nothing but try to sign in."""
    port = served.server.port
    found: dict[tuple[load.Client, bool], list[load.Load]] = {}
    tried: list[load.Load] = []
    for _ in range(ROUNDS):
        for client in REQUESTS:
            found.setdefault((client, False), []).append(load.run(client, STRANGERS, SECONDS, port))
        beside = threading.Thread(target=lambda: tried.append(load.run(flooder, FLOOD, 4 * SECONDS, port)))
        beside.start()
        time.sleep(SECONDS)  # until it is in full flow
        for client in REQUESTS:
            found.setdefault((client, True), []).append(load.run(client, STRANGERS, SECONDS, port))
        beside.join()
    line(f"flood: sign-ins tried by {FLOOD} clients", statistics.median(run.rate for run in tried), "1/s")
    for client, requests in REQUESTS.items():
        without, beside_flood = ([run.p95 for run in found[client, on]] for on in (False, True))
        where = f"{WORDS[client]}, {STRANGERS} strangers"
        line(f"{where}: p95 without a flood of sign-ins", statistics.median(without), "ms", 100 * requests)
        line(f"{where}: p95 with it", statistics.median(beside_flood), "ms", 100 * requests)
        line(f"{where}: with it in parts of without", statistics.median(beside_flood) / statistics.median(without), "")
        failed = sum(run.failed for on in (False, True) for run in found[client, on])
        line(f"{where}: failed", failed, "", 0)


def _try(port: int, login: str) -> None:
    form = {"login": login, "password": "sandi yang bukan", "code": "000000"}
    phones.ask(port, "POST", "/meja/masuk", urlencode(form).encode(), status=403)
