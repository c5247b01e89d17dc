"""Named values of the installation (its id, for one), as bytes."""

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store._sql import upsert
from whistle.store.engine import Tx


def get_setting(tx: Tx, name: str) -> bytes | None:
    return tx.execute(select(t.setting.c.value).where(t.setting.c.name == name)).scalar()


def put_setting(tx: Tx, name: str, value: bytes) -> None:
    """Set a value in place of the one before."""
    upsert(tx, t.setting, {"name": name, "value": value}, ("value",))
