"""The desk's list: summaries decrypted for the officer who holds their keys, filtered and sorted in memory."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from whistle.casefile import canon
from whistle.casefile.canon import UNREADABLE
from whistle.casefile.derive import derive
from whistle.casefile.keys import open_one
from whistle.casefile.reading import CaseBroken
from whistle.casefile.summaries import open_case_summary
from whistle.crypto.envelope import Chain
from whistle.crypto.summaries import SummaryReader
from whistle.domain.deadlines import Due, next_due
from whistle.domain.stages import STAGES
from whistle.domain.summary import Summary
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.refusals import NotYours
from whistle.services.work import read_for
from whistle.store import cases
from whistle.store.database import Tx
from whistle.store.rows import OverviewRow

PAGE_SIZE = 50
LAST = date.max


@dataclass(frozen=True)
class Query:
    """What the list is asked for; "" means any. ``sort`` may start with "-" for descending."""

    state: str = "open"  # open (waiting included) | closed | all
    stage: str = ""
    office: str = ""
    category: str = ""
    unit: str = ""
    priority: str = ""
    due: str = ""  # late | soon
    attention: str = ""  # new | approve | returned | unread
    text: str = ""
    sort: str = "due"
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One case in the list. ``summary`` is None when it could not be read (``broken``)."""

    id: bytes
    received: date
    summary: Summary | None
    due: Due | None
    broken: bool = False


@dataclass(frozen=True)
class Listing:
    """A page of the list, with counts over everything the officer may read."""

    rows: list[Row]
    total: int
    page: int
    pages: int
    counts: dict[str, int]
    query: Query


def cases_for(ctx: Context, officer: Officer, query: Query) -> Listing:
    """The page of cases that this officer holds the keys of."""
    rows = all_rows(ctx, officer)
    hits = sorted((row for row in rows if _matches(row, query)), key=_sort_key(query.sort))
    if query.sort.startswith("-"):
        hits.reverse()
    pages = max(1, -(-len(hits) // PAGE_SIZE))
    page = min(max(1, query.page), pages)
    shown = hits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Listing(shown, len(hits), page, pages, _counts(rows), query)


def all_rows(ctx: Context, officer: Officer) -> list[Row]:
    """Every case of this officer, newest summary each; a stale or broken summary is rebuilt from the entries."""
    today = ctx.clock.today()
    with ctx.store.read() as tx:
        installation = ctx.directory(tx).installation
        reader = SummaryReader(installation, officer.id, officer.holder.grants_key or b"")
        rows = []
        for over in cases.overview(tx, officer.id):
            summary = _stored(installation, officer, reader, over) or _rebuilt(ctx, tx, officer, over.case.id)
            due = next_due(summary, today) if summary else None
            rows.append(Row(over.case.id, over.case.day, summary, due, broken=summary is None))
        return rows


def summaries(ctx: Context, officer: Officer) -> list[Summary]:
    """The readable summaries, for figures."""
    return [row.summary for row in all_rows(ctx, officer) if row.summary is not None]


def knows(ctx: Context, officer: Officer, register: str) -> bool:
    """Whether a case of this officer has that register number."""
    return any(summary.register == register for summary in summaries(ctx, officer))


def _stored(installation: bytes, officer: Officer, reader: SummaryReader, over: OverviewRow) -> Summary | None:
    """The stored summary, if it opens and reflects every entry that is there.

    Under the thread's key a summary may be the sender's own: it counts only while nobody has opened the file, and only
    for what a sender may say.
    """
    if over.summary is None or over.grant is None or over.commitment is None:
        return None
    row, grant = over.summary, over.grant
    try:
        if grant.form == "vault":
            body = reader.open(row.case, row.chain, row.epoch, over.commitment, grant.sealed, row.sealed)
            summary = Summary.from_dict(canon.loads(body))
        else:
            key = open_one(installation, grant, over.commitment, officer.holder)
            summary = open_case_summary(installation, row, key)
    except UNREADABLE:
        return None
    written_at_desk = row.chain == Chain.FILE or (over.file_places == 0 and summary.as_sent)
    reflects = (summary.thread_places, summary.file_places, summary.received)
    whole = reflects == (over.thread_places, over.file_places, over.case.day)
    return summary if whole and written_at_desk else None


def _rebuilt(ctx: Context, tx: Tx, officer: Officer, case_id: bytes) -> Summary | None:
    """The summary derived anew from the entries; None when the case does not open."""
    row = cases.get_case(tx, case_id)
    if row is None:
        return None
    try:
        return derive(read_for(ctx, tx, officer, row)).summary
    except (CaseBroken, NotYours):
        return None


def _matches(row: Row, query: Query) -> bool:
    summary = row.summary
    if summary is None:
        return query == Query(sort=query.sort, page=query.page)
    coarse = STAGES[summary.stage].coarse
    wanted = {"open": coarse != "closed", "closed": coarse == "closed", "all": True}
    pairs = (
        (query.stage, summary.stage),
        (query.office, summary.office),
        (query.category, summary.category),
        (query.unit, summary.unit),
        (query.priority, summary.priority),
        (query.due, row.due.state if row.due else ""),
    )
    return (
        wanted.get(query.state, True)
        and all(not asked or asked == has for asked, has in pairs)
        and (not query.attention or _ATTENTION.get(query.attention, _any)(summary))
        and query.text.casefold() in f"{summary.register} {summary.title} {summary.people}".casefold()
    )


def _any(summary: Summary) -> bool:
    return True


_ATTENTION: dict[str, Callable[[Summary], bool]] = {
    "new": lambda summary: summary.stage == "DITERIMA",
    "approve": lambda summary: summary.close_pending,
    "returned": lambda summary: summary.close_returned,
    "unread": lambda summary: summary.unread,
}


def _sort_key(sort: str) -> Callable[[Row], Any]:
    keys: dict[str, Callable[[Row], Any]] = {
        "due": lambda row: (row.due.day if row.due else LAST, row.received, row.id),
        "received": lambda row: (row.received, row.id),
        "office": lambda row: (row.summary.office if row.summary else "", row.received, row.id),
        "stage": lambda row: (list(STAGES).index(row.summary.stage) if row.summary else -1, row.received, row.id),
        "register": lambda row: (row.summary.register.split("/")[::-1] if row.summary else [], row.id),
        "priority": lambda row: (_PRIORITY.get(row.summary.priority, 0) if row.summary else 9, row.received, row.id),
    }
    return keys.get(sort.removeprefix("-"), keys["due"])


_PRIORITY = {"mendesak": 0, "tinggi": 1, "biasa": 2}


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    counts = dict.fromkeys(("all", "open", "new", "late", "soon", "approve", "returned", "unread", "broken"), 0)
    for row in rows:
        counts["all"] += 1
        if row.summary is None:
            counts["broken"] += 1
            continue
        counts["open"] += STAGES[row.summary.stage].coarse != "closed"
        for name, test in _ATTENTION.items():
            counts[name] += test(row.summary)
        if row.due and row.due.state in ("late", "soon"):
            counts[row.due.state] += 1
    return counts
