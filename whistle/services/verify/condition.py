"""The database itself: its version, structure, triggers, settings, and rows that no program of ours writes."""

import contextlib
from collections.abc import Callable

from whistle.services.context import Context
from whistle.services.verify.findings import Findings
from whistle.store import examine
from whistle.store.database import StoreUnavailable, current_revision, head_revision
from whistle.store.trigger_check import triggers_apart, triggers_wanted

Say = Callable[[str], None]


def closed_to(ctx: Context) -> list[str]:
    """The tables that this process's database role may not read: with one of them nothing can be verified."""
    with contextlib.suppress(StoreUnavailable):  # which the checks themselves say
        return examine.closed_to(ctx.store)
    return []


def check_database(ctx: Context, findings: Findings, say: Say) -> bool:
    """Returns whether the tables are there, so that going on makes sense."""
    if not _check_version(ctx, findings):
        return False
    for name, part in _PARTS.items():
        say(f"the database: {name}")
        with findings.going_on("the database", name):
            part(ctx, findings)
    return True


def _check_version(ctx: Context, findings: Findings) -> bool:
    found = None
    with findings.going_on("alembic_version", "its row"):
        found = current_revision(ctx.store.engine)
    findings.count("migrations")
    if found != head_revision():
        what = f"at migration {found or 'none'}, this program needs {head_revision()}"
        findings.fault("migration-behind", "alembic_version", str(found), what)
    return found is not None


def _structure(ctx: Context, findings: Findings) -> None:
    with examine.examining(ctx.store) as tx:
        for table, what in examine.structure(tx):
            findings.fault("table-changed", table, what, f"{what} is missing")
    findings.count("tables", examine.TABLES)


def _triggers(ctx: Context, findings: Findings) -> None:
    with examine.examining(ctx.store) as tx:
        apart, wanted = triggers_apart(tx), triggers_wanted(tx)
    for kind, name, what in apart:
        findings.fault(f"trigger-{kind}", "triggers", name, what)
    findings.count("triggers", wanted)


def _settings(ctx: Context, findings: Findings) -> None:
    with examine.examining(ctx.store) as tx:
        for name, found, wanted in examine.settings(tx):
            findings.fault("setting-unsafe", "settings", name, f"it is {found} and should be {wanted}")


def _file(ctx: Context, findings: Findings) -> None:
    with examine.examining(ctx.store) as tx:
        for line in examine.integrity(tx):
            findings.fault("file-damaged", "the file", line.partition(":")[0][:60], line[:200])
        if tx.dialect.name != "sqlite":
            findings.leave("the files of the database", "PostgreSQL checks its pages itself when it reads them")


def _kinds(ctx: Context, findings: Findings) -> None:
    with examine.examining(ctx.store) as tx:
        for table, row, column in examine.kinds(tx):
            findings.fault("row-type", table, row, f"not of the kind of its column: {column}")


def _orphans(ctx: Context, findings: Findings) -> None:
    with examine.examining(ctx.store) as tx:
        for table, row, to in examine.orphans(tx):
            findings.fault("row-orphaned", table, row, f"the {to} that it names is not there")


_PARTS = {
    "structure": _structure,
    "triggers": _triggers,
    "settings": _settings,
    "file": _file,
    "kinds of values": _kinds,
    "references": _orphans,
}
