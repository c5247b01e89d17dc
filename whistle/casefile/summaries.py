"""Seal and open the summary: under the thread key at intake, under the file key from the first opening on."""

from whistle.casefile import canon
from whistle.casefile.derive import Derived, derive
from whistle.casefile.reading import CaseFile
from whistle.crypto.envelope import Chain, SummaryPlace, commitment, open_summary, seal_summary
from whistle.crypto.suite import Refused
from whistle.domain.deadlines import next_due
from whistle.domain.stages import STAGES
from whistle.domain.summary import Summary
from whistle.store import cases
from whistle.store.database import Tx
from whistle.store.rows import SummaryRow


def seal_case_summary(file: CaseFile, summary: Summary) -> SummaryRow:
    """The row for ``summary``, sealed under the newest key that all desk readers of the case hold."""
    chain = Chain.FILE if file.reads_file else Chain.THREAD
    epoch = file.epoch(chain)
    key = file.keys[(chain, epoch)]
    place = SummaryPlace(file.directory.installation, file.case.id, chain, epoch, commitment(key))
    return SummaryRow(file.case.id, int(chain), epoch, seal_summary(key, place, canon.dumps(summary.to_dict())))


def open_case_summary(installation: bytes, row: SummaryRow, key: bytes) -> Summary:
    """The summary in ``row``. Raises Refused when it was changed, swapped or is of another key."""
    place = SummaryPlace(installation, row.case, Chain(row.chain), row.epoch, commitment(key))
    try:
        return Summary.from_dict(canon.loads(open_summary(key, place, row.sealed)))
    except (ValueError, TypeError, KeyError) as error:
        raise Refused("the summary cannot be read") from error


def save(tx: Tx, file: CaseFile) -> Derived:
    """Derive the case's state anew, store its summary and what stands in the clear of it."""
    derived = derive(file)
    summary = derived.summary
    due = next_due(summary)
    cases.put_summary(tx, seal_case_summary(file, summary))
    cases.set_state(tx, file.case.id, STAGES[summary.stage].coarse, due.day if due else None)
    return derived
