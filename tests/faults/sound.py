"""Is the store sound after a fault? Every receipt opens its own report, once, and `verify` finds nothing wrong."""

from collections.abc import Mapping

from whistle.crypto.receipt import Receipt, keys_of
from whistle.services import followup
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.verify.findings import Fault, Findings
from whistle.services.verify.whole import Asked, verify

HASTY = "setting-unsafe"  # the server that all tests share does not wait for the disk; of that no test here speaks


def check(ctx: Context, reader: Officer, stories: Mapping[str, Receipt], unacknowledged: int = 0) -> None:
    """Raises AssertionError that says what is wrong.

    ``stories``: what was acknowledged, story -> receipt. Up to ``unacknowledged`` more reports may be there: those
    whose answer did not reach the reporter. ``reader`` opens what an officer can open.
    """
    with ctx.store.read() as tx:
        installation = ctx.directory(tx).installation
    for story, receipt in stories.items():
        view = followup.open_with_root(ctx, keys_of(receipt, installation).root)
        assert [item.text for item in view.thread].count(story) == 1, f"{story!r} is not what its receipt opens"
        assert view.thread[0].text == story
    faults: list[Fault] = []
    findings = Findings(faults.append)
    verify(ctx, findings, Asked(reader=reader))
    assert [fault for fault in faults if fault.code != HASTY] == []
    extra = findings.checked["cases"] - len(set(stories.values()))
    assert 0 <= extra <= unacknowledged, f"{extra} reports more than receipts"
    assert findings.checked["leaves"] == findings.checked["cases"]
