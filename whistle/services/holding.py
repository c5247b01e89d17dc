"""Keep one case from being deleted: a court or a prosecutor asks for it, or somebody objects.

The file's entries say who holds it and why. That it is held also stands in the clear, for the night's work, which has
no key; both change in one transaction.
"""

from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.refusals import Refusal
from whistle.services.work import Seen, working
from whistle.store import cases


def hold(ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, text: str, seen: Seen | None = None) -> None:
    """Hold the case, open or closed, for the reason ``text``. The reporter is told nothing.

    Raises NotYours, CaseBroken, Refusal "held" (it is already).
    """
    with working(ctx, officer, case_id, action_id, "hold", seen) as work:
        if work.again:
            return
        if work.derived.held:
            raise Refusal("held")
        work.write("held", {"text": text})
        cases.set_legal_hold(work.tx, case_id, True)


def release(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, text: str, seen: Seen | None = None
) -> None:
    """Lift the hold for the reason ``text``: from here on the case may be deleted when its time is over.

    Raises NotYours, CaseBroken, Refusal "not_held".
    """
    with working(ctx, officer, case_id, action_id, "release", seen) as work:
        if work.again:
            return
        if not work.derived.held:
            raise Refusal("not_held")
        work.write("released", {"text": text})
        cases.set_legal_hold(work.tx, case_id, False)
