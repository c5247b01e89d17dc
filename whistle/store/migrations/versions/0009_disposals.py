"""Lists of cases whose contents are to be deleted, and the tombstones without which nothing is."""

import sqlalchemy as sa
from alembic import op

from whistle.store.triggers import KEPT, LIVING, Guard, install, remove

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW = (
    Guard("disposal", (("id",),)),
    Guard("tombstone", (("case",),)),
    Guard("blob_tombstone", (("id",),)),
)
GRANT = (("slot",), ("reader", "case", "chain", "epoch")), ("slot", "reader", "case", "chain", "epoch")
BEFORE = (
    Guard("reporter", (("slot",),)),
    Guard("entry", (("slot",), ("case", "chain", "place"))),
    Guard("epoch", (("case", "chain", "epoch"),)),
    Guard("grant", *GRANT),
    Guard("summary", (), ("slot", "case")),
    Guard("identity", (("slot",),)),
    Guard("blob", ()),
)
AFTER = (
    Guard("reporter", (("slot",),), buried=LIVING),
    Guard("entry", (("slot",), ("case", "chain", "place")), buried=LIVING),
    Guard("epoch", (("case", "chain", "epoch"),), buried=LIVING),
    Guard("grant", *GRANT, buried=LIVING),
    Guard("summary", (), ("slot", "case"), buried=LIVING),
    Guard("identity", (("slot",),), buried=LIVING),
    Guard("blob", (), buried=KEPT),
)


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("proposal", sa.LargeBinary(), nullable=False),
        sa.Column("proposer", sa.LargeBinary(16), nullable=False),
        sa.Column("proposed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "disposal",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("proposal", sa.LargeBinary(), nullable=False),
        sa.Column("proposer", sa.LargeBinary(16), nullable=False),
        sa.Column("proposed", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("approver", sa.LargeBinary(16), nullable=False),
        sa.Column("approved", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_disposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tombstone",
        sa.Column("case", sa.LargeBinary(16), nullable=False),
        sa.Column("disposal", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name=op.f("fk_tombstone_case_case")),
        sa.ForeignKeyConstraint(["disposal"], ["disposal.id"], name=op.f("fk_tombstone_disposal_disposal")),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_tombstone")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "blob_tombstone",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("disposal", sa.LargeBinary(16), nullable=False),
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_blob_tombstone_id")),
        sa.ForeignKeyConstraint(["disposal"], ["disposal.id"], name=op.f("fk_blob_tombstone_disposal_disposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blob_tombstone")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    remove(connection, BEFORE)
    install(connection, (*AFTER, *NEW))


def downgrade() -> None:
    connection = op.get_bind()
    remove(connection, (*AFTER, *NEW))
    install(connection, BEFORE)
    for name in ("blob_tombstone", "tombstone", "disposal", "draft"):
        op.drop_table(name)
