"""The tables, once for SQLite and PostgreSQL. Migrations make them; a test holds both against each other.

No table is laid out in the order in which its rows came in. Small rows stand in tables WITHOUT ROWID, under random
keys. SQLite is slow with large rows in those (it reads a row's overflow pages at every step of a search), so sealed
rows stand under a ``slot``: a whole number that follows from their random ids. See docs/decisions/0007.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from whistle.store.damaged import read_leniently

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _small(name: str, *parts: Any) -> Table:
    return Table(name, metadata, *parts, sqlite_with_rowid=False)


def _number(name: str) -> Column[int]:
    """A primary key that on SQLite is the rowid itself: never given by the database, always by us."""
    whole = BigInteger().with_variant(Integer(), "sqlite")
    return Column(name, whole, primary_key=True, autoincrement=False)


def _bytes(column: str, size: int) -> CheckConstraint:
    return CheckConstraint(f'length("{column}") = {size}', name=column)


def _one_of(column: str, *values: str) -> CheckConstraint:
    quoted = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({quoted})', name=column)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _case(primary: bool = False) -> Column[Any]:
    return Column("case", LargeBinary(16), ForeignKey("case.id"), primary_key=primary, nullable=False)


case = _small(
    "case",
    Column("id", LargeBinary(16), primary_key=True),
    Column("slot", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("log", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("next_day", Date),
    Column("legal_hold", Boolean, nullable=False),
    Column("lookup_hash", LargeBinary(32), nullable=False),
    Column("reporter_sign", LargeBinary(32), nullable=False),
    UniqueConstraint("lookup_hash"),
    Index("ix_case_due", "next_day", "day", "id", "state"),
    _bytes("id", 16),
    _bytes("lookup_hash", 32),
    _one_of("log", "inner", "outer"),
    _one_of("state", "open", "waiting", "closed"),
)

reporter = Table(
    "reporter",
    metadata,
    _number("slot"),
    _case(),
    Column("reporter_hpke", LargeBinary(1216), nullable=False),
)

entry = Table(
    "entry",
    metadata,
    _number("slot"),
    Column("id", LargeBinary(16), nullable=False),
    _case(),
    Column("chain", SmallInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("prev", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("case", "chain", "place"),
    Index("ix_entry_day", "day", "case", "chain", "place"),
    _bytes("id", 16),
    _bytes("prev", 32),
    CheckConstraint("chain IN (1, 2)", name="chain"),
    CheckConstraint("place >= 0 AND epoch >= 0", name="place"),
)

epoch = _small(
    "epoch",
    _case(primary=True),
    Column("chain", SmallInteger, primary_key=True, autoincrement=False),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("commitment", LargeBinary(32), nullable=False),
    _bytes("commitment", 32),
)

grant = Table(
    "grant",
    metadata,
    _number("slot"),
    Column("reader", LargeBinary(16), nullable=False),
    _case(),
    Column("chain", SmallInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("form", String(8), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("reader", "case", "chain", "epoch"),
    Index("ix_grant_hpke", "reader", "slot", **_where("form = 'hpke' AND chain < 3")),
    _bytes("reader", 16),
    CheckConstraint("chain IN (1, 2, 3)", name="chain"),
    _one_of("form", "hpke", "vault"),
)

summary = Table(
    "summary",
    metadata,
    _number("slot"),
    _case(),
    Column("chain", SmallInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

identity = Table(
    "identity",
    metadata,
    _number("slot"),
    _case(),
    Column("commitment", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    _bytes("commitment", 32),
)

leaf = _small(
    "leaf",
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", Date, nullable=False),
    Column("log", String(8), nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    UniqueConstraint("leaf"),
    _bytes("id", 16),
    _bytes("leaf", 32),
    _one_of("log", "inner", "outer"),
)

# Where a leaf stands in its log, once its day is over. A row lies by the leaf's hash, so that not even its file tells.
placed = _small(
    "placed",
    Column("leaf", LargeBinary(32), ForeignKey("leaf.leaf"), primary_key=True),
    Column("log", String(8), nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("log", "position"),
    CheckConstraint('"position" >= 0', name="position"),
    _one_of("log", "inner", "outer"),
)

officer = _small(
    "officer",
    Column("id", LargeBinary(16), primary_key=True),
    Column("login", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("hpke_public", LargeBinary, nullable=False),
    Column("sign_public", LargeBinary, nullable=False),
    Column("vault", LargeBinary, nullable=False),
    Column("private", LargeBinary, nullable=False),
    Column("totp", LargeBinary, nullable=False),
    Column("totp_step", BigInteger, nullable=False),
    Column("root", LargeBinary),
    Column("dual_public", LargeBinary, nullable=False),
    UniqueConstraint("login"),
    _bytes("id", 16),
    _one_of("status", "active", "suspended"),
)

invitation = _small(
    "invitation",
    Column("id", LargeBinary(32), primary_key=True),
    Column("officer", LargeBinary(16), nullable=False),
    Column("login", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("by", LargeBinary(16), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    UniqueConstraint("login"),
    _bytes("id", 32),
    _bytes("officer", 16),
)

enrolment = _small(
    "enrolment",
    Column("officer", LargeBinary(16), primary_key=True),
    Column("login", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("hpke_public", LargeBinary, nullable=False),
    Column("sign_public", LargeBinary, nullable=False),
    Column("dual_public", LargeBinary, nullable=False),
    Column("vault", LargeBinary, nullable=False),
    Column("private", LargeBinary, nullable=False),
    Column("totp", LargeBinary, nullable=False),
    Column("totp_step", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("login"),
    _bytes("officer", 16),
)

totp_reset = _small(
    "totp_reset",
    Column("officer", LargeBinary(16), ForeignKey("officer.id"), primary_key=True),
    Column("code_hash", LargeBinary(32), nullable=False),
    Column("by", LargeBinary(16), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    _bytes("code_hash", 32),
)

work = _small(
    "work",
    Column("id", LargeBinary(16), primary_key=True),
    Column("officer", LargeBinary(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("about", LargeBinary(16), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("place", LargeBinary(16)),
    Column("given", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("later", Integer, nullable=False),
    _bytes("id", 16),
)

stale_grant = _small(
    "stale_grant",
    Column("reader", LargeBinary(16), primary_key=True),
    _case(primary=True),
    _bytes("reader", 16),
)

session = _small(
    "session",
    Column("id", LargeBinary(32), primary_key=True),
    Column("officer", LargeBinary(16), ForeignKey("officer.id"), nullable=False, index=True),
    Column("locked", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _number("seq"),
    Column("prev", LargeBinary(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("officer", LargeBinary(16)),
    Column("action", String(64), nullable=False),
    Column("case", LargeBinary(16)),
    Column("entry", LargeBinary(16)),
    Column("detail", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index("ix_audit_about", "detail", "seq", **_where("detail <> '' AND \"case\" IS NULL")),
    CheckConstraint("seq >= 1", name="seq"),
    _bytes("prev", 32),
    _bytes("hash", 32),
)

manifest = Table(
    "manifest",
    metadata,
    _number("sequence"),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("signer", LargeBinary, nullable=False),
)

manifest_names = Table(
    "manifest_names",
    metadata,
    _number("sequence"),
    Column("names", LargeBinary, nullable=False),
)

# Which files a report or an officer attached; to which case is said by the entry that holds their keys alone.
blob = _small("blob", Column("id", LargeBinary(16), primary_key=True), _bytes("id", 16))

# Lists of cases whose contents are to be deleted: signed by one officer, and by two.
draft = _small(
    "draft",
    Column("id", LargeBinary(16), primary_key=True),
    Column("proposal", LargeBinary, nullable=False),
    Column("proposer", LargeBinary(16), nullable=False),
    Column("proposed", LargeBinary, nullable=False),
    _bytes("id", 16),
)

disposal = _small(
    "disposal",
    Column("id", LargeBinary(16), primary_key=True),
    Column("proposal", LargeBinary, nullable=False),
    Column("proposer", LargeBinary(16), nullable=False),
    Column("proposed", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("approver", LargeBinary(16), nullable=False),
    Column("approved", LargeBinary, nullable=False),
    _bytes("id", 16),
)

# Cases and files whose contents were deleted, by the list that says so. Nothing is deleted without such a row.
tombstone = _small(
    "tombstone",
    _case(primary=True),
    Column("disposal", LargeBinary(16), ForeignKey("disposal.id"), nullable=False),
    Column("day", Date, nullable=False),
)

blob_tombstone = _small(
    "blob_tombstone",
    Column("id", LargeBinary(16), primary_key=True),
    Column("disposal", LargeBinary(16), ForeignKey("disposal.id"), nullable=False),
    _bytes("id", 16),
)

throttle = _small(
    "throttle",
    Column("name_hash", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", BigInteger, nullable=False),
)

setting = _small(
    "setting",
    Column("name", String(64), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

counter = _small(
    "counter",
    Column("name", String(64), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

read_leniently(metadata)
