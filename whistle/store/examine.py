"""Look at a database that somebody may have damaged: its settings, its structure, rows that cannot be.

Nothing here trusts a value's type, and whatever the driver raises comes out as StoreUnavailable.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    exc,
    exists,
    inspect,
    literal_column,
    not_,
    select,
    text,
)

from whistle.store.engine import Store, Tx
from whistle.store.errors import StoreUnavailable
from whistle.store.sqlite import PRAGMAS, driver_of
from whistle.store.tables import metadata

MOST = 100  # faults of one kind in one table that are named one by one


def closed_to(store: Store) -> list[str]:
    """The tables that are there and that this database role may not read; none on SQLite. Raises StoreUnavailable."""
    if store.engine.dialect.name != "postgresql":
        return []
    query = text(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND NOT has_table_privilege(oid, 'SELECT') ORDER BY relname"
    )
    with store.read() as tx:
        return [name for name in tx.execute(query).scalars() if name in metadata.tables]


@contextlib.contextmanager
def examining(store: Store) -> Iterator[Tx]:
    """A reading transaction in which text that is no UTF-8 is read all the same. Raises StoreUnavailable only."""
    try:
        with store.read() as tx, _any_text(tx):
            yield tx
    except exc.SQLAlchemyError as error:
        raise StoreUnavailable(f"it cannot be read: {type(error).__name__}") from error


@contextlib.contextmanager
def _any_text(tx: Tx) -> Iterator[None]:
    if tx.dialect.name != "sqlite":
        yield
        return
    driver = driver_of(tx)
    driver.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        yield
    finally:
        driver.text_factory = str


def settings(tx: Tx) -> list[tuple[str, str, str]]:
    """What durability rests on and is not as it should be: (name, what is set, what should be)."""
    return _settings_postgresql(tx) if tx.dialect.name == "postgresql" else _settings_sqlite(tx)


def _settings_sqlite(tx: Tx) -> list[tuple[str, str, str]]:
    wrong = []
    for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete"):
        wanted = PRAGMAS[name][1]
        found = tx.execute(text(f"PRAGMA {name}")).scalar()
        if found != wanted:
            wrong.append((name, str(found), str(wanted)))
    return wrong


DURABLE = {
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "session_replication_role": ("origin",),  # "replica" switches the triggers off
}


def _settings_postgresql(tx: Tx) -> list[tuple[str, str, str]]:
    wrong = []
    for name, allowed in DURABLE.items():
        found = str(tx.execute(text(f"SHOW {name}")).scalar())
        if found not in allowed:
            wrong.append((name, found, allowed[0]))
    # What other roles, such as the channel's, are given instead.
    given = "SELECT s.setrole::regrole::text, unnest(s.setconfig) FROM pg_db_role_setting s"
    for role, setting in tx.execute(text(given)):
        name, _, found = str(setting).partition("=")
        if name in DURABLE and found not in DURABLE[name]:
            wrong.append((f"{name} of role {role}", found, DURABLE[name][0]))
    return wrong


def integrity(tx: Tx) -> list[str]:
    """What SQLite's own check finds wrong with the file; PostgreSQL has none that needs no extension."""
    if tx.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in tx.execute(text(f"PRAGMA integrity_check({MOST})"))]
    return [] if found == ["ok"] else found


def structure(tx: Tx) -> list[tuple[str, str]]:
    """What the migrations made and is not there: (table, what is missing)."""
    inspector = inspect(tx)
    there = set(inspector.get_table_names())
    missing = []
    for table in metadata.sorted_tables:
        if table.name not in there:
            missing.append((table.name, "the table itself"))
            continue
        missing += [(table.name, what) for what in _missing(inspector, table)]
    return missing


def _missing(inspector: Any, table: Table) -> list[str]:
    columns = {found["name"]: found["nullable"] for found in inspector.get_columns(table.name)}
    uniques = {tuple(found["column_names"]) for found in inspector.get_unique_constraints(table.name)}
    checks = {found["name"] for found in inspector.get_check_constraints(table.name)}
    foreign = {tuple(found["constrained_columns"]) for found in inspector.get_foreign_keys(table.name)}
    primary = tuple(inspector.get_pk_constraint(table.name)["constrained_columns"])
    lacks = [f"column {each.name}" for each in table.columns if each.name not in columns]
    lacks += [
        f"NOT NULL of column {each.name}"
        for each in table.columns
        if not each.nullable and not each.primary_key and columns.get(each.name, False)
    ]
    if primary != tuple(each.name for each in table.primary_key):
        lacks.append("the primary key")
    for rule in table.constraints:
        names = tuple(each.name for each in getattr(rule, "columns", ()))
        if isinstance(rule, UniqueConstraint) and names not in uniques:
            lacks.append(f"unique {', '.join(names)}")
        elif isinstance(rule, ForeignKeyConstraint) and names not in foreign:
            lacks.append(f"foreign key {', '.join(names)}")
        elif rule.__visit_name__ == "check_constraint" and rule.name is not None and str(rule.name) not in checks:
            lacks.append(f"check {rule.name}")
    return lacks


def orphans(tx: Tx) -> list[tuple[str, str, str]]:
    """(table, row, what it refers to): rows whose foreign key leads nowhere."""
    found = []
    for table in metadata.sorted_tables:
        for rule in table.foreign_key_constraints:
            for own, key in zip(rule.columns, rule.elements, strict=True):
                other = key.column
                lost = select(*table.primary_key).where(own.is_not(None), not_(exists().where(other == own)))
                to = f"{own.name} of {other.table.name}"
                found += [(table.name, named(table, row), to) for row in tx.execute(lost.limit(MOST))]
    return found


def kinds(tx: Tx) -> list[tuple[str, str, str]]:
    """(table, row, column): values of another kind than their column's. Only SQLite lets such in."""
    if tx.dialect.name != "sqlite":
        return []
    found = []
    for table in metadata.sorted_tables:
        rules = {each.name: _kind(each) for each in table.columns}
        marks: list[Any] = [literal_column(f"NOT ({rule})").label(f"wrong_{name}") for name, rule in rules.items()]
        anything = text("NOT (" + " AND ".join(f"({rule})" for rule in rules.values()) + ")")
        keys: list[Any] = [literal_column(f'quote("{each.name}")') for each in table.primary_key]
        query = select(*keys, *marks).select_from(text(f'"{table.name}"')).where(anything).limit(MOST)
        for row in tx.execute(query):
            which = ", ".join(name for name, wrong in zip(rules, row[len(keys) :], strict=True) if wrong)
            found.append((table.name, " ".join(str(key) for key in row[: len(keys)]), which))
    return found


def _kind(each: Any) -> str:
    """The SQL condition that a value of this column is of its kind."""
    name = f'"{each.name}"'
    if isinstance(each.type, LargeBinary):
        rule = f"typeof({name}) = 'blob'"
    elif isinstance(each.type, Boolean):
        rule = f"typeof({name}) = 'integer' AND {name} IN (0, 1)"
    elif isinstance(each.type, Integer):
        rule = f"typeof({name}) = 'integer'"
    elif isinstance(each.type, Date):
        rule = f"typeof({name}) = 'text' AND date({name}) IS {name}"
    elif isinstance(each.type, String):
        rule = f"typeof({name}) = 'text'"
    else:
        rule = "1"
    return f"({rule}) OR {name} IS NULL" if each.nullable else rule


def named(table: Table, key: Any) -> str:
    """A row's primary key as text: bytes in hexadecimal."""
    names = [each.name for each in table.primary_key]
    return " ".join(f"{name} {show(value)}" for name, value in zip(names, key, strict=True))


def show(value: Any) -> str:
    """Bytes in hexadecimal, anything else as it is, shortened."""
    return value.hex() if isinstance(value, bytes) else str(value)[:64]


TABLES = len(metadata.tables)
