"""Triggers that refuse to change or remove what is only ever added to, in both databases' words.

They guard against mistakes. Against whoever may drop a trigger there are the signatures inside.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from whistle.store.errors import APPEND_ONLY, APPEND_ONLY_STATE

FUNCTION = "peluit_refuse"


@dataclass(frozen=True)
class Guard:
    """What of one table may never change. ``frozen`` None means every column; rows are never removed."""

    table: str
    keys: tuple[tuple[str, ...], ...]  # the unique keys, over which SQLite's OR REPLACE would remove a row
    frozen: tuple[str, ...] | None = None


GUARDS = (
    Guard(
        "case",
        (("id",), ("lookup_hash",)),
        ("id", "slot", "day", "log", "lookup_hash", "reporter_sign"),
    ),
    Guard("reporter", (("slot",),)),
    Guard("entry", (("slot",), ("case", "chain", "place"))),
    Guard("epoch", (("case", "chain", "epoch"),)),
    Guard("grant", (("slot",), ("reader", "case", "chain", "epoch")), ("slot", "reader", "case", "chain", "epoch")),
    Guard("summary", (), ("slot", "case")),
    Guard("identity", (("slot",),)),
    Guard("leaf", (("id",), ("leaf",))),
    Guard("audit", (("seq",),)),
    Guard("manifest", (("sequence",),)),
    Guard("manifest_names", (("sequence",),)),
    Guard("blob", ()),
    Guard("placed", (("leaf",), ("log", "position"))),
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
    if postgresql and not present(connection):
        connection.execute(text(f"DROP FUNCTION {FUNCTION}()"))


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
    if dialect == "postgresql":
        function = (
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{APPEND_ONLY}: %', TG_TABLE_NAME USING ERRCODE = '{APPEND_ONLY_STATE}'; END $$"
        )
        return [function, *(sql for guard in guards for sql in _postgresql(guard))]
    return [sql for guard in guards for sql in _sqlite(guard)]


def _postgresql(guard: Guard) -> list[str]:
    columns = "" if guard.frozen is None else " OF " + ", ".join(f'"{column}"' for column in guard.frozen)
    update, delete, truncate = names("postgresql", guard)
    refuse = f"EXECUTE FUNCTION {FUNCTION}()"
    return [
        f'CREATE TRIGGER "{update}" BEFORE UPDATE{columns} ON "{guard.table}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{guard.table}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{truncate}" BEFORE TRUNCATE ON "{guard.table}" {refuse}',
    ]


def _sqlite(guard: Guard) -> list[str]:
    update, delete, *replace = names("sqlite", guard)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}: {guard.table}'); END"
    # Values are compared, since UPDATE OF "slot" does not see a slot that is set under its other name, rowid.
    differs = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in guard.frozen or ())
    when = f" WHEN {differs}" if differs else ""
    made = [
        f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{guard.table}"{when} {refuse}',
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{guard.table}" {refuse}',
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
