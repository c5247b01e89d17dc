"""Serve, and prepare the demonstration that a first start shows."""

import base64
import os
import socket
import sys
from pathlib import Path

import click
from flask import current_app

from config import Settings
from whistle.cli.common import context, show
from whistle.cli.group import peluit
from whistle.crypto import totp
from whistle.services import demo, setup
from whistle.store.database import migrate

CODE = "PELUIT_DEMO=1 .venv/bin/flask --app wsgi peluit code"


@peluit.command("start")
def start() -> None:
    """Migrate, prepare the demonstration when there is nothing yet, and serve both surfaces."""
    settings = context().settings
    _refuse_taken(settings)
    prepare_demo_if_empty()
    address = f"http://{settings.address}"
    click.echo(f"\nPeluit  {address}/        (lapor, without a name)")
    click.echo(f"Meja    {address}/meja    (the inspectorate's desk)\n")
    click.echo("The desk asks for an officer's login and password, and for a code: an app makes it of their totp, or")
    click.echo(f"    {CODE} TOTP")
    click.echo(f"Ctrl+C stops, and keeps everything in {settings.data_dir}: remove that folder to start afresh.\n")
    sys.stdout.flush()
    config = str(Path(current_app.root_path).parent / "deploy" / "gunicorn.conf.py")
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", config, "wsgi:app"])  # noqa: S606


@peluit.command("prepare-demo")
def prepare_demo() -> None:
    """Migrate and prepare the demonstration when there is nothing yet; fixed logins are shown every time."""
    prepare_demo_if_empty()


@peluit.command("code")
@click.argument("secret", metavar="TOTP")
def code(secret: str) -> None:
    """Make the code of a demonstration's officer, in place of an app: TOTP is what the first start printed."""
    ctx = context()
    if not ctx.settings.demo:
        raise click.ClickException("This is for a demonstration only: a second factor belongs on another device.")
    try:
        made = totp.code(base64.b32decode(secret.upper()), int(ctx.clock.now().timestamp()))
    except ValueError as error:
        raise click.ClickException("TOTP is the text behind `totp=` in an officer's line.") from error
    click.echo(made)


def prepare_demo_if_empty() -> None:
    """Prepare the demonstration once; its secrets go to standard output and nowhere else."""
    ctx = context()
    if not ctx.settings.demo:
        raise click.ClickException("This prepares a demonstration: set PELUIT_DEMO=1, or run `peluit setup`.")
    migrate(ctx.store.engine)
    people = demo.officers(ctx.settings.demo_fixed)
    if setup.is_prepared(ctx):
        if ctx.settings.demo_fixed:
            show([setup.Credentials(one.login, one.name, one.role, one.password, one.totp_secret) for one in people])
        if not demo.is_whole(ctx):
            click.echo("The preparation of this demonstration was interrupted, so some of its reports are missing.")
            click.echo(f"For a whole one, stop, remove {ctx.settings.data_dir} and start again.")
        return
    once = "" if ctx.settings.demo_fixed else " Copy what follows: it is shown this once, and kept nowhere."
    click.echo(f"Preparing a demonstration.{once}")
    prepared = setup.prepare(ctx, people, demo.ROOT_KEEPER)
    show(prepared.credentials, prepared.recovery)
    sys.stdout.flush()
    receipts = demo.live(ctx, prepared.credentials, demo.stories())
    demo.mark_whole(ctx)
    for story in demo.SHOWN:
        click.echo(f"receipt story={story} words={'-'.join(receipts[story].words)}")


def _refuse_taken(settings: Settings) -> None:
    """Said before anything is prepared, since what is prepared is shown once. Raises ClickException."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn: a stop a moment ago is no matter
            probe.bind(where)
            probe.listen()
    except OSError as error:
        raise click.ClickException(
            f"Nothing can listen at {settings.address} ({error.strerror}): set PORT to a free port, like 8081, and "
            "PELUIT_HOST, if it is set, to an address of this machine."
        ) from error
