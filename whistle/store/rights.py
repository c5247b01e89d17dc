"""What roles may do in PostgreSQL, whatever deploy/postgresql/roles.sql was meant to give them."""

import re

from sqlalchemy import text

from whistle.store.engine import Tx
from whistle.store.tables import metadata

# What the channel may read, if only by row and receipt. Every other table, also one that is yet to be made, is not its.
OF_A_RECEIPT = frozenset({"case", "reporter", "entry", "epoch", "grant", "tombstone"})
EVERYBODYS = frozenset({"manifest"})

_ROLE = text(
    "SELECT rolsuper, rolbypassrls, rolcreaterole, rolreplication, "
    "EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid), "
    "EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p', 'v', 'm')) "
    "FROM pg_roles WHERE rolname = session_user"
)
_IS = (
    "is a superuser",
    "passes by the policies of rows (BYPASSRLS)",
    "may make roles (CREATEROLE)",
    "may copy the whole database (REPLICATION)",
    "is a member of another role",
    "owns tables",
)
_TABLES = text(
    "SELECT relname, has_any_column_privilege(oid, 'SELECT'), row_security_active(oid) FROM pg_class "
    "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') ORDER BY relname"
)


def beyond_a_receipt(tx: Tx) -> list[str]:
    """What this role could read besides the manifests and the case of a receipt: "may read officer", "is ..."."""
    role = tx.execute(_ROLE).one()
    found = [says for says, so in zip(_IS, role, strict=True) if so]
    for name, may_read, by_row in tx.execute(_TABLES):
        if may_read and name not in OF_A_RECEIPT | EVERYBODYS:
            found.append(f"may read the table {name}")
        elif may_read and name in OF_A_RECEIPT and not by_row:
            found.append(f"may read all rows of the table {name}")
    return found


# What roles.sql makes: what the channel sees of a table, and what it may add, beside that the case is its receipt's.
_POLICIES = {
    "reporter": ("true", "true"),
    "entry": ("chain = 1", "chain = 1"),
    "epoch": ("chain = 1", "chain = 1 and epoch = 0"),
    "grant": ("chain = 1 and reader = decode(repeat('00', 16), 'hex')", "chain = any array[1, 3] and epoch = 0"),
    "identity": ("false", "true"),
    "summary": ("false", "chain = 1 and epoch = 0"),
    "tombstone": ("true", "false"),
}
_RECEIPT = "lookup_hash = decode(coalesce(current_setting('peluit.receipt', true), ''), 'hex')"
_ASKED = text(
    "SELECT tablename, policyname, permissive, roles::text[], cmd, coalesce(qual, ''), coalesce(with_check, '') "
    "FROM pg_policies WHERE schemaname = 'public'"
)
_SECURED = text(
    "SELECT relname, relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
)


def policies_apart(tx: Tx) -> list[str]:
    """Where the policies of rows are not those of roles.sql, by table; none where it was never run.

    A policy could hide rows from the desk, or show the channel more than a receipt's.
    """
    wanted = _wanted()
    there = {
        (row[0], row[1]): (row[2], tuple(row[3]), row[4], _plain(row[5]), _plain(row[6])) for row in tx.execute(_ASKED)
    }
    secured = {name: forced for name, forced in tx.execute(_SECURED)}
    if not there and not secured:
        return []
    wrong = {name for (name, _), _ in there.items() ^ wanted.items()}
    wrong |= {name for name, _ in wanted} ^ secured.keys()
    return sorted(wrong | {name for name, forced in secured.items() if forced})


def _wanted() -> dict[tuple[str, str], tuple[str, tuple[str, ...], str, str, str]]:
    channel = ("peluit_channel",)
    wanted: dict[tuple[str, str], tuple[str, tuple[str, ...], str, str, str]] = {
        ("case", "receipt"): ("PERMISSIVE", channel, "ALL", _plain(_RECEIPT), ""),
        ("leaf", "receipt"): ("PERMISSIVE", channel, "INSERT", "", "true"),
    }
    for name, (sees, adds) in _POLICIES.items():
        its = f"and exists select from case mine where mine.id = {name}.case"
        wanted[name, "receipt"] = ("PERMISSIVE", channel, "ALL", _plain(f"{sees} {its}"), _plain(f"{adds} {its}"))
    for name in (*_POLICIES, "case", "leaf"):
        wanted[name, "desk"] = ("PERMISSIVE", ("peluit_desk",), "ALL", "true", "true")
    return wanted


def _plain(condition: str) -> str:
    """A condition without what PostgreSQL adds when it writes one down: brackets, casts, quotes of names, spaces."""
    return re.sub(r"::\w+|[\s()\"]", "", condition).lower()


def missing(tx: Tx) -> list[str]:
    """The tables of this program that are not there, or that this role cannot read, by name."""
    readable = {name for name, may_read, _ in tx.execute(_TABLES) if may_read}
    return sorted(metadata.tables.keys() - readable)
