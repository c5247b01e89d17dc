"""The desk as cases grow: the list, its filters, a case, the month and memory, as pages of a signed-in officer.

The cases are those of `peluit demo --cases`; 100,000 of them take minutes to make, so each size is made once and kept
in a folder (`BENCH_DATA`, or `.bench` here; remove it to begin anew). Each size is measured in a process of its own,
under gevent as the desk's workers are.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.line import line
from config import ROOT
from tests import inspectorate
from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser
from whistle import create_app
from whistle.domain.clock import SetClock, SystemClock
from whistle.domain.month import Month
from whistle.services import demo, many
from whistle.services.context import Context, Trust
from whistle.services.setup import Credentials
from whistle.store import cases
from whistle.store.database import Store, make_engine, migrate

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000 10000 100000").split())
KEPT = Path(os.environ.get("BENCH_DATA", ROOT / ".bench"))
LIST = "/meja/laporan-masuk"
WORKER = "from gevent import monkey; monkey.patch_all(); import sys, bench.desk as desk; desk.measure(sys.argv[1])"
WHOLE = "whole"  # the file that says that a folder was filled to its end
LOOKING = ("inspektur", "rahma", "yusuf")  # whose first look can be measured once each


def run(_: Path) -> None:
    """Every size, each in a fresh process."""
    for size in SIZES:
        command = [sys.executable, "-c", WORKER, str(size)]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - a number of ours


def measure(asked: str) -> None:
    """What an officer waits for with so many cases, and what the worker holds for it."""
    size = int(asked)
    office, at = _filled(size), f"{size:,} cases"
    app = create_app("desk", office.ctx.settings)
    app.extensions["peluit"] = office.ctx
    login, sealed = _first(office)
    desk = Browser(app, office)
    desk.sign_in("sekda")
    shown(desk, LIST)  # templates are compiled, and an officer of few cases is no measure
    before = resident()
    line(f"sign-in, {at}", milliseconds(lambda: desk.sign_in(login), 1), "ms")
    if sealed:
        line(f"first look ever: the plain list, {at}", milliseconds(lambda: shown(desk, LIST), 1), "ms", 200)
        with others() as waited:
            line(f"first look ever: {sealed:,} grants opened and all read, {at}", opened(desk), "s")
        line(f"first look ever: other requests wait at most, {at}", 1000 * max(waited), "ms")
    else:
        line(f"grants were opened when {KEPT.name}/{size} was new, {at}", 0, "grants")
    desk.sign_in(login)
    line(f"list, plain, first look of a session, {at}", milliseconds(lambda: shown(desk, LIST), 1), "ms", 200)
    desk.sign_in(login)
    with others() as waited:
        line(f"list, filter, cold, {at}", milliseconds(lambda: opened(desk), 1), "ms", 2_000)
    line(f"list, filter, cold: other requests wait at most, {at}", 1000 * max(waited), "ms")
    for name, query in {"plain": "", "filter": "?office=DISHUB&state=all", "search": "?text=surat&state=all"}.items():
        budget = 200 if name == "plain" else 300
        line(f"list, {name}, later, {at}", milliseconds(partial(shown, desk, LIST + query)), "ms", budget)
    line(f"memory for this session's list, {at}", resident() - before, "MiB")
    _case(desk, office, login, at)
    desk.sign_in(LOOKING[0])  # not all of them may read the month
    month = Month.of(office.ctx.clock.today()).previous()
    line(f"month, page, {at}", milliseconds(lambda: shown(desk, f"/meja/laporan/{month}"), 1), "ms", 10_000)
    line(f"month, CSV, {at}", milliseconds(lambda: shown(desk, f"/meja/laporan/{month}.csv"), 1), "ms", 10_000)
    line(f"memory of the worker at most, {at}", peak(), "MiB")


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The median of ``times`` runs."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


def shown(desk: Browser, path: str) -> str:
    """The page, which has to be one."""
    answer = desk.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return answer.text


def opened(desk: Browser) -> float:
    """Seconds until a filter is answered, on however many pages that say how far it is."""
    began = time.perf_counter()
    while "<progress" in shown(desk, f"{LIST}?office=DISDIK&state=all"):
        time.sleep(0.05)
    return time.perf_counter() - began


@contextmanager
def others() -> Iterator[list[float]]:
    """How long everything else in this worker was kept from running, in seconds, again and again."""
    waited, over = [0.0], threading.Event()

    def look() -> None:
        while not over.is_set():
            began = time.perf_counter()
            time.sleep(0.005)
            waited.append(time.perf_counter() - began - 0.005)

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield waited
    finally:
        over.set()
        watch.join()


def resident() -> float:
    """MiB that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak() -> float:
    """MiB that this process held at most."""
    status = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines() if ":" in row)
    return int(status["VmHWM"].split()[0]) / 1024


def _case(desk: Browser, office: Inspectorate, login: str, at: str) -> None:
    """A case that the officer has not declared for asks for that first, and reads as much."""
    with office.ctx.store.read() as tx:
        reader = next(row.id for row in office.ctx.directory(tx).current.readers if row.login == login)
        case = cases.overview(tx, reader, ("closed",), limit=1)[0].case.id
    line(f"one case, {at}", milliseconds(lambda: shown(desk, f"/meja/kasus/{case.hex()}")), "ms")


def _first(office: Inspectorate) -> tuple[str, int]:
    """An officer who never looked at the list, with how many grants wait; the first one when all have."""
    with office.ctx.store.read() as tx:
        known = {row.login: row.id for row in office.ctx.directory(tx).current.readers}
        sealed = {login: cases.count_sealed(tx, known[login]) for login in LOOKING}
        held = {login: cases.count_grants(tx, known[login]) for login in LOOKING}
    login = next((login for login in LOOKING if 2 * sealed[login] > held[login]), LOOKING[0])
    return login, sealed[login] if 2 * sealed[login] > held[login] else 0


def _filled(size: int) -> Inspectorate:
    """The inspectorate of ``size`` cases, made when it is not there."""
    folder = KEPT / str(size)
    people = demo.officers(fixed=True)
    clock = SetClock(SystemClock().now())
    if not (folder / WHOLE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        office = inspectorate.build(folder)
        office.ctx.clock = clock
        began = time.perf_counter()
        many.fill(office.ctx, {one.login: one.password for one in people}, size, lambda done: None)
        line(f"cases made, to {size:,}", size / (time.perf_counter() - began), "1/s", 167, at_least=True)
        (folder / WHOLE).touch()
    settings = inspectorate.settings(folder)
    engine = make_engine(settings.database_url)
    migrate(engine)
    ctx = Context(Store(engine), Trust(settings.keys_dir), clock, settings)
    known = {p.login: Credentials(p.login, p.name, p.role, p.password, p.totp_secret) for p in people}
    return Inspectorate(ctx, clock, known, {})
