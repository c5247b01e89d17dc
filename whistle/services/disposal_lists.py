"""The lists of what is to be deleted, as an officer sees them: who signed, and how each stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from whistle.casefile import disposal as lists
from whistle.casefile.disposal import Disposal, DisposalRefused
from whistle.casefile.manifest import Directory
from whistle.domain.retention import kept_until
from whistle.domain.summary import Summary
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.purging import apart, undone
from whistle.store import disposals
from whistle.store.database import Tx
from whistle.store.rows import DisposalRow, DraftRow


@dataclass(frozen=True)
class Line:
    """A case on a list, or one that may be put on one. ``summary`` is None for a case that this officer cannot read."""

    case: bytes
    received: date
    summary: Summary | None

    @property
    def until(self) -> date | None:
        """The last day on which it is kept."""
        return kept_until(self.summary) if self.summary else None


@dataclass(frozen=True)
class List:
    """A list of cases to be deleted.

    ``state``: "proposed" (waits for a second person), "signed" (carried out ``on`` that night), "stopped", "apart" (a
    case is not any more what was signed: nothing is carried out), "refused" (a signature does not hold) or "done"
    (``on`` that day). ``why`` is a code of `purging.apart`.
    """

    id: bytes
    state: str
    day: date | None
    proposer: str
    approver: str = ""
    on: date | None = None
    cases: tuple[bytes, ...] = ()
    files: int = 0
    mine: bool = False  # this officer signed it
    may_sign: bool = False
    why: str = ""
    at: bytes | None = None  # the case that it is about

    @property
    def number(self) -> str:
        """As officers name it: the first digits of its id."""
        return self.id.hex()[:8]

    @property
    def holds(self) -> bool:
        """Whether its cases can be put on no other list meanwhile."""
        return self.state in ("proposed", "signed")


def lists_of(ctx: Context, tx: Tx, officer: Officer) -> list[List]:
    """All lists, those with one signature first. Raises ManifestRefused."""
    directory = ctx.directory(tx)
    found = [_drafted(ctx, directory, officer, row) for row in disposals.drafts(tx)]
    stopped, done = undone(tx), disposals.done(tx)
    for row in disposals.every(tx):
        found.append(_signed(tx, directory, officer, row, stopped, done))
    return found


def received_days(ctx: Context, list_id: bytes) -> dict[bytes, date]:
    """The cases of a list, each with the day on which it came in; none of a list that is gone or cannot be read."""
    with ctx.store.read() as tx:
        signed, draft = disposals.get(tx, list_id), disposals.draft(tx, list_id)
    body = signed.body if signed else draft.proposal if draft else b""
    try:
        return {one.case: one.day for one in Disposal.from_bytes(body).cases}
    except DisposalRefused:
        return {}


def _drafted(ctx: Context, directory: Directory, officer: Officer, row: DraftRow) -> List:
    mine, name = row.proposer == officer.id, directory.name(row.proposer)
    try:
        made = lists.check_proposed(directory, row)
    except DisposalRefused:
        return List(row.id, "refused", None, name, mine=mine)
    today = ctx.clock.today()
    keeps = lists.logs_of(made.cases) <= lists.logs_kept(directory.current, officer.id, today)
    may = not mine and keeps and officer.may("retention.approve")
    cases = tuple(one.case for one in made.cases)
    return List(row.id, "proposed", made.day, name, cases=cases, files=len(made.blobs), mine=mine, may_sign=may)


def _signed(
    tx: Tx,
    directory: Directory,
    officer: Officer,
    row: DisposalRow,
    stopped: set[bytes],
    done: Mapping[bytes, date],
) -> List:
    names = directory.name(row.proposer), directory.name(row.approver)
    mine = officer.id in (row.proposer, row.approver)
    try:
        made = lists.check(directory, row)
    except DisposalRefused:
        return List(row.id, "refused", None, *names, mine=mine)
    cases = tuple(one.case for one in made.cases)
    found = List(row.id, "signed", made.day, *names, made.due, cases, len(made.blobs), mine)
    if row.id in done:
        return replace(found, state="done", on=done[row.id])
    if row.id in stopped:
        return replace(found, state="stopped", on=None)
    why, at = apart(tx, directory, row, made)
    return replace(found, state="apart", on=None, why=why, at=at) if why else found
