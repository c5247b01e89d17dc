"""What is set on every connection to PostgreSQL, whatever its server, database or role would have by default."""

import os
import re
import subprocess
import sys
import threading
from datetime import date

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text

from tests.store.making import OTHER, READER, a_case, an_officer, fill, take_in
from whistle.store import cases, enrolments, invitations, officers
from whistle.store.database import AppendOnly, Store, StoreUnavailable, Tx, make_engine
from whistle.store.tables import metadata
from whistle.store.triggers import GUARDS

here = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def setting(tx: Tx, name: str) -> str:
    return str(tx.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one())


@here
@pytest.mark.parametrize("default", ["off", "local", "remote_write"])
def test_a_commit_is_durable_whatever_the_default_is(
    database: str, administrator: psycopg.Connection, default: str
) -> None:
    # Given a role and a database for which commits may vanish in a crash
    name = make_url(database).database
    administrator.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = {default}'.encode())
    engine = make_engine(database)
    with engine.connect() as plain:
        assert plain.exec_driver_sql("SHOW synchronous_commit").scalar() == default
    # Then each writing transaction waits for the disk all the same, also the ones that come after
    for _ in range(3):
        with Store(engine).write() as tx:
            assert setting(tx, "synchronous_commit") == "on"
            take_in(tx, a_case())
    engine.dispose()


@here
def test_standbys_that_have_to_apply_first_are_still_waited_for(
    database: str, administrator: psycopg.Connection
) -> None:
    name = make_url(database).database
    administrator.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = remote_apply'.encode())
    engine = make_engine(database)
    with Store(engine).write() as tx:
        assert setting(tx, "synchronous_commit") == "remote_apply"
    engine.dispose()


@here
def test_writers_lock_what_they_decide_by_and_readers_see_one_moment(store: Store) -> None:
    with store.write() as tx:
        assert setting(tx, "transaction_isolation") == "read committed"
        assert setting(tx, "lock_timeout") == "10s"
        assert setting(tx, "statement_timeout") == "30s"
        assert setting(tx, "idle_in_transaction_session_timeout") == "20s"
    with store.read() as tx:
        assert setting(tx, "transaction_isolation") == "repeatable read"
        assert setting(tx, "transaction_read_only") == "on"
        assert setting(tx, "lock_timeout") == "10s"
        assert setting(tx, "statement_timeout") == "30s"
        assert setting(tx, "TimeZone") == "UTC"
        assert setting(tx, "search_path") == "public"
    with Store(store.engine, unhurried=True).write() as tx:
        assert setting(tx, "statement_timeout") == "0"


@here
def test_what_waits_too_long_for_a_row_is_told_and_stored_nothing(engine: Engine) -> None:
    patient, hasty = Store(engine), Store(engine, patience=0.1)
    with patient.write() as tx:
        case = take_in(tx, a_case())
    with patient.write() as tx:
        cases.lock_case(tx, case.id)
        with pytest.raises(StoreUnavailable, match="lock timeout"), hasty.write() as other:
            take_in(other, a_case())
            cases.lock_case(other, case.id)
    with patient.read() as tx:
        assert cases.all_case_ids(tx) == [case.id]


@here
def test_a_deadlock_is_a_store_that_is_unavailable_for_one_of_two(store: Store) -> None:
    # Given two cases that two transactions lock in different orders, which the product never does
    with store.write() as tx:
        one, two = take_in(tx, a_case()), take_in(tx, a_case())
    both = threading.Barrier(2)
    ended: list[BaseException | None] = []

    def work(first: bytes, second: bytes) -> None:
        try:
            with store.write() as tx:
                cases.lock_case(tx, first)
                both.wait(10)
                cases.lock_case(tx, second)
            ended.append(None)
        except StoreUnavailable as error:
            ended.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in ((one.id, two.id), (two.id, one.id))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(error is None for error in ended) == [False, True]


@here
@pytest.mark.parametrize("table", [guard.table for guard in GUARDS])
def test_no_row_is_removed_or_changed_by_whoever_may_do_everything(
    store: Store, administrator: psycopg.Connection, table: str
) -> None:
    # Given a row in every table that is only ever added to
    with store.write() as tx:
        fill(tx)
    before = administrator.execute(f'SELECT * FROM "{table}"'.encode()).fetchall()
    assert before
    (guard,) = [guard for guard in GUARDS if guard.table == table]
    fixed = guard.frozen or metadata.tables[table].columns.keys()
    # Then it can neither be removed nor changed in what is fixed, by way of an insert either
    wanted = [f'DELETE FROM "{table}"', f'TRUNCATE "{table}" CASCADE']
    wanted += [f'UPDATE "{table}" SET "{name}" = "{name}"' for name in fixed]
    keys = [key for key in guard.keys if set(key) <= set(fixed)]
    wanted += [
        f'INSERT INTO "{table}" SELECT * FROM "{table}" ON CONFLICT ({", ".join(map(quoted, key))}) '
        f"DO UPDATE SET {quoted(fixed[-1])} = EXCLUDED.{quoted(fixed[-1])}"
        for key in keys[:1]
    ]
    for statement in wanted:
        with pytest.raises(psycopg.Error, match=f"append only: {table}") as refused:
            administrator.execute(statement.encode())
        assert refused.value.sqlstate == "PL001"
    assert administrator.execute(f'SELECT * FROM "{table}"'.encode()).fetchall() == before


def quoted(name: str) -> str:
    return f'"{name}"'


@here
def test_the_store_calls_a_refusal_by_its_name(store: Store) -> None:
    with store.write() as tx:
        take_in(tx, a_case())
    with pytest.raises(AppendOnly), store.write() as tx:
        tx.execute(text("DELETE FROM entry"))


@here
@pytest.mark.parametrize("day", ["infinity", "-infinity", "4713-01-01 BC", "20000-01-01"])
def test_a_day_that_is_none_breaks_no_list(store: Store, administrator: psycopg.Connection, day: str) -> None:
    with store.write() as tx:
        broken, whole = take_in(tx, a_case()), take_in(tx, a_case())
    administrator.execute('ALTER TABLE "case" DISABLE TRIGGER USER')
    administrator.execute('UPDATE "case" SET day = %s, next_day = %s WHERE id = %s', (day, day, broken.id))
    with store.read() as tx:
        listed = {row.case.id: row.case.day for row in cases.overview(tx, READER)}
    assert listed == {broken.id: date.min, whole.id: whole.day}


@here
def test_a_name_with_a_nul_is_nobodys(store: Store) -> None:
    with store.write() as tx:
        officers.insert_officer(tx, an_officer())
    with store.read() as tx:
        assert officers.by_login(tx, "rahma\0") is None
        assert enrolments.by_login(tx, "\0") is None
        assert invitations.by_login(tx, "\0") is None
        assert officers.by_login(tx, "rahma") is not None


@here
def test_names_are_in_one_order_whatever_the_databases_language_is(database: str, store: Store) -> None:
    logins = ["a-b", "ab", "B", "a_c", "é"]
    with store.write() as tx:
        for login in logins:
            officers.insert_officer(tx, an_officer(login))
    with store.read() as tx:
        assert [row.login for row in officers.all_officers(tx)] == sorted(logins)


@here
def test_a_database_that_is_not_in_utf8_is_refused(database: str, administrator: psycopg.Connection) -> None:
    name = f"latin_{os.urandom(4).hex()}"
    administrator.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0".encode())
    try:
        engine = make_engine(make_url(database).set(database=name))
        with pytest.raises(StoreUnavailable, match="make one with ENCODING 'UTF8'"), Store(engine).read() as tx:
            tx.execute(text("SELECT 1"))
        engine.dispose()
    finally:
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


GEVENT = """
import sys
from gevent import monkey
monkey.patch_all()
import gevent, time
from sqlalchemy import text
from whistle.store.database import Store, make_engine

store = Store(make_engine(sys.argv[1]))
beats = []

def beat():
    while True:
        beats.append(time.monotonic())
        gevent.sleep(0.01)

heart = gevent.spawn(beat)
def sleep(_):
    with store.read() as tx:
        tx.execute(text("SELECT pg_sleep(1)"))
began = time.monotonic()
jobs = [gevent.spawn(sleep, n) for n in range(8)]
gevent.joinall(jobs, raise_error=True)
assert time.monotonic() - began < 5, "they waited for each other"
assert max(b - a for a, b in zip(beats, beats[1:])) < 0.8, "everybody waited for the database"
"""


@here
def test_under_gevent_only_who_asked_waits_for_an_answer(database: str) -> None:
    done = subprocess.run([sys.executable, "-c", GEVENT, database], timeout=60, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@here
def test_grants_are_found_by_an_index_and_no_large_table_is_walked(store: Store) -> None:
    from whistle.store import overview

    with store.write() as tx:
        for _ in range(20):
            take_in(tx, a_case(), readers=(READER, OTHER))
    plans = {
        "first page": overview.page(READER, ("open", "waiting"), 50),
        "few": overview.page(READER, None, 50, few=True),
        "some": overview.some(READER, None, [os.urandom(16)] * 3),
    }
    with store.read() as tx:
        tx.execute(text("SET LOCAL enable_seqscan = off"))  # so small a table would be walked anyway
        for name, query in plans.items():
            compiled = query.compile(dialect=tx.dialect, compile_kwargs={"render_postcompile": True})
            plan = "\n".join(tx.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars())  # type: ignore[arg-type]
            assert not re.search(r"Seq Scan on \"?(entry|grant|summary|epoch)", plan), (name, plan)
