"""What PostgreSQL's own numbers tell of when rows came, before and after the tables are rewritten."""

import os
import threading
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.store.making import a_case, a_grant, a_manifest, an_audit_row, an_officer, take_in
from whistle.store import audit, cases, officers, settings
from whistle.store.database import Store, StoreUnavailable, Tx, compact
from whistle.store.rows import SummaryRow, ThrottleRow
from whistle.store.tables import metadata
from whistle.store.triggers import GUARDS, names, present

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def write(store: Store, count: int) -> None:
    """Reports, each in a transaction of its own, and officers' acts between them."""
    for number in range(count):
        with store.write() as tx:
            case = take_in(tx, a_case())
            cases.next_number(tx, f"{number % 3}")
        with store.write() as tx:
            cases.rewrap_grant(tx, a_grant(case.id, form="vault"))
            cases.put_summary(tx, SummaryRow(case.id, 1, 0, os.urandom(2048)))
            officers.insert_officer(tx, an_officer(f"officer-{number}"))
            officers.insert_manifest(tx, a_manifest(number + 1))
            officers.put_throttle(tx, ThrottleRow(os.urandom(32), 1, 1))
            settings.put_setting(tx, f"{number}", b"x")
            seq, digest = audit.head(tx)
            audit.append(tx, an_audit_row(seq + 1, digest))


def content(tx: Tx) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: sorted((tuple(row) for row in tx.execute(table.select())), key=repr)
        for name, table in metadata.tables.items()
    }


def numbers(tx: Tx, table: str) -> set[str]:
    return set(tx.execute(text(f'SELECT DISTINCT xmin::text FROM "{table}"')).scalars())


def first_bytes(administrator: psycopg.Connection, table: str) -> list[bytes]:
    """The beginning of each large value of a table, in the order of the numbers that PostgreSQL gave them."""
    named = f"SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = '{table}'::regclass"
    ((toast,),) = administrator.execute(named.encode()).fetchall()
    chunks = f"SELECT chunk_data FROM {toast} WHERE chunk_seq = 0 ORDER BY chunk_id"
    return [chunk[:16] for (chunk,) in administrator.execute(chunks.encode()).fetchall()]


def test_after_compacting_no_number_of_postgresqls_tells_the_order_of_arrival(
    store: Store, administrator: psycopg.Connection
) -> None:
    # Given reports whose rows bear the numbers of their transactions, in the order in which they came
    write(store, 25)
    with store.read() as tx:
        before = content(tx)
        assert len(numbers(tx, "leaf")) == 25
        sealed = text("SELECT substr(sealed, 1, 16) FROM entry ORDER BY slot")
        in_order_of_keys = list(tx.execute(sealed).scalars())
        assert sorted(first_bytes(administrator, "entry")) == sorted(in_order_of_keys)
        assert first_bytes(administrator, "entry") != in_order_of_keys
    # When the database is compacted
    compact(store.engine)
    with store.read() as tx:
        # Then all rows of a table bear one number, its large values are numbered by random keys, and lie in that order
        for name in metadata.tables:
            assert len(numbers(tx, name)) == (1 if before[name] else 0), name
        assert first_bytes(administrator, "entry") == in_order_of_keys
        for name in ("entry", "grant", "case", "leaf"):
            key = next(iter(metadata.tables[name].primary_key)).name
            lies = list(tx.execute(text(f'SELECT "{key}" FROM "{name}" ORDER BY ctid')).scalars())
            assert lies == sorted(lies), name
        # And nothing else has changed, and what guards the tables is in force
        assert content(tx) == before
        assert present(tx) == {name for guard in GUARDS for name in names("postgresql", guard)}


def test_whoever_reads_meanwhile_finds_everything(store: Store) -> None:
    write(store, 10)
    with store.read() as tx:
        count = len(cases.all_case_ids(tx))
    over, found = threading.Event(), set[int]()

    def read() -> None:
        while not over.is_set():
            with store.read() as tx:
                found.add(tx.execute(text("SELECT count(*) FROM manifest")).scalar_one())
                found.add(len(cases.all_case_ids(tx)))
                found.add(tx.execute(text("SELECT count(*) FROM entry")).scalar_one())

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            compact(store.engine)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert found == {count}


def test_whoever_still_sees_the_replaced_rows_is_waited_for(
    store: Store, administrator: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, 5)
    monkeypatch.setattr("whistle.store.upkeep.PATIENCE", 0.1)
    # Given somebody who holds no table, and sees the database as it was
    with administrator.transaction():
        administrator.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        administrator.execute("SELECT 1")
        # Then the old rows cannot go yet, and that is said
        with pytest.raises(StoreUnavailable, match="does not give way"):
            compact(store.engine)
    # And when they are gone, nothing old is left
    monkeypatch.setattr("whistle.store.upkeep.PATIENCE", 30.0)
    compact(store.engine)
    assert len(first_bytes(administrator, "entry")) == 5


@pytest.mark.parametrize("step", ["_renumber", "_lay_out"])
def test_a_rewriting_that_fails_leaves_everything_as_it_was(
    engine: Engine, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from whistle.store import rewriting

    write(store, 3)
    with store.read() as tx:
        before = content(tx)
    real: Callable[..., None] = getattr(rewriting, step)

    def fail(tx: Tx, table: object) -> None:
        real(tx, table)
        raise ZeroDivisionError

    monkeypatch.setattr(rewriting, step, fail)
    with pytest.raises(ZeroDivisionError):
        compact(engine)
    with store.read() as tx:
        assert content(tx) == before
        assert present(tx) == {name for guard in GUARDS for name in names("postgresql", guard)}
