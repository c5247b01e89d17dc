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
from whistle.services.context import Context, NotSetUp
from whistle.services.recording import record_unsigned
from whistle.store import audit, cases, disposals
from whistle.store.database import Tx
from whistle.store.rows import DisposalRow

STOP: Final = "disposal-stop"
"""The act of the audit log that stops a list."""
WITHDRAWN: Final = "disposal-withdraw"
DONE: Final = "disposal-done"
"""The row that the night's work leaves for each list that it carried out: unsigned, as no key is there at night."""
LOOKS: Final = frozenset({"look", "file-look", "file-download", "file-original"})
"""What an officer may do to a case on a signed list that does not change it."""
REMEMBERED = timedelta(days=30)  # for which files that are to go are looked for: the store may be away some nights


@dataclass(frozen=True)
class Purged:
    """How many cases lost their contents, and how many lists are due and cannot be carried out."""

    cases: int = 0
    left: int = 0


def purge(ctx: Context) -> Purged:
    """Carry out what is due. Raises StoreUnavailable."""
    deleted, left = _clear(ctx), 0
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
    if row is None or list_id in undone(tx):
        return 0
    try:
        directory = ctx.directory(tx)
        disposal = check(directory, row)
    except (DisposalRefused, ManifestRefused, NotSetUp):
        return None
    today = ctx.clock.today()
    if disposal.due > today:
        return 0
    for one in disposal.cases:  # in the order of their ids, as everybody locks who locks several
        cases.lock_case(tx, one.case)
    if apart(tx, directory, row, disposal)[0] or _overtaken(tx, row, disposal):
        return None
    for one in disposal.cases:
        disposals.bury(tx, one.case, row.id, today)
    disposals.bury_files(tx, disposal.blobs, row.id)
    record_unsigned(ctx, tx, DONE, None, about=row.id)  # last: nobody else appends to the log meanwhile
    return len(disposal.cases)


def _overtaken(tx: Tx, row: DisposalRow, disposal: Disposal) -> bool:
    """Whether the audit log tells of an act on one of the cases since the second signature, whatever the case shows.

    Somebody with the database can make a case look as it was signed; the log is signed by whoever acted.
    """
    approved = audit.last_of(tx, "disposal-approve", row.id.hex())
    return approved is None or audit.acted_since(tx, approved, [one.case for one in disposal.cases], LOOKS)


def _clear(ctx: Context) -> int:
    """Delete again what a backup brought back of cases that were deleted as two officers signed; how many they were."""
    cleared = 0
    with ctx.store.read() as tx:
        back = [case for case in disposals.tombstones(tx) if disposals.remains(tx, case)]
    for case in back:
        with ctx.store.write() as tx:
            row = disposals.get(tx, disposals.tombstones(tx)[case])
            try:
                named = row is not None and any(one.case == case for one in check(ctx.directory(tx), row).cases)
            except (DisposalRefused, ManifestRefused, NotSetUp):
                continue
            if named:
                cases.lock_case(tx, case)
                disposals.clear(tx, case)
                cleared += 1
    return cleared


def undone(tx: Tx) -> set[bytes]:
    """The lists that were stopped, or withdrawn before their second signature: what the log says counts."""
    told = {detail for action in (STOP, WITHDRAWN) for detail in audit.told_of(tx, action)}
    return {bytes.fromhex(detail) for detail in told if len(detail) == 32}


def apart(tx: Tx, directory: Directory, row: DisposalRow, disposal: Disposal) -> tuple[str, bytes | None]:
    """Why a list cannot be carried out as things stand, and the case that is why; "" when it can.

    "gone", "deleted" (by another list), "open", "held", "moved" or "keyless".

    "keyless": one of the two who signed holds no key of a case, so cannot have seen what they signed.
    """
    for one in disposal.cases:
        why = _apart(tx, directory, one) or _keyless(tx, row, one.case)
        if why:
            return why, one.case
    return "", None


def _apart(tx: Tx, directory: Directory, one: Doomed) -> str:
    case = cases.get_case(tx, one.case)
    if disposals.buried(tx, one.case):
        return "deleted"
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
