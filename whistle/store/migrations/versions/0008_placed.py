"""Where each leaf stands in its log, from the night after its day on."""

import sqlalchemy as sa
from alembic import op

from whistle.store.triggers import Guard, install, remove

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GUARDS = (Guard("placed", (("leaf",), ("log", "position"))),)


def upgrade() -> None:
    op.create_table(
        "placed",
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("log", sa.String(8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("\"position\" >= 0", name=op.f("ck_placed_position")),
        sa.CheckConstraint("\"log\" IN ('inner', 'outer')", name=op.f("ck_placed_log")),
        sa.ForeignKeyConstraint(["leaf"], ["leaf.leaf"], name=op.f("fk_placed_leaf_leaf")),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_placed")),
        sa.UniqueConstraint("log", "position", name=op.f("uq_placed_log_position")),
        sqlite_with_rowid=False,
    )
    install(op.get_bind(), GUARDS)


def downgrade() -> None:
    remove(op.get_bind(), GUARDS)
    op.drop_table("placed")
