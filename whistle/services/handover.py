"""Keys for colleagues: a newcomer is given the cases of before; who left or was moved is left out of new keys.

A colleague's session works it off, a second or so at a time. What is done is done for good and found done by whoever
comes next; a mark tells only where to go on. Cases that changed today through their reporter wait for another day, as
the audit log dates a colleague's work to the second: see docs/decisions/0019-grants-for-newcomers.md.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from whistle.casefile.manifest import Acting, Directory
from whistle.crypto.suite import lp
from whistle.domain.roles import ROLES
from whistle.services.aside import give_way
from whistle.services.context import Context
from whistle.services.handover_case import Kind, Outcome, one_case, passed_over
from whistle.services.officer import Officer
from whistle.services.refusals import Refusal
from whistle.store import cases, handing, jobs
from whistle.store.database import Tx
from whistle.store.rows import JobRow

SECONDS = 1.0  # of work in one request
PAGE = 100  # cases looked up at once


@dataclass(frozen=True)
class Line:
    """What is to be done about one person. ``most``: the cases to go through, of which not all may be for them.

    ``state``: "new" (not begun), "open", "done", or "tomorrow" (done but for cases that changed today). ``acting``: for
    what a person who is given keys stands in today.
    """

    kind: Kind
    about: bytes
    name: str
    unit: str
    state: str
    most: int
    done: int = 0
    given: int = 0
    broken: int = 0
    later: int = 0
    moved: bool = False  # left out of cases, and still here
    acting: tuple[Acting, ...] = ()

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100; 100 only when all of it is."""
        if self.state in ("done", "tomorrow"):
            return 100
        return min(99, self.done * 100 // self.most) if self.most else 0


def lines(ctx: Context, officer: Officer) -> list[Line]:
    """Whom this officer's session can help: newcomers, new keys, and those who left or were moved; by name."""
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        found = [_line(ctx, tx, directory, officer, kind, about) for kind, about in _people(ctx, directory, officer)]
    return sorted((line for line in found if line.most), key=lambda line: (line.kind != "grant", line.name.casefold()))


def waiting(ctx: Context, officer: Officer) -> int:
    """For how many people something is left to do; cheap, and cheaper still once all of it is done."""
    if not officer.may("case.open"):
        return 0
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        people = [
            (kind, about, _job_id(ctx, directory, officer, kind, about))
            for kind, about in _people(ctx, directory, officer)
        ]
        known = {row.id: row for row in jobs.of_officer(tx, officer.id)}
        left = [one for one in people if one[2] not in known or not _is_over(ctx, known[one[2]])]
        nothing = [one for one in left if not _next(ctx, tx, officer, one[0], one[1], b"", 1)]
    if nothing:
        with ctx.store.write() as tx:
            for kind, about, _ in nothing:
                jobs.progress(tx, replace(_begun(ctx, tx, directory, officer, kind, about), state="done"))
    return len(left) - len(nothing)


def missing(ctx: Context, officer: Officer) -> int:
    """How many of the officer's own cases were sealed to keys that are gone, and wait for a colleague."""
    with ctx.store.read() as tx:
        return handing.count_stale(tx, officer.id)


def awaited(ctx: Context, officer: Officer) -> bool:
    """Whether cases of before wait until a colleague gives this officer their keys, as far as can be told without them.

    A newcomer lacks all of them until somebody went through what they hold.
    """
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        if handing.count_stale(tx, officer.id):
            return True
        if directory.changed.get(officer.id, 0) < 2 or not _reads_cases(ctx, directory, officer.id):
            return False
        mine = [row for row in jobs.every(tx) if row.kind == "grant" and row.about == officer.id]
        if any(row.state == "done" and row.done and not row.later for row in mine):
            return False
        return handing.lacks_any(tx, officer.id, ctx.clock.today())


def keyless(ctx: Context, officer: Officer) -> bool:
    """Whether this officer holds no key of any case and is never given one, whatever the role may look at."""
    with ctx.store.read() as tx:
        return not cases.count_grants(tx, officer.id) and not _reads_cases(ctx, ctx.directory(tx), officer.id)


def step(
    ctx: Context, officer: Officer, kind: Kind, about: bytes, seconds: float = SECONDS, again: bool = False
) -> Line:
    """Work on it for about ``seconds``; ``again``: from the beginning, though it was done.

    Raises Refusal "nobody" for somebody whom the signed manifests name for nothing of the kind.
    """
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
    if (kind, about) not in _people(ctx, directory, officer):
        raise Refusal("nobody")
    job = _begin(ctx, directory, officer, kind, about, again)
    until = time.monotonic() + seconds
    try:
        for case in _cases(ctx, officer, kind, about, job):
            outcome = one_case(ctx, officer, kind, about, case.id) if case.worth_it else "nothing"
            job = _counted(job, case.id, outcome)
            give_way()
            if time.monotonic() >= until:
                break
        else:
            job = replace(job, state="done")
    finally:
        with ctx.store.write() as tx:
            jobs.progress(tx, job)
    return _shown(_unbegun(ctx, directory, kind, about), job)


def _people(ctx: Context, directory: Directory, officer: Officer) -> list[tuple[Kind, bytes]]:
    """Who was admitted, changed, moved or removed by a later manifest than the first, as far as keys of cases go."""
    admitted = directory.current.by_id
    changed = (id_ for id_, sequence in directory.changed.items() if sequence > 1 and id_ in admitted)
    found: list[tuple[Kind, bytes]] = [("grant", id_) for id_ in changed if _reads_cases(ctx, directory, id_)]
    found += [("epoch", id_) for id_ in directory.lost]
    return [(kind, id_) for kind, id_ in found if id_ != officer.id]


def _reads_cases(ctx: Context, directory: Directory, id_: bytes) -> bool:
    current, day = directory.current, ctx.clock.today()
    if any(id_ == reader.id for track in current.tracks for reader in current.readers_of(track, day)):
        return True
    role = current.by_id[id_].role
    return "case.open" in ROLES[role].permissions if role in ROLES else False


def _line(ctx: Context, tx: Tx, directory: Directory, officer: Officer, kind: Kind, about: bytes) -> Line:
    job = jobs.get(tx, _job_id(ctx, directory, officer, kind, about))
    line = _unbegun(ctx, directory, kind, about)
    if job is None or (job.state == "done" and not _is_over(ctx, job)):
        return replace(line, most=_count(ctx, tx, officer, kind, about))
    return _shown(line, job)


def _unbegun(ctx: Context, directory: Directory, kind: Kind, about: bytes) -> Line:
    reader, current = directory.officers[about], directory.current
    acting = current.acting_of(about, ctx.clock.today()) if kind == "grant" else ()
    moved = kind == "epoch" and about in current.by_id
    return Line(kind, about, reader.name, reader.unit, "new", 0, moved=moved, acting=acting)


def _shown(line: Line, job: JobRow) -> Line:
    state = job.state if job.state != "done" or not job.later else "tomorrow"
    most = max(job.total, job.done)
    return replace(
        line, state=state, most=most, done=job.done, given=job.given, broken=job.broken, later=job.later
    )


def _is_over(ctx: Context, job: JobRow) -> bool:
    """Done, and not on an earlier day with cases left for a later one."""
    begun = datetime.fromtimestamp(job.created, ZoneInfo(ctx.settings.timezone)).date()
    return job.state == "done" and (not job.later or begun >= ctx.clock.today())


def _job_id(ctx: Context, directory: Directory, officer: Officer, kind: Kind, about: bytes) -> bytes:
    """One job for each helper, person, and change in what the person is named for (today, where days decide)."""
    acting = "|".join(f"{one.unit} {one.last}" for one in directory.current.acting_of(about, ctx.clock.today()))
    since = (directory.changed if kind == "grant" else directory.lost).get(about, 0)
    parts = (kind.encode(), officer.id, about, str(since).encode(), acting.encode())
    return hashlib.sha256(lp(b"peluit/v1/work", *parts)).digest()[:16]


def _begin(
    ctx: Context, directory: Directory, officer: Officer, kind: Kind, about: bytes, again: bool
) -> JobRow:
    with ctx.store.read() as tx:
        job = jobs.get(tx, _job_id(ctx, directory, officer, kind, about))
        if job is not None and not again and (job.state == "open" or _is_over(ctx, job)):
            return job
        return _begun(ctx, tx, directory, officer, kind, about)


def _begun(ctx: Context, tx: Tx, directory: Directory, officer: Officer, kind: Kind, about: bytes) -> JobRow:
    total = _count(ctx, tx, officer, kind, about)
    at = int(ctx.clock.now().timestamp())
    later = _count(ctx, tx, officer, kind, about, today=True) - total
    id_ = _job_id(ctx, directory, officer, kind, about)
    return JobRow(id_, officer.id, kind, about, at, 0, total, "open", later=max(0, later))


def _count(ctx: Context, tx: Tx, officer: Officer, kind: Kind, about: bytes, today: bool = False) -> int:
    count = handing.count_lacking if kind == "grant" else handing.count_held_by
    return count(tx, _search(ctx, tx, officer, about, None if today else ctx.clock.today()))


def _next(
    ctx: Context, tx: Tx, officer: Officer, kind: str, about: bytes, after: bytes, limit: int
) -> list[bytes]:
    page = handing.lacking if kind == "grant" else handing.held_by
    return page(tx, _search(ctx, tx, officer, about, ctx.clock.today()), after, limit)


def _search(ctx: Context, tx: Tx, officer: Officer, about: bytes, before: date | None) -> handing.Search:
    current, day = ctx.directory(tx).current, ctx.clock.today()
    keeps = any(about == reader.id for track in current.custodians for reader in current.custodians_of(track, day))
    return handing.Search(officer.id, about, before, identity=keeps)


@dataclass(frozen=True)
class _Candidate:
    """A case to look at; not ``worth_it`` when its summary says that there is nothing to do."""

    id: bytes
    worth_it: bool


def _cases(ctx: Context, officer: Officer, kind: Kind, about: bytes, job: JobRow) -> Iterator[_Candidate]:
    """The cases behind the job's mark, by id, a page of them read at once."""
    if job.state == "done":
        return
    after = job.place if isinstance(job.place, bytes) else b""
    while True:
        with ctx.store.read() as tx:
            directory = ctx.directory(tx)
            ids = _next(ctx, tx, officer, kind, about, after, PAGE)
            skip = passed_over(tx, directory, officer, kind, about, ids, ctx.clock.today())
        if not ids:
            return
        for id_ in ids:
            yield _Candidate(id_, id_ not in skip)
        after = ids[-1]


def _counted(job: JobRow, case: bytes, outcome: Outcome) -> JobRow:
    return replace(
        job,
        place=case,
        done=job.done + 1,
        given=job.given + (outcome == "given"),
        broken=job.broken + (outcome == "broken"),
        later=job.later + (outcome == "later"),
    )
