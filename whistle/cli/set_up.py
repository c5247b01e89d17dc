"""Prepare a real inspectorate."""

from typing import TextIO

import click

from whistle.cli.common import context, show
from whistle.cli.group import peluit
from whistle.services import setup
from whistle.store.database import migrate


@peluit.command("setup")
@click.option(
    "--officers", "people", type=click.File(encoding="utf-8-sig"), required=True, help=f"CSV: {setup.OFFICERS_LINE}"
)
@click.option("--root-keeper", required=True, help="Login in whose vault the root key is wrapped (pimpinan).")
def set_up(people: TextIO, root_keeper: str) -> None:
    """Prepare a real inspectorate: no demonstration data, nothing by default."""
    ctx = context()
    if ctx.settings.demo:
        raise click.ClickException("PELUIT_DEMO is set: unset it, then run setup again.")
    try:
        officers = setup.read_officers(people)
        migrate(ctx.store.engine)
        prepared = setup.prepare(ctx, officers, root_keeper)
    except setup.SetUpRefused as error:
        raise click.ClickException(str(error)) from error
    show(prepared.credentials, prepared.recovery)
    click.echo("\nThese lines are shown once and stored nowhere. Hand each officer theirs; put the recovery keys away")
    click.echo("on paper, the outer one outside the city.")
