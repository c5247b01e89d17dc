"""Cases that were deleted: each as two officers signed, all of it gone, and no other absence is accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from whistle.casefile.disposal import Disposal, DisposalRefused, Doomed, check
from whistle.casefile.manifest import Directory
from whistle.services.context import Context
from whistle.services.purging import apart, undone
from whistle.services.verify.burials import Burials
from whistle.services.verify.findings import Findings
from whistle.store import disposals, examine
from whistle.store.database import Tx
from whistle.store.rows import DisposalRow
from whistle.store.walk import CaseRows

PATIENCE = timedelta(days=3)  # nights without `peluit tick`


@dataclass
class Buried:
    """The cases and files that a signed list lets be gone. Without a manifest nobody can tell, and all cases count."""

    cases: frozenset[bytes] = frozenset()
    files: dict[bytes, date] = field(default_factory=dict)  # and the day on which their list was carried out
    doomed: dict[bytes, Doomed] = field(default_factory=dict)
    burials: Burials | None = None


def check_disposals(ctx: Context, findings: Findings, directory: Directory | None) -> Buried:
    """Every list that was signed, and every tombstone. Raises StoreUnavailable."""
    with examine.examining(ctx.store) as tx:
        stones, files, done = disposals.tombstones(tx), disposals.blob_tombstones(tx), disposals.done(tx)
        if directory is None:
            if stones:
                findings.leave("who signed that cases were deleted", "no manifest verifies")
            return Buried(frozenset(stones))
        good: dict[bytes, Disposal] = {}
        burials = Burials(ctx.settings.zone)
        for row in disposals.every(tx):
            with findings.surviving("disposal-forged", "disposal", row.id.hex()):
                made = _signed(findings, directory, row)
                if made is not None:
                    good[row.id] = made
                    if row.id in done:
                        burials.lists[row.id] = (row, made, done[row.id])
                    _check_due(ctx, findings, tx, directory, row, made, stones)
    _check_stones(findings, good, stones, files)
    burials.cases = {case: list_id for case, list_id in stones.items() if _names(good, list_id, case)}
    return Buried(
        frozenset(burials.cases),
        {id_: done[list_id] for id_, list_id in files.items() if list_id in good and list_id in done},
        {one.case: one for list_id in good for one in good[list_id].cases if burials.cases.get(one.case) == list_id},
        burials,
    )


def check_buried(findings: Findings, rows: CaseRows, doomed: Doomed | None) -> None:
    """Of a case that was deleted its own row is left, and nothing else; it is of the day and log that were signed."""
    findings.count("cases deleted as two officers signed")
    if doomed is not None and (doomed.day, doomed.log) != (rows.case.day, rows.case.log):
        found = f"the list says {doomed.log} and {doomed.day}, the case {rows.case.log} and {rows.case.day}"
        findings.fault("disposal-differs", "case", rows.case.id.hex(), found)
    there = {"entries": rows.entries, "epochs": rows.epochs, "grants": rows.grants}
    left = [name for name, some in there.items() if some]
    left += [name for name in ("summary", "identity", "reporter") if name in rows.slots]
    if left:
        found = f"its contents were deleted, and these are there: {', '.join(left)}"
        findings.fault("disposal-remains", "case", rows.case.id.hex(), found)
    if rows.case.state != "closed":
        findings.fault("disposal-remains", "case", rows.case.id.hex(), f"it was deleted, and is {rows.case.state}")


def _signed(findings: Findings, directory: Directory, row: DisposalRow) -> Disposal | None:
    findings.count("lists of what is to be deleted")
    try:
        return check(directory, row)
    except DisposalRefused as error:
        findings.fault("disposal-forged", "disposal", row.id.hex(), str(error))
        return None


def _check_due(
    ctx: Context,
    findings: Findings,
    tx: Tx,
    directory: Directory,
    row: DisposalRow,
    made: Disposal,
    stones: Mapping[bytes, bytes],
) -> None:
    """A list is carried out whole or not at all, in time."""
    done = [one.case for one in made.cases if stones.get(one.case) == row.id]
    stopped = row.id in undone(tx)
    if done and len(done) < len(made.cases):
        found = f"{len(done)} of its {len(made.cases)} cases were deleted"
        findings.fault("disposal-partly", "disposal", row.id.hex(), found)
    elif done and stopped:
        findings.fault("disposal-partly", "disposal", row.id.hex(), "it was stopped, and carried out")
    elif not done and not stopped and made.due + PATIENCE < ctx.clock.today():
        why, _ = apart(tx, directory, row, made)
        found = f"it was due on {made.due}" + (f" and does not hold: {why}" if why else "")
        findings.fault("disposal-waiting", "disposal", row.id.hex(), found)


def _check_stones(
    findings: Findings, good: Mapping[bytes, Disposal], stones: Mapping[bytes, bytes], files: Mapping[bytes, bytes]
) -> None:
    for case, list_id in stones.items():
        if not _names(good, list_id, case):
            findings.fault("tombstone-unsigned", "tombstone", case.hex(), "no list that two officers signed names it")
    for id_, list_id in files.items():
        if list_id not in good or id_ not in good[list_id].blobs:
            found = "no list that two officers signed names this file"
            findings.fault("tombstone-unsigned", "blob_tombstone", id_.hex(), found)


def _names(good: Mapping[bytes, Disposal], list_id: bytes, case: bytes) -> bool:
    return list_id in good and any(one.case == case for one in good[list_id].cases)
