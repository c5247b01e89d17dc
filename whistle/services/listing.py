"""The desk's list: decrypted for the officer who holds its keys, filtered and sorted in memory, shown in pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from whistle.domain.deadlines import Due, next_due
from whistle.domain.summary import Summary
from whistle.services.aside import give_way
from whistle.services.columns import Columns, Query
from whistle.services.context import Context
from whistle.services.decrypting import Reading
from whistle.services.kept import Progress, StillReading
from whistle.services.mending import mend
from whistle.services.officer import Officer
from whistle.services.rewrapping import rewrap
from whistle.services.unlock import still_runs
from whistle.store import cases, handing, lines
from whistle.store.database import StoreUnavailable
from whistle.store.overview import holds_few
from whistle.store.rows import OverviewRow

__all__ = ["PAGE_SIZE", "Listing", "Query", "Row", "all_rows", "case_of", "cases_for", "rows_of", "summaries"]

PAGE_SIZE = 50
FEW = 2_000  # grants; who holds fewer has the whole list decrypted within the request
AT_ONCE = 0.0  # seconds that the plain list waits for the columns, before it is shown without
A_WHILE = 4.0  # seconds that a filter waits for them, which it cannot do without
OPEN = ("open", "waiting")
T = TypeVar("T")
WEEK = timedelta(days=7)  # by which another machine's clock may be wrong, and a change is seen at once all the same


@dataclass(frozen=True)
class Row:
    """One case in the list. ``summary`` is None when it could not be read.

    It is ``broken`` then, or ``awaited``: sealed to keys that the officer had before, until a colleague gives it anew.
    """

    id: bytes
    received: date
    summary: Summary | None
    due: Due | None
    broken: bool = False
    awaited: bool = False


@dataclass(frozen=True)
class Listing:
    """A page of the list, with counts over everything the officer may read.

    While the list is still being decrypted (``progress``, percent) nothing is known of the whole: ``total`` and
    ``counts`` are None, and a page is in the order of the days that stand in the clear; or there are no rows yet, where
    a filter was asked for (``waits``).
    """

    rows: Sequence[Row]
    total: int | None
    page: int
    pages: int
    counts: Mapping[str, int] | None
    query: Query
    progress: int | None = None

    @property
    def waits(self) -> bool:
        return self.progress is not None and not _plain(self.query)

    @property
    def more(self) -> bool:
        return self.page < self.pages


def cases_for(ctx: Context, officer: Officer, query: Query) -> Listing:
    """The page of cases that this officer holds the keys of."""
    found = _ask(
        ctx, officer, lambda columns: (columns.find(query), columns.counts()), AT_ONCE if _plain(query) else A_WHILE
    )
    if isinstance(found, StillReading):
        return _meanwhile(ctx, officer, query, found.percent)
    hits, counts = found
    pages = max(1, -(-len(hits) // PAGE_SIZE))
    page = min(max(1, query.page), pages)
    shown = hits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Listing(rows_of(ctx, officer, shown), len(hits), page, pages, counts, query)


def all_rows(ctx: Context, officer: Officer) -> list[Row]:
    """Every case of this officer, newest summary each; a stale or broken summary is rebuilt from the entries."""
    with ctx.store.read() as tx:
        reading = Reading(ctx, tx, officer)
        return [row for part in _parts(lines.stream(tx, officer.id)) for row in _rows(reading, part)]


def summaries(ctx: Context, officer: Officer) -> list[Summary]:
    """The readable summaries, for figures."""
    with ctx.store.read() as tx:
        reading = Reading(ctx, tx, officer)
        parts = _parts(lines.stream(tx, officer.id))
        return [summary for part in parts for summary in reading.summaries(part) if summary is not None]


def case_of(ctx: Context, officer: Officer, register: str) -> bytes | None:
    """The case of this officer that has that register number, in capital or small letters; None when there is none."""
    wanted = register.casefold()

    def among(columns: Columns) -> bytes | None:
        return next((id_ for id_, register in columns.registers() if register == wanted), None)

    found = _ask(ctx, officer, among, A_WHILE)
    if not isinstance(found, StillReading):
        return found
    read = ((row.id, row.summary) for row in all_rows(ctx, officer))
    return next((id_ for id_, summary in read if summary and summary.register.casefold() == wanted), None)


def _plain(query: Query) -> bool:
    """Whether the list can be shown, for now, by what stands in the clear."""
    return query.unfiltered and query.sort == "due"


def _ask(ctx: Context, officer: Officer, question: Callable[[Columns], T], patience: float) -> T | StillReading:
    """What ``question`` finds in the officer's columns as of now, from the session's memory or read anew."""
    with ctx.store.read() as tx:
        few = holds_few(tx, officer.id, FEW)
    return ctx.kept.ask(
        officer.session,
        ctx.clock.today(),
        lambda progress: _read_all(ctx, officer, progress),
        lambda columns: _follow(ctx, officer, columns),
        question,
        lambda session: still_runs(ctx, session),
        None if few else patience,
    )


def _read_all(ctx: Context, officer: Officer, progress: Progress) -> Columns:
    """Everything, from the beginning. Grants that are still sealed by HPKE are put under the vault's key first."""
    with ctx.store.read() as tx:
        sealed, held = cases.count_sealed(tx, officer.id), cases.count_grants(tx, officer.id)
    total = 2 * sealed + held  # opening a sealed grant takes far longer than reading a line
    with suppress(StoreUnavailable):  # what cannot be written now is opened as it is
        rewrap(ctx, officer, lambda done: progress(2 * done, total))
    with ctx.store.read() as tx:
        reading = Reading(ctx, tx, officer)
        columns = Columns(reading.today)
        for part in _parts(lines.stream(tx, officer.id)):
            columns.put(reading.briefs(part))
            progress(2 * sealed + len(columns), total)
    mend(ctx, officer, reading.behind)
    return columns


def _follow(ctx: Context, officer: Officer, columns: Columns) -> None:
    """Take in what has changed since: every change of a case appends an entry, and entries are dated.

    Only what a colleague sealed to new keys appends none.
    """
    with ctx.store.read() as tx:
        moved = columns.moved(lines.touched(tx, columns.today - WEEK))
        waited = columns.awaited()
        given = waited - handing.stale(tx, officer.id) if waited else set()
        if not moved and not given:
            return
        reading = Reading(ctx, tx, officer)
        mine = set[bytes]()
        for part in _parts(lines.stream(tx, officer.id, moved.keys() | given)):
            columns.put(reading.briefs(part))
            mine.update(line[0] for line in part)
        columns.pass_over({case: places for case, places in moved.items() if case not in mine})


def _parts(parts: Iterator[list[lines.Line]]) -> Iterator[list[lines.Line]]:
    """Lets the worker's other requests in after every part."""
    for part in parts:
        yield part
        give_way()


def _meanwhile(ctx: Context, officer: Officer, query: Query, percent: int) -> Listing:
    """A page by what stands in the clear, of open cases, while the rest is read; nothing where a filter was asked."""
    if not _plain(query):
        return Listing([], None, 1, 1, None, query, percent)
    start = (max(1, query.page) - 1) * PAGE_SIZE
    with ctx.store.read() as tx:
        heads = cases.overview(tx, officer.id, OPEN, PAGE_SIZE + 1, start)
        reading = Reading(ctx, tx, officer)
        rows = _rows(reading, [_line(head) for head in heads[:PAGE_SIZE]])
    page = max(1, query.page)
    return Listing(rows, None, page, page + (len(heads) > PAGE_SIZE), None, query, percent)


def rows_of(ctx: Context, officer: Officer, ids: Sequence[bytes]) -> list[Row]:
    """These cases, read and decrypted anew, in this order."""
    with ctx.store.read() as tx:
        reading = Reading(ctx, tx, officer)
        rows = {row.id: row for part in lines.stream(tx, officer.id, ids) for row in _rows(reading, part)}
    return [rows[id_] for id_ in ids if id_ in rows]


def _rows(reading: Reading, part: Sequence[lines.Line]) -> list[Row]:
    """As `_row` of each that is the officer's still."""
    rows = [_row(reading, line) for line in part]
    return [row for row in rows if row.id not in reading.gone]


def _row(reading: Reading, line: lines.Line) -> Row:
    summary = reading.summary(line)
    due = next_due(summary, reading.today) if summary else None
    awaited = line[0] in reading.awaited
    return Row(line[0], line[1], summary, due, summary is None and not awaited, awaited)


def _line(over: OverviewRow) -> lines.Line:
    summary, grant = over.summary, over.grant
    chain, epoch, sealed = (summary.chain, summary.epoch, summary.sealed) if summary else (0, 0, b"")
    form, key = (grant.form, grant.sealed) if grant else ("", b"")
    counted = over.thread_places, over.file_places
    return (over.case.id, over.case.day, chain, epoch, sealed, form, key, over.commitment or b"", *counted)
