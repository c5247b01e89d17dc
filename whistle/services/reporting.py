"""The month's integrity figures, computed from decrypted summaries; nothing readable is stored."""

from whistle.casefile.disposal import logs_read
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Figures, Month, month_figures
from whistle.services import listing
from whistle.services.aside import aside
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.store import disposals


def deleted(ctx: Context, officer: Officer, month: Month) -> int:
    """How many reports of this officer's logs came in up to that month and are in no figure: they were deleted."""
    with ctx.store.read() as tx:
        logs = logs_read(ctx.directory(tx).current, officer.id, ctx.clock.today())
        return disposals.count_buried(tx, logs, month.last)


def report(ctx: Context, officer: Officer, month: Month, export: bool = False) -> Figures:
    """The figures of the cases that this officer reads. The look (or the export) is recorded."""
    summaries, today = listing.summaries(ctx, officer), ctx.clock.today()
    figures = aside(lambda: month_figures(summaries, month, CALENDAR, today))
    with ctx.store.write() as tx:
        record(ctx, tx, officer, "export" if export else "figures")
    return figures
