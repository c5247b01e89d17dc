"""The cases of one log in the order of their ids, for recovery to walk through and to be taken up again.

Those whose contents were deleted are not among them: nobody has a key of them.
"""

import os

from sqlalchemy import exists, func, select

from whistle.store import tables as t
from whistle.store.disposals import living
from whistle.store.engine import Tx


def ids(tx: Tx, log: str, after: bytes, limit: int) -> list[bytes]:
    """The next ``limit`` case ids of ``log`` behind ``after`` (b"" from the first on)."""
    query = select(t.case.c.id).where(t.case.c.log == log, t.case.c.id > after, living())
    query = query.order_by(t.case.c.id).limit(limit)
    return list(tx.execute(query).scalars())


def count(tx: Tx, log: str) -> int:
    """How many cases ``log`` holds."""
    query = select(func.count()).select_from(t.case).where(t.case.c.log == log, living())
    return int(tx.execute(query).scalar_one())


def count_held(tx: Tx, log: str, reader: bytes) -> int:
    """How many cases of ``log`` have a grant of their thread for ``reader``."""
    held = exists().where(t.grant.c.reader == reader, t.grant.c.case == t.case.c.id, t.grant.c.chain == 1)
    return int(tx.execute(select(func.count()).select_from(t.case).where(t.case.c.log == log, held)).scalar_one())


def any_of(tx: Tx, log: str) -> bytes | None:
    """The id of a case of ``log``, another one every time; None when there is none."""
    start = os.urandom(16)
    return next((found[0] for after in (start, b"") if (found := ids(tx, log, after, 1))), None)
