"""What keeps the database in shape: migrations, and the nightly rewriting."""

import click

from whistle.cli.common import context
from whistle.cli.group import peluit
from whistle.services import housekeeping
from whistle.store.database import current_revision, migrate


@peluit.command("migrate")
def migrate_command() -> None:
    """Bring the database's tables up to date."""
    engine = context().store.engine
    migrate(engine)
    click.echo(f"The tables are at migration {current_revision(engine)}.")
    if engine.dialect.name == "postgresql":
        click.echo("Now run deploy/postgresql/roles.sql again: a table that it has not seen is closed to both servers.")


@peluit.command("tick")
def tick() -> None:
    """Once a night, from a timer: end old sessions and rewrite the tables so that no order of arrival is left."""
    click.echo(housekeeping.tick(context()))
