"""Close a case; *terbukti* and *tidak terbukti* need a second person (DOMAIN section 4)."""

from dataclasses import asdict
from typing import Any

from whistle.domain.results import RESULTS
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.refusals import Refusal
from whistle.services.views import Closing
from whistle.services.work import Seen, Work, working


def close(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, closing: Closing, seen: Seen | None = None
) -> bool:
    """Close, or propose to. Returns whether the case is closed now (False: it waits for a second person)."""
    with working(ctx, officer, case_id, action_id, "close", seen) as work:
        needs_second = RESULTS[closing.result].needs_second
        if work.again:
            return not needs_second
        work.check_not_closing()
        work.check_move("SELESAI")
        if needs_second:
            work.write("close_proposed", {"closing": asdict(closing), "text": closing.summary})
        else:
            _finish(work, {"closing": asdict(closing), "text": closing.summary})
        return not needs_second


def approve(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, note: str = "", seen: Seen | None = None
) -> None:
    """The second person agrees: the case is closed with what was proposed. Raises Refusal."""
    with working(ctx, officer, case_id, action_id, "close", seen) as work:
        if work.again:
            return
        proposal = _proposal(work)
        work.check_move("SELESAI")
        closing = proposal.data["closing"]
        _finish(work, {"closing": closing, "proposal": proposal.id.hex(), "text": note})


def give_back(
    ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, reason: str, seen: Seen | None = None
) -> None:
    """The second person does not agree: the proposal is withdrawn with a reason. Raises Refusal."""
    with working(ctx, officer, case_id, action_id, "close", seen) as work:
        if work.again:
            return
        proposal = _proposal(work)
        work.write("close_returned", {"proposal": proposal.id.hex(), "text": reason})


def _proposal(work: Work) -> Any:
    proposal = work.derived.pending
    if proposal is None:
        raise Refusal("nothing_to_approve")
    if proposal.author == work.officer.id:
        raise Refusal("second_person")
    return proposal


def _finish(work: Work, data: dict[str, Any]) -> None:
    closing = data["closing"]
    work.write("closed", data)
    work.tell("closing", {"result": closing["result"], "text": closing["answer"]})
