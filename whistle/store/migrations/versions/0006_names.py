"""The officers' names of a manifest stand beside it, where the public process does not read."""

import sqlalchemy as sa
from alembic import op

from whistle.store.triggers import Guard, install, remove

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GUARDS = (Guard("manifest_names", (("sequence",),)),)


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "manifest_names",
        sa.Column("sequence", number, nullable=False, autoincrement=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_manifest_names")),
    )
    install(op.get_bind(), GUARDS)


def downgrade() -> None:
    remove(op.get_bind(), GUARDS)
    op.drop_table("manifest_names")
