"""Store summaries anew that fell behind because their reporters wrote: reporters cannot, so a reader does it once.

Without this every list would derive them again, at every look, for every reader.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from whistle.casefile import summaries
from whistle.casefile.reading import CaseBroken, CaseFile
from whistle.domain.summary import Summary
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.refusals import NotYours
from whistle.services.work import locked
from whistle.store.database import StoreUnavailable

AT_ONCE = 20  # cases in one transaction: a tenth of a second
MOST = 500  # in one look at the list


def behind(file: CaseFile, stored: Summary, today: date) -> bool:
    """Whether ``stored`` lacks nothing but what the reporter wrote, on days that are over.

    Anything else that is missing was perhaps taken back by somebody, and stays for `verify` to be found. A summary of
    today would be one that somebody looked at after the reporter wrote, which tells about when that was.
    """
    new = file.thread[stored.thread_places :]
    return (
        stored.file_places == len(file.file) > 0
        and len(new) > 0
        and all(entry.author is None and entry.day < today for entry in new)
    )


def mend(ctx: Context, officer: Officer, cases: Sequence[bytes]) -> None:
    """Derive the summaries of ``cases`` again under their locks, and store them. What cannot be stored waits."""
    with suppress(StoreUnavailable):
        for start in range(0, min(len(cases), MOST), AT_ONCE):
            with ctx.store.write() as tx:
                for case in cases[start : start + AT_ONCE]:
                    with suppress(CaseBroken, NotYours):
                        summaries.save(tx, locked(ctx, tx, officer, case))
