"""Rewrite PostgreSQL's tables so that nothing in them tells what came when.

A heap keeps rows in the order in which they came. Each row keeps the number of its transaction (xmin), so that the rows
of one report stand out together, a leaf of the log among them, and rows of the audit log, which have their times, tell
between when and when it came. And large values have numbers of their own (TOAST), which only grow.

CLUSTER lays a table out by its random key, and leaves all those numbers as they are. So each row is first replaced by
its like, in the order of the keys and in one transaction, whose number all rows then share. Both steps keep what older
snapshots see, so that neither a reader nor a backup finds a table empty (ALTER TABLE, which also writes rows anew,
does not).
"""

import re
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, LargeBinary, String, Table, text

from whistle.store.engine import Store
from whistle.store.errors import StoreUnavailable
from whistle.store.postgresql import noticing
from whistle.store.tables import metadata

_ASK = 1.0  # seconds to wait for a table; whoever comes meanwhile waits behind
_REST = 0.5  # seconds to let them through before asking again

_OTHERS_TABLES = text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
    "AND NOT pg_has_role(current_user, relowner, 'USAGE')"
)


def rewrite(engine: Engine, patience: float) -> None:
    """Rewrite every table, one after the other.

    A table is not written to meanwhile, and for the second half not read. Raises StoreUnavailable when others hold on
    to one for more than ``patience`` seconds, and at once when the disk is full or the server stops.
    """
    store = Store(engine, _ASK, unhurried=True)
    with store.read() as tx:
        if tx.execute(_OTHERS_TABLES).scalar_one():
            raise StoreUnavailable("the tables are another role's: use the address of peluit_owner")
    for table in metadata.sorted_tables:
        _insist(store, table, _renumber, patience)
        _insist(store, table, _lay_out, patience)
    with store.write() as tx:
        tx.execute(text("ANALYZE"))


def _insist(store: Store, table: Table, step: Callable[[Connection, Table], bool], patience: float) -> None:
    """Do one step until it is whole, each time asking for one table alone, so that there is no deadlock."""
    deadline, reason = time.monotonic() + patience, None
    while True:
        try:
            with store.write() as tx:
                whole = step(tx, table)
            if whole:
                return
        except StoreUnavailable as error:
            if not _in_the_way(error):
                raise  # a full disk is not asked again: each try takes room that reports need
            reason = error
        if time.monotonic() > deadline:
            raise StoreUnavailable(f"a reader or a writer of {table.name} does not give way") from reason
        time.sleep(_REST)


def _in_the_way(error: StoreUnavailable) -> bool:
    """Whether somebody else held on to the table: no lock in time, or a deadlock (PostgreSQL, appendix A)."""
    return getattr(error.__cause__, "sqlstate", None) in ("55P03", "40P01")


def _renumber(tx: Connection, table: Table) -> bool:
    """Replace every row by its like. The triggers that refuse this stand aside, inside this transaction only."""
    key = next(iter(table.primary_key)).name
    tx.execute(text(f'LOCK TABLE "{table.name}" IN EXCLUSIVE MODE'))
    tx.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER'))
    for way in ("seqscan", "bitmapscan"):  # what is left is the walk along the primary key
        tx.execute(text(f"SET LOCAL enable_{way} = off"))
    tx.execute(text(f'UPDATE "{table.name}" SET {_likes(table)} WHERE "{key}" >= {_least(table)}'))  # noqa: S608
    tx.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER'))
    return True


def _likes(table: Table) -> str:
    """Every value that may be large as one that has to be stored anew, and is the same; a key as it is."""
    large = [c for c in table.columns if isinstance(c.type, LargeBinary | String) and not c.primary_key]
    keys = {column.name for column in table.columns if column.foreign_keys or column.primary_key}
    changed = [f"\"{c.name}\" = \"{c.name}\" || ''" for c in large if c.name not in keys]
    return ", ".join(changed) or ", ".join(f'"{c.name}" = "{c.name}"' for c in table.columns)


def _least(table: Table) -> str:
    """What no value of the first column of the primary key is below."""
    return "''" if isinstance(next(iter(table.primary_key)).type, LargeBinary | String) else str(-(2**31))


def _lay_out(tx: Connection, table: Table) -> bool:
    """Sort the rows. False when replaced ones had to stay, since somebody still sees the table as it was before."""
    with noticing(tx) as details:
        tx.execute(text(f'CLUSTER VERBOSE "{table.name}" USING "pk_{table.name}"'))
    # "… dead row versions cannot be removed yet", in the server's language
    return not any(int(number) for number in re.findall(r"^(\d+)", "\n".join(details)))
