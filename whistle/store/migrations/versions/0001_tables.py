"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("prev", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=True),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("case", sa.LargeBinary(16), nullable=True),
        sa.Column("entry", sa.LargeBinary(16), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint('length("hash") = 32', name=op.f("ck_audit_hash")),
        sa.CheckConstraint('length("prev") = 32', name=op.f("ck_audit_prev")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("log", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("lookup_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("reporter_sign", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_case_id")),
        sa.CheckConstraint("\"log\" IN ('inner', 'outer')", name=op.f("ck_case_log")),
        sa.CheckConstraint('length("lookup_hash") = 32', name=op.f("ck_case_lookup_hash")),
        sa.CheckConstraint("\"state\" IN ('open', 'waiting', 'closed')", name=op.f("ck_case_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_case_lookup_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_due", "case", ["next_day", "day", "id", "state"])
    op.create_table(
        "counter",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaf",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("log", sa.String(8), nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_leaf_id")),
        sa.CheckConstraint('length("leaf") = 32', name=op.f("ck_leaf_leaf")),
        sa.CheckConstraint("\"log\" IN ('inner', 'outer')", name=op.f("ck_leaf_log")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaf")),
        sa.UniqueConstraint("leaf", name=op.f("uq_leaf_leaf")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "manifest",
        sa.Column(
            "sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_manifest")),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("hpke_public", sa.LargeBinary(), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.Column("vault", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_officer_id")),
        sa.CheckConstraint("\"status\" IN ('active', 'suspended')", name=op.f("ck_officer_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("login", name=op.f("uq_officer_login")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "throttle",
        sa.Column("name_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_throttle")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.Column("chain", sa.SmallInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("prev", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("chain IN (1, 2)", name=op.f("ck_entry_chain")),
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_entry_id")),
        sa.CheckConstraint("place >= 0 AND epoch >= 0", name=op.f("ck_entry_place")),
        sa.CheckConstraint('length("prev") = 32', name=op.f("ck_entry_prev")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_entry_case_case")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_entry")),
        sa.UniqueConstraint("case", "chain", "place", name=op.f("uq_entry_case_chain_place")),
    )
    op.create_table(
        "epoch",
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.Column("chain", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("epoch", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint('length("commitment") = 32', name=op.f("ck_epoch_commitment")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_epoch_case_case")),
        sa.PrimaryKeyConstraint("case", "chain", "epoch", name=op.f("pk_epoch")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "grant",
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("reader", sa.LargeBinary(16), nullable=False),
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.Column("chain", sa.SmallInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("chain IN (1, 2, 3)", name=op.f("ck_grant_chain")),
        sa.CheckConstraint("\"form\" IN ('hpke', 'vault')", name=op.f("ck_grant_form")),
        sa.CheckConstraint('length("reader") = 16', name=op.f("ck_grant_reader")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_grant_case_case")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_grant")),
        sa.UniqueConstraint("reader", "case", "chain", "epoch", name=op.f("uq_grant_reader_case_chain_epoch")),
    )
    op.create_index(
        "ix_grant_hpke",
        "grant",
        ["reader", "slot"],
        sqlite_where=sa.text("form = 'hpke'"),
        postgresql_where=sa.text("form = 'hpke'"),
    )
    op.create_table(
        "identity",
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.Column("commitment", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('length("commitment") = 32', name=op.f("ck_identity_commitment")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_identity_case_case")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_identity")),
    )
    op.create_table(
        "reporter",
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.Column("reporter_hpke", sa.LargeBinary(1216), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_reporter_case_case")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_reporter")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name=op.f("fk_session_officer_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_session_officer", "session", ["officer"])
    op.create_table(
        "summary",
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.Column("chain", sa.SmallInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_summary_case_case")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_summary")),
    )


def downgrade() -> None:
    for table in (
        "summary",
        "session",
        "reporter",
        "identity",
        "grant",
        "epoch",
        "entry",
        "throttle",
        "setting",
        "officer",
        "manifest",
        "leaf",
        "counter",
        "case",
        "audit",
    ):
        op.drop_table(table)
