"""Triggers that refuse to change or remove what is only ever added to."""

from alembic import op

from whistle.store.triggers import Guard, install, remove

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDS = (
    Guard(
        "case",
        (("id",), ("lookup_hash",)),
        ("id", "day", "log", "lookup_hash", "reporter_sign", "reporter_hpke"),
    ),
    Guard("entry", (("id",), ("case", "chain", "place"))),
    Guard("epoch", (("case", "chain", "epoch"),)),
    Guard("grant", (("case", "chain", "epoch", "reader"),), ("case", "chain", "epoch", "reader")),
    Guard("summary", (), ("case",)),
    Guard("identity", (("case",),)),
    Guard("leaf", (("id",), ("leaf",))),
    Guard("audit", (("seq",),)),
    Guard("manifest", (("sequence",),)),
)


def upgrade() -> None:
    install(op.get_bind(), GUARDS)


def downgrade() -> None:
    remove(op.get_bind(), GUARDS)
