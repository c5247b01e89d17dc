"""Send a case to a unit: its officers are given the keys, and a signed entry names them."""

from whistle.casefile.writing import grant_all
from whistle.domain.routes import units_for
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.refusals import Refusal
from whistle.services.work import Seen, working


def route(
    ctx: Context,
    officer: Officer,
    case_id: bytes,
    action_id: bytes,
    unit: str,
    reason: str,
    seen: Seen | None = None,
) -> None:
    """Raises Refusal "unit" (the track never goes there), "empty_unit" (nobody is admitted to it) or "same_unit"."""
    with working(ctx, officer, case_id, action_id, "route", seen) as work:
        if work.again:
            return
        work.check_not_closing()
        if unit not in units_for(work.file.track):
            raise Refusal("unit", unit=unit)
        if unit == work.derived.summary.unit:
            raise Refusal("same_unit", unit=unit)
        readers = work.file.directory.current.unit(unit, work.when.day)
        if not readers:
            raise Refusal("empty_unit", unit=unit)
        named = [reader.id.hex() for reader in readers]
        sequence = work.file.directory.current.sequence
        work.write("route", {"unit": unit, "readers": named, "manifest": sequence, "text": reason})
        grant_all(work.tx, work.file, readers)
