"""What changed in an officer's list is found by day; grants that a first look at the list opens, without identities'."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SEALED = sa.text("form = 'hpke' AND chain < 3")
SEALED_BEFORE = sa.text("form = 'hpke'")


def upgrade() -> None:
    op.create_index("ix_entry_day", "entry", ["day", "case", "chain", "place"], unique=False)
    _grants(SEALED)


def downgrade() -> None:
    _grants(SEALED_BEFORE)
    op.drop_index("ix_entry_day", table_name="entry")


def _grants(which: sa.TextClause) -> None:
    op.drop_index("ix_grant_hpke", table_name="grant")
    op.create_index(
        "ix_grant_hpke", "grant", ["reader", "slot"], unique=False, sqlite_where=which, postgresql_where=which
    )
