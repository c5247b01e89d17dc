"""The logs of accepted reports, without any key: as many leaves as cases, and each in its place."""

from datetime import timedelta

from whistle.domain.tracks import LOGS
from whistle.services.context import Context
from whistle.services.verify.findings import Findings
from whistle.store import examine, log
from whistle.store.database import Tx
from whistle.store.walk import counted

PATIENCE = timedelta(days=3)  # a night or two without `peluit tick` is no fault


def check_leaves(ctx: Context, findings: Findings) -> None:
    """The leaves of each log and day, their places, and those that wait for one."""
    with examine.examining(ctx.store) as tx:
        _check_numbers(tx, findings)
        _check_places(tx, findings)
        for name in LOGS:
            late = log.waiting(tx, name, ctx.clock.today() - PATIENCE)
            if late:
                found = f"{len(late)} leaves have no place, the oldest of {late[0].day}"
                findings.fault("leaf-waiting", "leaf", name, found)


def _check_numbers(tx: Tx, findings: Findings) -> None:
    there, counted_as = counted(tx)
    findings.count("leaves", sum(counted_as.values()))
    for name, day in sorted(there.keys() | counted_as.keys(), key=str):
        number, leaves = there.get((name, day), 0), counted_as.get((name, day), 0)
        if number != leaves:
            findings.fault("leaves-differ", "leaf", f"{name} {day}", f"{number} reports and {leaves} leaves")


def _check_places(tx: Tx, findings: Findings) -> None:
    for name, (number, last) in sorted(log.ends(tx).items()):
        findings.count("leaves in their place", number)
        if last != number - 1:
            findings.fault("log-order", "placed", name, f"{number} leaves have a place, and the last place is {last}")
    for name, position in log.astray(tx):
        findings.fault("log-order", "placed", f"{name} {position}", "what stands there is no leaf of that log")
