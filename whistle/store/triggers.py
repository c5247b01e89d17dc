"""Triggers that refuse to change or remove what is only ever added to, in both databases' words.

They guard against mistakes. Against whoever may drop a trigger there are the signatures inside.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from whistle.store.errors import APPEND_ONLY, APPEND_ONLY_STATE

FUNCTION = "peluit_refuse"
# What may be deleted all the same: what belongs to a case, or is a file, that a tombstone names.
BURIED = {
    "peluit_refuse_living": 'SELECT 1 FROM "tombstone" WHERE "case" = OLD."case"',
    "peluit_refuse_kept": 'SELECT 1 FROM "blob_tombstone" WHERE "id" = OLD."id"',
}


@dataclass(frozen=True)
class Guard:
    """What of one table may never change. ``frozen`` None means every column.

    Rows are never removed, but where ``buried`` (a key of BURIED) is given and its query finds a row.
    """

    table: str
    keys: tuple[tuple[str, ...], ...]  # the unique keys, over which SQLite's OR REPLACE would remove a row
    frozen: tuple[str, ...] | None = None
    buried: str = ""


LIVING, KEPT = BURIED

GUARDS = (
    Guard(
        "case",
        (("id",), ("lookup_hash",)),
        ("id", "slot", "day", "log", "lookup_hash", "reporter_sign"),
    ),
    Guard("reporter", (("slot",),), buried=LIVING),
    Guard("entry", (("slot",), ("case", "chain", "place")), buried=LIVING),
    Guard("epoch", (("case", "chain", "epoch"),), buried=LIVING),
    Guard(
        "grant",
        (("slot",), ("reader", "case", "chain", "epoch")),
        ("slot", "reader", "case", "chain", "epoch"),
        buried=LIVING,
    ),
    Guard("summary", (), ("slot", "case"), buried=LIVING),
    Guard("identity", (("slot",),), buried=LIVING),
    Guard("leaf", (("id",), ("leaf",))),
    Guard("audit", (("seq",),)),
    Guard("manifest", (("sequence",),)),
    Guard("manifest_names", (("sequence",),)),
    Guard("blob", (), buried=KEPT),
    Guard("placed", (("leaf",), ("log", "position"))),
    Guard("disposal", (("id",),)),
    Guard("tombstone", (("case",),)),
    Guard("blob_tombstone", (("id",),)),
)


def install(connection: Connection, guards: Iterable[Guard] = GUARDS) -> None:
    """Create the triggers of ``guards``."""
    for statement in statements(connection.dialect.name, guards):
        connection.execute(text(statement))


def remove(connection: Connection, guards: Iterable[Guard] = GUARDS) -> None:
    """Drop the triggers of ``guards``, before a migration that changes their tables."""
    postgresql = connection.dialect.name == "postgresql"
    for guard in guards:
        for name in names(connection.dialect.name, guard):
            on = f' ON "{guard.table}"' if postgresql else ""
            connection.execute(text(f'DROP TRIGGER "{name}"{on}'))
    if postgresql:
        _remove_functions(connection)


def _remove_functions(connection: Connection) -> None:
    """Drop the functions that no trigger calls any more."""
    called = text(
        "SELECT DISTINCT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
    )
    left = set(connection.execute(called).scalars())
    for function in FUNCTIONS:
        if function not in left:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {function}()"))


def present(connection: Connection) -> set[str]:
    """The names of the triggers in the database."""
    if connection.dialect.name == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    return set(connection.execute(text(query)).scalars())


def names(dialect: str, guard: Guard) -> tuple[str, ...]:
    """The names of one guard's triggers."""
    more = ("truncate",) if dialect == "postgresql" else ("replace",) if guard.keys else ()
    return tuple(f"{guard.table}_{event}" for event in ("update", "delete", *more))


def statements(dialect: str, guards: Iterable[Guard] = GUARDS) -> list[str]:
    """The SQL that creates the triggers of ``guards``."""
    guards = list(guards)
    if dialect == "postgresql":
        called = {FUNCTION, *(guard.buried for guard in guards if guard.buried)}
        made = [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${FUNCTIONS[name]}$$"
            for name in sorted(called)
        ]
        return [*made, *(sql for guard in guards for sql in _postgresql(guard))]
    return [sql for guard in guards for sql in _sqlite(guard)]


def _body(buried: str = "") -> str:
    """What a function of PostgreSQL's does."""
    passing = f"IF EXISTS ({buried}) THEN RETURN OLD; END IF; " if buried else ""
    refusing = f"RAISE EXCEPTION '{APPEND_ONLY}: %', TG_TABLE_NAME USING ERRCODE = '{APPEND_ONLY_STATE}';"
    return f" BEGIN {passing}{refusing} END "


FUNCTIONS = {FUNCTION: _body(), **{name: _body(query) for name, query in BURIED.items()}}


def _postgresql(guard: Guard) -> list[str]:
    columns = "" if guard.frozen is None else " OF " + ", ".join(f'"{column}"' for column in guard.frozen)
    update, delete, truncate = names("postgresql", guard)
    refuse = f"EXECUTE FUNCTION {FUNCTION}()"
    delete_by = f"EXECUTE FUNCTION {guard.buried or FUNCTION}()"
    return [
        f'CREATE TRIGGER "{update}" BEFORE UPDATE{columns} ON "{guard.table}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{guard.table}" FOR EACH ROW {delete_by}',
        f'CREATE TRIGGER "{truncate}" BEFORE TRUNCATE ON "{guard.table}" {refuse}',
    ]


def _sqlite(guard: Guard) -> list[str]:
    update, delete, *replace = names("sqlite", guard)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}: {guard.table}'); END"
    # Values are compared, since UPDATE OF "slot" does not see a slot that is set under its other name, rowid.
    differs = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in guard.frozen or ())
    when = f" WHEN {differs}" if differs else ""
    living = f" WHEN NOT EXISTS ({BURIED[guard.buried]})" if guard.buried else ""
    made = [
        f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{guard.table}"{when} {refuse}',
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{guard.table}"{living} {refuse}',
    ]
    # INSERT OR REPLACE removes the row in its way without firing DELETE triggers unless recursive_triggers is on.
    # The message is SQLite's own for a key that is taken, so an ordinary insert fails as it would without this.
    checks = "".join(_refuse_taken(guard.table, key) for key in guard.keys)
    return [
        *made,
        *(f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{guard.table}" BEGIN {checks} END' for name in replace),
    ]


def _refuse_taken(table: str, key: tuple[str, ...]) -> str:
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
    message = "UNIQUE constraint failed: " + ", ".join(f"{table}.{column}" for column in key)
    known = f'SELECT 1 FROM "{table}" WHERE {same}'  # noqa: S608 - names from the guards above, no input
    return f"SELECT RAISE(ABORT, '{message}') WHERE EXISTS ({known});"
