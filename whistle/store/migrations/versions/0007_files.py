"""Which stored files an entry attaches, so that an upload that nobody sent can be told from them and removed."""

import sqlalchemy as sa
from alembic import op

from whistle.store.triggers import Guard, install, remove

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GUARDS = (Guard("blob", ()),)


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.CheckConstraint("length(\"id\") = 16", name=op.f("ck_blob_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blob")),
        sqlite_with_rowid=False,
    )
    install(op.get_bind(), GUARDS)


def downgrade() -> None:
    remove(op.get_bind(), GUARDS)
    op.drop_table("blob")
