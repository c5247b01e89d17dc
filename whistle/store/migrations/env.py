"""Alembic's entry: runs the migrations on the connection that whistle.store.upkeep, or Flask-Migrate, provides."""

from alembic import context
from sqlalchemy import Connection

from whistle.store.engine import db
from whistle.store.tables import metadata
from whistle.store.upkeep import migrating


def run(connection: Connection) -> None:
    """Run inside the transaction that is open on ``connection``: on both databases tables change in one piece."""
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=True)
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrating(db.engine) as own:
        run(own)
