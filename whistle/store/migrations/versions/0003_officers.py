"""Officers come and go: the key with which an officer signs manifests, invitations, enrolments, resets and work."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OFFICER = (
    "id", "login", "name", "role", "unit", "status", "hpke_public", "sign_public", "vault", "private", "totp",
    "totp_step", "root",
)  # fmt: skip
NO_KEY = {"sqlite": "x''", "postgresql": "''::bytea"}


def upgrade() -> None:
    _add_the_signing_key()
    op.create_table(
        "invitation",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("officer", sa.LargeBinary(16), nullable=False),
        *_person(),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.CheckConstraint('length("id") = 32', name=op.f("ck_invitation_id")),
        sa.CheckConstraint('length("officer") = 16', name=op.f("ck_invitation_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("login", name=op.f("uq_invitation_login")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "enrolment",
        sa.Column("officer", sa.LargeBinary(16), nullable=False),
        *_person(),
        sa.Column("hpke_public", sa.LargeBinary(), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.Column("dual_public", sa.LargeBinary(), nullable=False),
        sa.Column("vault", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.CheckConstraint('length("officer") = 16', name=op.f("ck_enrolment_officer")),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("login", name=op.f("uq_enrolment_login")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "totp_reset",
        sa.Column("officer", sa.LargeBinary(16), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('length("code_hash") = 32', name=op.f("ck_totp_reset_code_hash")),
        sa.ForeignKeyConstraint(["officer"], ["officer.id"], name=op.f("fk_totp_reset_officer_officer")),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_totp_reset")),
        sqlite_with_rowid=False,
    )
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
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("work", "totp_reset", "enrolment", "invitation"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_officers(OFFICER, OFFICER)
    else:
        op.drop_column("officer", "dual_public")


def _add_the_signing_key() -> None:
    """Officers of before have none: they can be delegated to once they have made new keys."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_officers((*OFFICER, "dual_public"), (*OFFICER, NO_KEY["sqlite"]))
        return
    column = sa.Column("dual_public", sa.LargeBinary(), nullable=False, server_default=sa.text(NO_KEY["postgresql"]))
    op.add_column("officer", column)
    op.alter_column("officer", "dual_public", server_default=None)


def _rebuild_officers(columns: tuple[str, ...], source: tuple[str, ...]) -> None:
    """SQLite cannot add a column that is never empty, nor drop a default: the table is written anew."""
    more = [sa.Column("dual_public", sa.LargeBinary(), nullable=False)] if "dual_public" in columns else []
    op.create_table(
        "officer_anew",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        *_person(),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("hpke_public", sa.LargeBinary(), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.Column("vault", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("totp", sa.LargeBinary(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=True),
        *more,
        sa.CheckConstraint('length("id") = 16', name=op.f("ck_officer_id")),
        sa.CheckConstraint("\"status\" IN ('active', 'suspended')", name=op.f("ck_officer_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("login", name=op.f("uq_officer_login")),
        sqlite_with_rowid=False,
    )
    names = ", ".join(columns)
    op.execute(f"INSERT INTO officer_anew ({names}) SELECT {', '.join(source)} FROM officer")  # noqa: S608 - names above
    op.drop_table("officer")
    op.rename_table("officer_anew", "officer")


def _person() -> tuple[sa.Column, ...]:
    return (
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
    )
