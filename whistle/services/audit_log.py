"""The audit log as overseers read it: filtered, newest first, each row shown with what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from whistle.casefile.manifest import RECOVERY, Directory
from whistle.services import audit_point
from whistle.services.audit_check import RowFault, faults_of, link_faults
from whistle.services.audit_point import Head, Standing
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import OF_FILES, record
from whistle.services.refusals import Refusal
from whistle.store import audit, enrolments, invitations
from whistle.store.rows import AuditRow

PAGE_SIZE = 50
COUNTS = re.compile(r"(\d{1,9}) (\d{1,9}) (\d{1,9})", re.ASCII)  # as `recording.counts` writes them
MARK = 8  # digits of an exhibit's mark: as many are shown, and find it
NOBODY = "-"  # the filter for rows of which nobody is known


@dataclass(frozen=True)
class Query:
    """What the log is narrowed to; "" and None mean any. ``before``: only rows with a lower number."""

    officer: str = ""  # an id in hexadecimal, or NOBODY
    action: str = ""
    first: date | None = None
    last: date | None = None
    case: str = ""  # the first digits of a case's id, in hexadecimal, or at least `MARK` of an exhibit's mark
    before: int = 0

    @property
    def narrows(self) -> bool:
        """Whether anything but the page is chosen."""
        return any((self.officer, self.action, self.first, self.last, self.case))


@dataclass(frozen=True)
class AuditLine:
    """One row in words that an overseer may read. ``who`` is "" where nobody is known (a refused sign-in).

    ``faults`` are codes of `whistle.services.verify.codes`.
    """

    seq: int
    at: datetime
    who: str
    action: str
    case: str  # the random id's first eight digits, enough to see that two rows are about one case
    about: str  # whom an act on an account concerns
    file: str  # the first eight digits of what an exhibit is marked with; its page shows them to who reads the case
    log: str  # "inner" or "outer" for what was done with that log's recovery key
    counts: tuple[int, ...]  # of a run of recovery: cases, keys, cases that did not open
    signed: bool
    faults: tuple[str, ...]


@dataclass(frozen=True)
class AuditPage:
    """Newest first. ``older`` is the number before which the next page begins, 0 when there is none.

    ``found``: how many of the ``total`` rows fit the filters, on all pages.
    """

    lines: list[AuditLine]
    older: int
    total: int
    found: int
    people: list[tuple[str, str]]  # id in hexadecimal and name of everybody who may be in the log
    actions: list[str]  # the actions that the log holds
    standing: Standing


@dataclass(frozen=True)
class Comparison:
    """A head that was printed against the log of today.

    ``verdict``: "same", "other" (the row has another hash) or "shorter" (there is no such row any more). ``faults``:
    the first rows up to the printed one that are wrong; ``searched`` is how far they were looked for, and ``last`` the
    number of the log's last row.
    """

    verdict: str
    head: Head
    faults: list[RowFault]
    searched: int
    last: int


def audit_page(ctx: Context, officer: Officer, query: Query | None = None) -> AuditPage:
    """A page of the log, each row checked; the look is recorded first. Raises Refusal "role"."""
    query = query or Query()
    only(officer)
    with ctx.store.write() as tx:
        record(ctx, tx, officer, "audit")
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        wanted, total = _wanted(ctx, query), audit.count(tx)
        rows = audit.search(tx, wanted, PAGE_SIZE + 1)
        shown = rows[:PAGE_SIZE]
        before = audit.hashes(tx, [row.seq - 1 for row in shown])
        waiting = {one.officer: one.name for one in invitations.every(tx)}
        waiting |= {one.officer: one.name for one in enrolments.every(tx)}
        lines = [_line(row, directory, before, waiting) for row in shown]
        return AuditPage(
            lines,
            shown[-1].seq if len(rows) > PAGE_SIZE else 0,
            total,
            audit.count(tx, replace(wanted, before=None)) if query.narrows else total,
            _people(directory),
            audit.actions(tx),
            audit_point.standing(ctx, tx),
        )


def check_on(ctx: Context, officer: Officer) -> Standing:
    """Check the whole chain, or go on where a check stopped, for as long as a page may take. Raises Refusal "role"."""
    only(officer)
    if not audit_point.running(ctx):
        with ctx.store.write() as tx:
            record(ctx, tx, officer, "audit-check")
    return audit_point.go_on(ctx)


def printed_head(ctx: Context, officer: Officer) -> Head:
    """The last row's number and hash, to be printed; that it was printed is that last row. Raises Refusal "role"."""
    only(officer)
    with ctx.store.write() as tx:
        record(ctx, tx, officer, "audit-head")
        return Head(*audit.head(tx))


def compare(ctx: Context, officer: Officer, printed: Head) -> Comparison:
    """Hold a printed head against the log; the look is recorded. Raises Refusal "role"."""
    only(officer)
    with ctx.store.write() as tx:
        record(ctx, tx, officer, "audit")
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        there = audit.hashes(tx, [printed.seq]).get(printed.seq)
        last, _ = audit.head(tx)
        faults, searched = audit_point.first_faults(tx, directory, min(printed.seq, last), audit_point.PIECE)
    if there is None:
        return Comparison("shorter", printed, faults, searched, last)
    return Comparison("same" if there == printed.hash else "other", printed, faults, searched, last)


def only(officer: Officer) -> None:
    """Raises Refusal "role" for an officer who may not read the log."""
    if not officer.may("audit.view"):
        raise Refusal("role", permission="audit.view")


def _wanted(ctx: Context, query: Query) -> audit.Wanted:
    zone = ctx.settings.zone
    first = datetime.combine(query.first, time(), zone) if query.first else None
    end = datetime.combine(query.last + timedelta(days=1), time(), zone) if query.last else None
    return audit.Wanted(
        officer=bytes.fromhex(query.officer) if query.officer not in ("", NOBODY) else None,
        nobody=query.officer == NOBODY,
        action=query.action or None,
        first=int(first.timestamp()) if first else None,
        end=int(end.timestamp()) if end else None,
        case=query.case,
        marked=OF_FILES if len(query.case) >= MARK else (),
        before=query.before or None,
    )


def _line(row: AuditRow, directory: Directory, before: dict[int, bytes], waiting: Mapping[bytes, str]) -> AuditLine:
    """``waiting``: the names of whoever was invited and is in no manifest yet, by id."""
    who = directory.name(row.officer) if row.officer else ""
    case = row.case.hex()[:8] if row.case else ""
    previous = before.get(row.seq - 1, bytes(32) if row.seq == 1 else b"")
    linked = link_faults(row, (row.seq - 1, previous)) if previous else ["audit-gap"]
    faults = (*linked, *faults_of(row, directory.sign_keys))
    at = datetime.fromtimestamp(min(max(row.at, 0), 253_402_300_799 - 86_400), UTC)  # a year that can be shown
    return AuditLine(row.seq, at, who, row.action, case, *_told(row, directory, waiting), bool(row.signature), faults)


def _told(row: AuditRow, directory: Directory, waiting: Mapping[bytes, str]) -> tuple[str, str, str, tuple[int, ...]]:
    """Whom a row concerns, by name; which file; the log, and the counts, of what was done with a recovery key."""
    log = next((log for log, id_ in RECOVERY.items() if id_ == row.officer), "")
    if row.action in OF_FILES:
        return "", row.detail[:MARK], log, ()
    if re.fullmatch("[0-9a-f]{32}", row.detail):
        id_ = bytes.fromhex(row.detail)
        signed = id_ in directory.officers or id_ not in waiting
        return directory.name(id_) if signed else waiting[id_], "", log, ()
    counted = log and COUNTS.fullmatch(row.detail)
    return "", "", log, tuple(int(number) for number in counted.groups()) if counted else ()


def _people(directory: Directory) -> list[tuple[str, str]]:
    named = sorted((reader.name, id_.hex()) for id_, reader in directory.officers.items())
    return [(id_, name) for name, id_ in named]

