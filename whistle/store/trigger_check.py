"""Hold the triggers in the database against the ones that the migrations make, word for word."""

from typing import Any

from sqlalchemy import text

from whistle.store.engine import Tx
from whistle.store.rights import policies_apart
from whistle.store.triggers import FUNCTION, FUNCTIONS, GUARDS, Guard, names, statements

Apart = tuple[str, str, str]  # "missing", "changed" or "unknown"; the name; what it is


def triggers_apart(tx: Tx) -> list[Apart]:
    """Triggers that are missing or do something else, and triggers, rules and policies that are not ours."""
    return _postgresql(tx) if tx.dialect.name == "postgresql" else _sqlite(tx)


def _sqlite(tx: Tx) -> list[Apart]:
    wanted = {sql.split('"')[1]: sql for sql in statements("sqlite")}
    kept = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there: dict[str, Any] = {name: sql for name, sql in tx.execute(kept)}
    found: list[Apart] = [("missing", name, "it is not there") for name in wanted.keys() - there.keys()]
    found += [("unknown", name, "a trigger that is not ours") for name in there.keys() - wanted.keys()]
    shared = wanted.keys() & there.keys()
    found += [("changed", name, "its text is another one") for name in shared if there[name] != wanted[name]]
    views = tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'view'")).scalars()
    return sorted(found) + [("unknown", str(name), "a view") for name in views]


# pg_trigger.tgtype, see src/include/catalog/pg_trigger.h
_ROW, _BEFORE, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 8, 16, 32
_EVENTS = {"update": _ROW | _BEFORE | _UPDATE, "delete": _ROW | _BEFORE | _DELETE, "truncate": _BEFORE | _TRUNCATE}

_THERE = """
SELECT t.tgname, c.relname, t.tgtype::int, t.tgenabled::text, p.proname, t.tgqual IS NOT NULL, t.tgnargs::int,
  ARRAY(SELECT a.attname::text FROM unnest(t.tgattr) AS n JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = n)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
"""
_FUNCTION = """
SELECT p.prosrc, l.lanname, p.proconfig IS NOT NULL FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.proname = :name AND p.pronamespace = 'public'::regnamespace
"""
_OTHERS = """
SELECT c.relname || ': rule ' || r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
  WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT evtname || ': event trigger' FROM pg_event_trigger
"""


def _postgresql(tx: Tx) -> list[Apart]:
    wanted = {name: (guard, name) for guard in GUARDS for name in names("postgresql", guard)}
    there: dict[str, Any] = {row[0]: row for row in tx.execute(text(_THERE))}
    found: list[Apart] = [("missing", name, "it is not there") for name in wanted.keys() - there.keys()]
    found += [("unknown", name, f"a trigger on {there[name][1]}") for name in there.keys() - wanted.keys()]
    for name in sorted(wanted.keys() & there.keys()):
        if there[name][3] not in ("O", "A"):
            found.append(("missing", name, "it is switched off"))
        elif not _same(wanted[name][0], there[name]):
            found.append(("changed", name, "it is another trigger under the same name"))
    return sorted(found) + _functions(tx) + [("unknown", str(what), "not ours") for what in _strange(tx)]


def _same(guard: Guard, row: Any) -> bool:
    name, table, kind, _, function, condition, arguments, columns = row
    event = name.removeprefix(f"{guard.table}_")
    frozen = set(guard.frozen or ()) if event == "update" else set()
    refuses = guard.buried or FUNCTION if event == "delete" else FUNCTION
    expected = (guard.table, _EVENTS[event], refuses, False, 0, frozen)
    return expected == (table, kind, function, condition, arguments, set(columns))


def _functions(tx: Tx) -> list[Apart]:
    found: list[Apart] = []
    for name, body in sorted(FUNCTIONS.items()):
        rows = tx.execute(text(_FUNCTION), {"name": name}).all()
        if not rows:
            found.append(("missing", name, "the function that refuses is not there"))
        elif [tuple(row) for row in rows] != [(body, "plpgsql", False)]:
            found.append(("changed", name, "the function that refuses does something else"))
    return found


def _strange(tx: Tx) -> list[str]:
    others = [str(what) for what in tx.execute(text(_OTHERS)).scalars()]
    return others + [f"{table}: row security" for table in policies_apart(tx)]


def triggers_wanted(tx: Tx) -> int:
    """How many triggers there should be."""
    return sum(len(names(tx.dialect.name, guard)) for guard in GUARDS)
