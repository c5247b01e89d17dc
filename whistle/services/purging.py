"""Carry out the lists that two officers signed: the night's work, without any key. Nothing else deletes a report.

A list is carried out whole or not at all: a week after its second signature, unless it was stopped, and only while
every case on it is what the two saw. See docs/decisions/0026.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from whistle.casefile.disposal import Disposal, DisposalRefused, Doomed, check
from whistle.casefile.links import ends
from whistle.casefile.manifest import Directory, ManifestRefused
from whistle.crypto.envelope import Chain
from whistle.domain.retention import deleted_on
from whistle.services.context import Context, NotSetUp
from whistle.store import audit, cases, disposals
from whistle.store.database import Tx
from whistle.store.rows import DisposalRow

STOP: Final = "disposal-stop"
"""The act of the audit log that stops a list."""
REMEMBERED = timedelta(days=30)  # for which files that are to go are looked for: the store may be away some nights


@dataclass(frozen=True)
class Purged:
    """How many cases lost their contents, and how many lists are due and cannot be carried out."""

    cases: int = 0
    left: int = 0


def purge(ctx: Context) -> Purged:
    """Carry out what is due. Raises StoreUnavailable."""
    deleted = left = 0
    with ctx.store.read() as tx:
        done = disposals.done(tx)
        due = [row.id for row in disposals.every(tx) if row.id not in done]
    for list_id in due:
        with ctx.store.write() as tx:
            carried = _carry_out(ctx, tx, list_id)
        deleted += carried or 0
        left += carried is None
    return Purged(deleted, left)


def _carry_out(ctx: Context, tx: Tx, list_id: bytes) -> int | None:
    """The cases that were deleted: none of a list that is not due or was stopped. None: it is due and does not hold."""
    row = disposals.get(tx, list_id)
    if row is None or list_id.hex() in audit.told_of(tx, STOP):
        return 0
    try:
        directory = ctx.directory(tx)
        disposal = check(directory, row)
    except (DisposalRefused, ManifestRefused, NotSetUp):
        return None
    today = ctx.clock.today()
    if deleted_on(disposal.day) > today:
        return 0
    for one in disposal.cases:  # in the order of their ids, as everybody locks who locks several
        cases.lock_case(tx, one.case)
    if apart(tx, directory, row, disposal):
        return None
    for one in disposal.cases:
        disposals.bury(tx, one.case, row.id, today)
    disposals.bury_files(tx, disposal.blobs, row.id)
    return len(disposal.cases)


def apart(tx: Tx, directory: Directory, row: DisposalRow, disposal: Disposal) -> str:
    """Why a list cannot be carried out as things stand: "gone", "open", "held", "moved" or "keyless"; "" when it can.

    "keyless": one of the two who signed holds no key of a case, so cannot have seen what they signed.
    """
    for one in disposal.cases:
        why = _apart(tx, directory, one) or _keyless(tx, row, one.case)
        if why:
            return why
    return ""


def _apart(tx: Tx, directory: Directory, one: Doomed) -> str:
    case = cases.get_case(tx, one.case)
    if case is None or (case.day, case.log) != (one.day, one.log):
        return "gone"
    if case.legal_hold:
        return "held"
    if case.state != "closed":
        return "open"
    return "" if ends(tx, directory.installation, one.case) == one.ends else "moved"


def _keyless(tx: Tx, row: DisposalRow, case: bytes) -> str:
    for officer in (row.proposer, row.approver):
        if not any(grant.chain == Chain.THREAD for grant in cases.grants(tx, case, officer)):
            return "keyless"
    return ""


def purge_files(ctx: Context) -> int:
    """Take what no case holds any more out of the store of files; how many there were. Raises FilesUnavailable."""
    since = ctx.clock.today() - REMEMBERED
    with ctx.store.read() as tx:
        lately = {list_id for list_id, day in disposals.done(tx).items() if day >= since}
        ids = [id_ for id_, list_id in disposals.blob_tombstones(tx).items() if list_id in lately]
    there = set(ctx.blobs.ids()) if ids else set()
    gone = [id_ for id_ in ids if id_ in there]
    for id_ in gone:
        ctx.blobs.remove(id_)
    return len(gone)
