"""Seal and open the summary: under the thread key at intake, under the file key from the first opening on."""

from whistle.casefile import canon
from whistle.casefile.derive import Derived, derive
from whistle.casefile.reading import CaseBroken, CaseFile, holding
from whistle.crypto.envelope import Chain, SummaryPlace, commitment, open_summary, seal_summary
from whistle.crypto.suite import Refused
from whistle.domain.deadlines import next_due
from whistle.domain.stages import STAGES
from whistle.domain.summary import Summary
from whistle.domain.summary_form import from_bytes, to_bytes
from whistle.store import cases
from whistle.store.database import Tx
from whistle.store.rows import SummaryRow


def seal_case_summary(file: CaseFile, summary: Summary) -> SummaryRow:
    """The row for ``summary``, sealed under the newest key that all desk readers of the case hold."""
    chain = Chain.FILE if file.reads_file else Chain.THREAD
    epoch = file.epoch(chain)
    key = file.keys[(chain, epoch)]
    place = SummaryPlace(file.directory.installation, file.case.id, chain, epoch, commitment(key))
    return SummaryRow(file.case.id, int(chain), epoch, seal_summary(key, place, to_bytes(summary)))


def open_case_summary(installation: bytes, row: SummaryRow, key: bytes) -> Summary:
    """The summary in ``row``. Raises Refused when it was changed, swapped or is of another key."""
    place = SummaryPlace(installation, row.case, Chain(row.chain), row.epoch, commitment(key))
    try:
        return from_bytes(open_summary(key, place, row.sealed))
    except canon.UNREADABLE as error:
        raise Refused("the summary cannot be read") from error


def check_ends(tx: Tx, file: CaseFile) -> None:
    """Raises CaseBroken when the stored summary reflects entries that are no longer there.

    A summary behind the entries is stale, for reporters do not write it; one ahead of them saw what was removed.
    """
    row = cases.get_summary(tx, file.case.id)
    if row is None or (Chain(row.chain), row.epoch) not in file.keys:
        return
    try:
        seen = open_case_summary(file.directory.installation, row, file.keys[(Chain(row.chain), row.epoch)])
    except Refused:
        return
    if seen.thread_places > len(file.thread) or seen.file_places > len(file.file):
        raise CaseBroken("the summary counts entries that are not there: the end of a chain was removed")


def save(tx: Tx, file: CaseFile) -> Derived:
    """Derive the case's state anew, store its summary and what stands in the clear of it."""
    derived = derive(file)
    summary = derived.summary
    with holding():
        due, row = next_due(summary), seal_case_summary(file, summary)
    cases.put_summary(tx, row)
    cases.set_state(tx, file.case.id, STAGES[summary.stage].coarse, due.day if due else None)
    return derived
