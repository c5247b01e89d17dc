"""One case of a handover: its keys for a newcomer for whom it is meant; or new keys without who left or was moved."""

from collections.abc import Collection
from datetime import date
from typing import Literal

from whistle.casefile import handing, summaries
from whistle.casefile.canon import UNREADABLE
from whistle.casefile.keys import open_one
from whistle.casefile.manifest import Directory
from whistle.casefile.meant import due, meant_for
from whistle.casefile.reading import CaseBroken, CaseFile, holding
from whistle.casefile.summaries import open_case_summary
from whistle.casefile.writing import When
from whistle.domain.summary import Summary
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import NotYours
from whistle.services.work import locked
from whistle.store import cases
from whistle.store import handing as stored
from whistle.store.database import Tx
from whistle.store.rows import OverviewRow

Kind = Literal["grant", "epoch"]
Outcome = Literal["given", "nothing", "later", "broken"]


def passed_over(
    tx: Tx, directory: Directory, officer: Officer, kind: Kind, about: bytes, ids: Collection[bytes], day: date
) -> frozenset[bytes]:
    """Those of which the summary says enough: not for the newcomer, or still for who was moved.

    Whatever else is decided from the verified file.
    """
    known: dict[tuple[str, str], bool] = {}
    found = set()
    for over in cases.overview(tx, officer.id, ids=ids):
        summary = _summary(directory, officer, over)
        if summary is None:
            continue
        where = (summary.track, summary.unit)
        if where not in known:
            known[where] = about in meant_for(directory.current, *where, day)
        if known[where] == (kind == "epoch"):
            found.add(over.case.id)
    return frozenset(found)


def _summary(directory: Directory, officer: Officer, over: OverviewRow) -> Summary | None:
    if over.summary is None or over.grant is None or over.commitment is None:
        return None
    try:
        key = open_one(directory.installation, over.grant, over.commitment, officer.holder)
        return open_case_summary(directory.installation, over.summary, key)
    except UNREADABLE:
        return None


def one_case(ctx: Context, officer: Officer, kind: Kind, about: bytes, case: bytes) -> Outcome:
    """One case in one transaction: all of it, or nothing. A case that does not open is counted and left as it is."""
    try:
        with ctx.store.write() as tx:
            file = locked(ctx, tx, officer, case)
            with holding():
                if _changed_today(ctx, file):
                    return "later"
                work = _give if kind == "grant" else _leave_out
                return work(ctx, tx, officer, file, about)
    except (CaseBroken, NotYours):
        return "broken"


def _give(ctx: Context, tx: Tx, officer: Officer, file: CaseFile, about: bytes) -> Outcome:
    when = When(ctx.clock.today(), ctx.clock.now())
    to = due(file, about, when.day)
    stale = stored.is_stale(tx, about, file.case.id)
    if to is None:
        return "nothing"
    entry, sealed = None, 0
    if stale or _lacks(tx, file, about):
        entry, sealed = handing.give(tx, file, officer.author, to, when, renew=stale), 1
    sealed += handing.give_identity(tx, file, officer.holder, to, when, renew=stale)
    if not sealed:
        return "nothing"
    if entry is not None:
        summaries.save(tx, file)
    record(ctx, tx, officer, "regrant", file.case.id, entry, about=about)
    return "given"


def _lacks(tx: Tx, file: CaseFile, about: bytes) -> bool:
    held = {(grant.chain, grant.epoch) for grant in cases.grants(tx, file.case.id, about)}
    return about not in file.readers() or any((int(chain), epoch) not in held for chain, epoch in file.keys)


def _leave_out(ctx: Context, tx: Tx, officer: Officer, file: CaseFile, about: bytes) -> Outcome:
    before = file.readers()
    entry = handing.leave_out(tx, file, officer.author, When(ctx.clock.today(), ctx.clock.now()))
    if entry is None:
        return "nothing"
    record(ctx, tx, officer, "new-keys", file.case.id, entry, about=about)
    for newcomer in sorted(file.readers() - before):
        record(ctx, tx, officer, "regrant", file.case.id, entry, about=newcomer)
    return "given"


def _changed_today(ctx: Context, file: CaseFile) -> bool:
    """Came in today, or its reporter wrote today: the time of our work would tell that it was earlier."""
    today = ctx.clock.today()
    return file.case.day >= today or any(entry.author is None and entry.day >= today for entry in file.thread)
