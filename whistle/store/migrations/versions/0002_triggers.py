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
        ("id", "slot", "day", "log", "lookup_hash", "reporter_sign"),
    ),
    Guard("reporter", (("slot",),)),
    Guard("entry", (("slot",), ("case", "chain", "place"))),
    Guard("epoch", (("case", "chain", "epoch"),)),
    Guard("grant", (("slot",), ("reader", "case", "chain", "epoch")), ("slot", "reader", "case", "chain", "epoch")),
    Guard("summary", (), ("slot", "case")),
    Guard("identity", (("slot",),)),
    Guard("leaf", (("id",), ("leaf",))),
    Guard("audit", (("seq",),)),
    Guard("manifest", (("sequence",),)),
)


def upgrade() -> None:
    install(op.get_bind(), GUARDS)


def downgrade() -> None:
    remove(op.get_bind(), GUARDS)
