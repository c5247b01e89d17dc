"""All files of a case made ready to look at, one after the other; each opening is recorded as a single one is."""

import time
from collections.abc import Callable

from whistle.services import exhibits
from whistle.services.context import Context
from whistle.services.evidence import Vanished
from whistle.services.officer import Officer
from whistle.store.errors import FilesUnavailable

SECONDS = 20.0  # after which no further file is begun: a proxy cuts off an answer that takes too long


def prepare_all(
    ctx: Context,
    officer: Officer,
    case_id: bytes,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Open what nobody opened yet, in the order of the labels. A file that cannot be cleaned or read stops no other.

    What came of it: "all"; "rest" where time ran out with files left over, "gone" where what is stored of some is
    missing or was changed, "away" when the store of files stopped answering. What failed before is not tried anew.
    Raises NotYours, CaseBroken, StoreUnavailable, Refusal "declare_first".
    """
    until, came = clock() + SECONDS, "all"
    for place, file in enumerate(exhibits.unopened(ctx, officer, case_id)):
        if place and clock() >= until:
            return "rest"
        try:
            exhibits.prepare(ctx, officer, case_id, file)
        except Vanished:
            came = "gone"
        except FilesUnavailable:
            return "away"
    return came
