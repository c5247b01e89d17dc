"""How long a closed report is kept (data/retention.toml), and when the contents of a signed list are deleted.

Two clocks only: years from the day of closing, and days from the second signature; both calendar days (WITA).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from whistle.domain.data import DataError, Entry, read_toml
from whistle.domain.results import RESULTS
from whistle.domain.summary import Summary

FILE = "retention.toml"
LONGEST = 100  # cases of one list: what two persons can be asked to look at


@dataclass(frozen=True)
class Keep:
    """Reports that ended with one of ``results`` are kept for ``years``; without results: all others."""

    results: frozenset[str]
    years: int
    source: str


def _keep(entry: Entry) -> Keep:
    results, years = entry.optional_texts("results"), entry.number("years")
    entry.known("results", results, RESULTS)
    if years < 1:
        raise entry.wrong("a report is kept for a year at the least")
    return Keep(frozenset(results), years, entry.text("source"))


def _wait(entry: Entry) -> timedelta:
    entry.text("source")
    return timedelta(days=entry.number("days"))


def _otherwise() -> Keep:
    rules = [rule for rule in KEEPS.values() if not rule.results]
    if len(rules) != 1:
        raise DataError(FILE, "keep", "exactly one rule must name no results")
    return rules[0]


KEEPS: Mapping[str, Keep] = read_toml(FILE, _keep, "keep")
WAIT: timedelta = read_toml(FILE, _wait, "wait")["signed"]
_OTHERWISE = _otherwise()
SHORTEST = min(rule.years for rule in KEEPS.values())  # nothing that was closed later than so many years ago is over


def keep_of(result: str) -> Keep:
    """The rule for a report that ended with ``result`` ("" where it was closed without one)."""
    return next((rule for rule in KEEPS.values() if result in rule.results), _OTHERWISE)


def kept_until(summary: Summary) -> date | None:
    """The last day on which the report is kept; None while it is open."""
    return years_after(summary.closed, keep_of(summary.result).years) if summary.closed else None


def is_over(summary: Summary, today: date) -> bool:
    """Whether the time for which the report is kept is over on ``today``."""
    until = kept_until(summary)
    return until is not None and until < today


def years_after(day: date, years: int) -> date:
    """The same day so many years later (negative: earlier); of a 29 February the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
