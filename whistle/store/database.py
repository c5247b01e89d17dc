"""What the rooms above know of the database: how to open it, its transactions, its upkeep and its errors."""

from whistle.store.engine import Store, Tx, db, is_write, make_engine, write_alone
from whistle.store.errors import AppendOnly, Conflict, Duplicate, StoreError, StoreUnavailable
from whistle.store.upkeep import compact, current_revision, downgrade, head_revision, migrate

__all__ = [
    "AppendOnly",
    "Conflict",
    "Duplicate",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "Tx",
    "compact",
    "current_revision",
    "db",
    "downgrade",
    "head_revision",
    "is_write",
    "make_engine",
    "migrate",
    "write_alone",
]
