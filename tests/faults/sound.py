"""Is the store sound after a fault? Every receipt opens its own report, once, and nothing half-written is left."""

from collections.abc import Mapping

from whistle.casefile.manifest import Directory
from whistle.crypto.receipt import Receipt, keys_of
from whistle.services import followup, recording
from whistle.services.context import Context
from whistle.store import audit
from whistle.store.database import Tx

ONE_A_CASE = ("reporter", "summary", "identity", "leaf")


def check(ctx: Context, stories: Mapping[str, Receipt], unacknowledged: int = 0) -> None:
    """Raises AssertionError that says what is wrong.

    ``stories``: what was acknowledged, story -> receipt. Up to ``unacknowledged`` more reports may be there: those
    whose answer did not reach the reporter.
    """
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
    for story, receipt in stories.items():
        view = followup.open_with_root(ctx, keys_of(receipt, directory.installation).root)
        assert view.thread[0].text == story, f"the receipt of {story!r} opens another report"
    with ctx.store.read() as tx:
        cases = _count(tx, "case")
        extra = cases - len(set(stories.values()))
        assert 0 <= extra <= unacknowledged, f"{extra} cases more than receipts"
        for table in ONE_A_CASE:
            assert _count(tx, table) == cases, f"{table} has other rows than case"
        _places(tx)
        _audit(tx, directory)
        if tx.dialect.name == "sqlite":
            assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def _count(tx: Tx, table: str) -> int:
    return int(tx.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608


def _places(tx: Tx) -> None:
    """Of every chain the places are 0, 1, 2 ... without a gap, and every case has a first entry."""
    query = 'SELECT count(*), min(place), max(place) FROM "entry" GROUP BY "case", chain'
    for count, first, last in tx.exec_driver_sql(query):
        assert (first, last) == (0, count - 1), "a chain has a gap"
    query = 'SELECT count(*) FROM "case" c WHERE NOT EXISTS (SELECT 1 FROM "entry" e WHERE e."case" = c.id)'
    assert tx.exec_driver_sql(query).scalar_one() == 0, "a case without a first entry"


def _audit(tx: Tx, directory: Directory) -> None:
    """The audit log is one chain from its first row, every row signed by its officer."""
    rows = audit.following(tx, 0, 1_000_000)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1)), "the audit log has a gap"
    assert recording.check(rows, directory.sign_keys, bytes(32)) is None
