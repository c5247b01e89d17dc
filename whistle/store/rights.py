"""What the role of a connection to PostgreSQL could read, whatever deploy/postgresql/roles.sql was meant to give it."""

from sqlalchemy import text

from whistle.store.engine import Tx
from whistle.store.tables import metadata

# What the channel may read, if only by row and receipt. Every other table, also one that is yet to be made, is not its.
OF_A_RECEIPT = frozenset({"case", "reporter", "entry", "epoch", "grant"})
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


def missing(tx: Tx) -> list[str]:
    """The tables of this program that are not there, or that this role cannot read, by name."""
    readable = {name for name, may_read, _ in tx.execute(_TABLES) if may_read}
    return sorted(metadata.tables.keys() - readable)
