"""Work on many cases that officers' sessions do a batch at a time: grants for a newcomer, epochs after a removal."""

from sqlalchemy import select

from whistle.store import tables as t
from whistle.store._sql import columns, insert, upsert, values
from whistle.store.engine import Tx
from whistle.store.rows import JobRow

_ROW = select(*columns(t.work, JobRow))


def add(tx: Tx, row: JobRow) -> None:
    insert(tx, t.work, [row])


def get(tx: Tx, job: bytes) -> JobRow | None:
    row = tx.execute(_ROW.where(t.work.c.id == job)).first()
    return JobRow(*row) if row else None


def every(tx: Tx) -> list[JobRow]:
    """All jobs, the oldest first."""
    return [JobRow(*row) for row in tx.execute(_ROW.order_by(t.work.c.created, t.work.c.id))]


def of_officer(tx: Tx, officer: bytes) -> list[JobRow]:
    """The jobs that wait for one officer's session, the oldest first."""
    query = _ROW.where(t.work.c.officer == officer).order_by(t.work.c.created, t.work.c.id)
    return [JobRow(*row) for row in tx.execute(query)]


def progress(tx: Tx, row: JobRow) -> None:
    """Note how far a job has come; one that is not there yet begins."""
    upsert(tx, t.work, values(row), ("created", "done", "total", "state", "place", "given", "broken", "later"))


def delete(tx: Tx, job: bytes) -> None:
    tx.execute(t.work.delete().where(t.work.c.id == job))
