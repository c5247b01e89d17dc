"""The desk: signing in, the list, a case and the month's figures as cases grow."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench.line import line
from tests import inspectorate
from tests.inspectorate import Inspectorate
from whistle.domain.figures import Month
from whistle.services import casework, listing, reporting, rewrapping
from whistle.services.listing import Query

SIZES = (200, 1_000)


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The median of ``times`` runs."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


def run(folder: Path) -> None:
    """Grow one inspectorate and measure at each size."""
    data = folder / "desk"
    data.mkdir()
    office = inspectorate.build(data)
    there = 0
    for size in SIZES:
        began = time.perf_counter()
        for _ in range(size - there):
            _, _, case = office.report()
        line(f"reports one after the other, to {size:,}", (size - there) / (time.perf_counter() - began), "1/s")
        there = size
        measure(office, case, f"{size:,} cases")


def measure(office: Inspectorate, case: bytes, at: str) -> None:
    """What an officer waits for with so many cases; the first opening of new grants once, the rest five times."""
    ctx, officer = office.ctx, office.officer("rahma")
    line(f"first opening of new grants, {at}", milliseconds(lambda: rewrapping.rewrap(ctx, officer), 1), "ms")
    line(f"list, default page, {at}", milliseconds(lambda: listing.cases_for(ctx, officer, Query())), "ms", 200)
    asked = Query(state="all", text="tidak ada yang begini")
    line(f"list, text filter, {at}", milliseconds(lambda: listing.cases_for(ctx, officer, asked)), "ms", 2_000)
    line(f"one case, {at}", milliseconds(lambda: casework.open_case(ctx, officer, case)), "ms")
    month = Month(2026, 11)
    line(f"monthly figures, {at}", milliseconds(lambda: reporting.report(ctx, officer, month)), "ms", 10_000)
