"""The roles of deploy/postgresql/roles.sql, tried by direct SQL, as whoever has taken a process over would."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url

from tests import databases
from tests.inspectorate import Inspectorate, act, complaint
from whistle.casefile.manifest import REPORTER
from whistle.services import casework, followup, intake, rewrapping
from whistle.services.context import Context
from whistle.store import rights
from whistle.store.database import Store, make_engine
from whistle.store.tables import metadata
from whistle.store.trigger_check import triggers_apart

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

EVERY = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
ADDS_AND_READS = {"SELECT", "INSERT"}
FREELY = {"SELECT", "INSERT", "UPDATE", "DELETE"}
CHANNEL: dict[str, set[str]] = {
    "case": {*ADDS_AND_READS, "UPDATE state", "UPDATE next_day"},
    **dict.fromkeys(("reporter", "entry", "epoch", "grant"), ADDS_AND_READS),
    **dict.fromkeys(("identity", "summary", "leaf", "blob"), {"INSERT"}),
    **dict.fromkeys(("manifest", "tombstone"), {"SELECT"}),
}
DESK: dict[str, set[str]] = {
    "case": {"SELECT", "UPDATE state", "UPDATE next_day", "UPDATE legal_hold"},
    **dict.fromkeys(("reporter", "identity", "leaf", "placed", "setting", "alembic_version"), {"SELECT"}),
    **dict.fromkeys(("tombstone", "blob_tombstone"), {"SELECT"}),
    **dict.fromkeys(("entry", "epoch", "manifest", "manifest_names", "audit", "blob", "disposal"), ADDS_AND_READS),
    "draft": {*ADDS_AND_READS, "DELETE"},
    "grant": {*ADDS_AND_READS, "UPDATE form", "UPDATE sealed"},
    "summary": {*ADDS_AND_READS, "UPDATE chain", "UPDATE epoch", "UPDATE sealed"},
    **dict.fromkeys(("officer", "counter"), {*ADDS_AND_READS, "UPDATE"}),
    **dict.fromkeys(("invitation", "enrolment", "totp_reset", "work", "stale_grant", "session", "throttle"), FREELY),
}


@pytest.fixture
def office(office: Inspectorate, database: str) -> Inspectorate:
    """Set up as the owner; the rights are given afterwards, as after any migration."""
    databases.give_roles(database)
    return office


@contextmanager
def as_role(database: str, role: str) -> Iterator[psycopg.Connection]:
    url = make_url(database)
    folder = str(url.query["host"])
    with psycopg.connect(host=folder, dbname=url.database, user=role, autocommit=True) as connection:
        yield connection


def context_of(office: Inspectorate, role: str) -> Context:
    """The office's context in a process that has this role."""
    url = make_url(office.ctx.settings.database_url).set(username=role)
    names = role != databases.CHANNEL
    return Context(Store(make_engine(url)), office.ctx.trust, office.clock, office.ctx.settings, names)


def rights_of(connection: psycopg.Connection, table: str) -> set[str]:
    """The rights of a connection's role on a table: "SELECT", or "UPDATE state" for a right on one column."""
    found = set()
    named = f'public."{table}"'
    for right in EVERY:
        if connection.execute("SELECT has_table_privilege(%s, %s)", (named, right)).fetchone() == (True,):
            found.add(right)
    columns = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", (named,)
    ).fetchall()
    for right in {"SELECT", "INSERT", "UPDATE", "REFERENCES"} - found:
        for (column,) in columns:
            may = "SELECT has_column_privilege(%s, %s, %s)"
            if connection.execute(may, (named, column, right)).fetchone() == (True,):
                found.add(f"{right} {column}")
    return found


@pytest.mark.parametrize(("role", "expected"), [(databases.CHANNEL, CHANNEL), (databases.DESK, DESK)])
def test_each_role_has_the_rights_that_are_meant_and_no_other(
    database: str, office: Inspectorate, role: str, expected: dict[str, set[str]]
) -> None:
    with as_role(database, role) as connection:
        found = {table: rights_of(connection, table) for table in [*metadata.tables, "alembic_version"]}
        assert found == {table: expected.get(table, set()) for table in found}
        for more in ("pg_has_role(current_user, 'peluit_owner', 'MEMBER')", "has_schema_privilege('public', 'CREATE')"):
            assert connection.execute(f"SELECT {more}".encode()).fetchone() == (False,)
        for right in ("CREATE", "TEMPORARY"):
            may = connection.execute("SELECT has_database_privilege(current_database(), %s)", (right,)).fetchone()
            assert may == (False,)


def test_the_desk_can_read_every_table_that_this_program_has(database: str, office: Inspectorate) -> None:
    with context_of(office, databases.DESK).store.read() as tx:
        assert rights.missing(tx) == []


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_a_channel_that_was_taken_over_lists_nothing_of_a_case(
    database: str, office: Inspectorate, table: str
) -> None:
    # Given reports at every stage, and officers who act
    _, keys, _ = office.triaged()
    office.report()
    followup.add(office.ctx, keys.root, act(), "Ada lagi.", None)
    with as_role(database, databases.CHANNEL) as connection:
        rows: list[object] = []
        # Then, without a receipt or with a guess, there is nothing to be read but what everybody may know
        for receipt in ("", "00" * 32, "%", "' OR TRUE --"):
            connection.execute("SELECT set_config('peluit.receipt', %s, false)", (receipt,))
            for what in ("*", "count(*)"):
                try:
                    rows += connection.execute(f'SELECT {what} FROM "{table}"'.encode()).fetchall()
                except psycopg.errors.InsufficientPrivilege:
                    continue
                except psycopg.errors.InvalidParameterValue:  # no hash at all
                    continue
        if table == "manifest":
            assert rows
        else:
            assert {row for row in rows if row != (0,)} == set()


def test_a_channel_that_was_taken_over_sees_of_a_receipt_at_hand_its_thread_and_nothing_of_the_file(
    database: str, office: Inspectorate
) -> None:
    (_, keys, case), (_, _, other) = office.triaged(), office.triaged()
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Catatan.")
    with as_role(database, databases.CHANNEL) as connection:
        connection.execute("SELECT set_config('peluit.receipt', %s, false)", (keys.lookup_hash.hex(),))
        for table in ("case", "reporter", "entry", "epoch", "grant"):
            of = "id" if table == "case" else '"case"'
            found = connection.execute(f'SELECT DISTINCT {of} FROM "{table}"'.encode()).fetchall()
            assert found == [(case,)], table
        for table in ("entry", "epoch", "grant"):
            assert connection.execute(f'SELECT DISTINCT chain FROM "{table}"'.encode()).fetchall() == [(1,)], table
        assert connection.execute('SELECT DISTINCT reader FROM "grant"').fetchall() == [(REPORTER,)]
        # And it can add to no other case, and to no officer's file
        sealed = {"case": case, "other": other, "new": b"n" * 16, "prev": bytes(32), "sealed": b"s"}
        add = 'INSERT INTO entry VALUES (%s, %%(new)s, %%(%s)s, %s, 0, 90, current_date, %%(prev)s, %%(sealed)s)'
        for slot, of, chain in ((1, "other", 1), (2, "case", 2), (3, "other", 2)):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                connection.execute((add % (slot, of, chain)).encode(), sealed)
        connection.execute((add % (4, "case", 1)).encode(), sealed)  # which whoever reads the case refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE \"case\" SET reporter_sign = '\\x00'",
        'UPDATE "case" SET legal_hold = TRUE',
        "DELETE FROM entry",
        "TRUNCATE manifest",
        "INSERT INTO manifest VALUES (99, '', '', '')",
        "INSERT INTO officer SELECT * FROM officer",
        "UPDATE summary SET sealed = '\\x00'",
        'UPDATE "grant" SET sealed = \'\\x00\'',
        "SELECT vault FROM officer",
        "SELECT locked FROM session",
        "SELECT * FROM audit",
        "SELECT * FROM throttle",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY entry TO PROGRAM 'cat'",
        "COPY entry TO '/tmp/entry'",
        "SET ROLE peluit_owner",
        "SET ROLE peluit_desk",
        "SET SESSION AUTHORIZATION peluit_owner",
        "SET row_security = off; SELECT * FROM entry",
        "SET session_replication_role = replica",
        "ALTER TABLE entry DISABLE TRIGGER USER",
        "ALTER TABLE entry DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON entry USING (TRUE)",
        "DROP TABLE entry",
        "CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_what_a_channel_that_was_taken_over_may_not_do(database: str, office: Inspectorate, statement: str) -> None:
    office.triaged()
    with as_role(database, databases.CHANNEL) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        for part in statement.split("; "):
            connection.execute(part.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit",
        "UPDATE audit SET detail = ''",
        'DELETE FROM "case"',
        "DELETE FROM entry",
        "UPDATE entry SET sealed = '\\x00'",
        "DELETE FROM officer",
        "DELETE FROM manifest",
        "UPDATE manifest SET body = '\\x00'",
        "ALTER TABLE audit DISABLE TRIGGER USER",
        "DROP TABLE audit",
        "SET ROLE peluit_owner",
    ],
)
def test_what_a_desk_that_was_taken_over_may_not_do(database: str, office: Inspectorate, statement: str) -> None:
    with as_role(database, databases.DESK) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_both_surfaces_do_their_work_with_their_roles(office: Inspectorate) -> None:
    # Given a process with the channel's role and one with the desk's
    channel, desk = context_of(office, databases.CHANNEL), context_of(office, databases.DESK)
    owner, office.ctx = office.ctx, channel
    # When a report is sent twice, read, answered and answered again
    receipt, keys, case = office.report()
    assert intake.submit(channel, complaint(), receipt).already
    office.ctx = desk
    rahma = office.officer("rahma")
    casework.declare(desk, rahma, case)
    values = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan", amount_asked=50_000)
    casework.triage(desk, rahma, case, act(), values)
    casework.ask(desk, rahma, case, act(), "Pada hari apa?")
    asked = followup.open_with_root(channel, keys.root)
    followup.add(channel, keys.root, act(), "Hari Senin.", asked.questions[0].id)
    # Then it is there for both, and the question is no longer open
    assert "Hari Senin." in [item.text for item in followup.open_with_root(channel, keys.root).thread]
    assert followup.open_with_root(channel, keys.root).questions == []
    rewrapping.rewrap(desk, rahma)
    office.ctx = owner


@pytest.mark.parametrize(
    ("wrong", "table"),
    [
        ("ALTER POLICY desk ON entry USING (chain = 1)", "entry"),
        ('CREATE POLICY hides ON "case" AS RESTRICTIVE USING (FALSE)', "case"),
        ('ALTER POLICY receipt ON "case" USING (TRUE)', "case"),
        ("DROP POLICY desk ON summary", "summary"),
        ("ALTER TABLE leaf DISABLE ROW LEVEL SECURITY", "leaf"),
        ("ALTER TABLE leaf FORCE ROW LEVEL SECURITY", "leaf"),
        ("ALTER TABLE audit ENABLE ROW LEVEL SECURITY", "audit"),
        ("ALTER POLICY receipt ON identity TO PUBLIC", "identity"),
        ("ALTER POLICY receipt ON epoch WITH CHECK (TRUE)", "epoch"),
    ],
)
def test_a_policy_that_is_not_ours_is_named(database: str, office: Inspectorate, wrong: str, table: str) -> None:
    with office.ctx.store.read() as tx:
        assert rights.policies_apart(tx) == []
        assert triggers_apart(tx) == []
    with databases.as_superuser(database) as connection:
        connection.execute(wrong.encode())
    with office.ctx.store.read() as tx:
        assert rights.policies_apart(tx) == [table]
        assert triggers_apart(tx) == [("unknown", f"{table}: row security", "not ours")]


def test_where_the_rights_were_never_given_there_is_no_policy(database: str) -> None:
    with Store(make_engine(database)).read() as tx:
        assert rights.policies_apart(tx) == []


def test_the_rights_may_be_given_as_often_as_one_likes(database: str, office: Inspectorate) -> None:
    # Given rights that somebody added by hand
    with databases.as_superuser(database) as connection:
        connection.execute("GRANT SELECT ON officer TO peluit_channel; GRANT ALL ON entry TO PUBLIC")
        connection.execute("CREATE POLICY wide ON entry TO peluit_channel USING (TRUE)")
    # When the file is run again, then they are gone
    databases.give_roles(database)
    with as_role(database, databases.CHANNEL) as connection:
        assert rights_of(connection, "officer") == set()
        assert rights_of(connection, "entry") == CHANNEL["entry"]
    with context_of(office, databases.CHANNEL).store.read() as tx:
        assert rights.beyond_a_receipt(tx) == []
