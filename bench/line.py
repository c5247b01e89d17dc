"""One figure on one line: name, value, unit, budget, ok or over."""

import resource
import statistics
from collections.abc import Sequence


def line(name: str, value: float, unit: str, budget: float | None = None, at_least: bool = False) -> None:
    """Print a figure. ``budget`` is the most that is allowed, or with ``at_least`` the least."""
    kept = "" if budget is None else "ok" if (value >= budget if at_least else value <= budget) else "over"
    bound = "" if budget is None else f"{'>=' if at_least else '<='} {budget:g} {unit}"
    print(f"{name:<66} {value:>10.{2 if value < 10 else 1}f} {unit:<10} {bound:<20} {kept}", flush=True)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile of ``values`` (at least two)."""
    return statistics.quantiles(values, n=20)[-1]


def own_cpu() -> float:
    """Seconds of CPU that this process and its children have used."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
