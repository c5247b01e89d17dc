"""What happened to an account is found at once; work on many cases knows its place; grants of keys that are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ABOUT = sa.text("detail <> '' AND \"case\" IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_audit_about", "audit", ["detail", "seq"], unique=False, sqlite_where=ABOUT, postgresql_where=ABOUT
    )
    op.drop_table("work")  # nothing was ever put into it
    _work(
        sa.Column("place", sa.LargeBinary(16), nullable=True),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
    )
    op.create_table(
        "stale_grant",
        sa.Column("reader", sa.LargeBinary(16), nullable=False),
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.CheckConstraint('length("reader") = 16', name=op.f("ck_stale_grant_reader")),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_stale_grant_case_case")),
        sa.PrimaryKeyConstraint("reader", "case", name=op.f("pk_stale_grant")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("stale_grant")
    op.drop_table("work")
    _work()
    op.drop_index("ix_audit_about", table_name="audit")


def _work(*more: sa.Column) -> None:
    op.create_table(
        "work",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("about", sa.LargeBinary(16), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        *more,
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sqlite_with_rowid=False,
    )
