"""`flask --app wsgi peluit ...`: set up, show a demonstration, report, tidy up. Thin: the work is in services."""

import base64
import os
import socket
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from config import Settings
from whistle.crypto import totp
from whistle.domain.figures import Month
from whistle.services import demo, housekeeping, reporting, setup, unlock
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.store.database import migrate
from whistle.web import report_file

peluit = AppGroup("peluit", help="Set up, show, report and look after this inspectorate.")

CODE = "PELUIT_DEMO=1 .venv/bin/flask --app wsgi peluit code"


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(peluit)


@peluit.command("start")
def start() -> None:
    """Migrate, prepare the demonstration when there is nothing yet, and serve both surfaces."""
    settings = _ctx().settings
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
    ctx = _ctx()
    if not ctx.settings.demo:
        raise click.ClickException("This is for a demonstration only: a second factor belongs on another device.")
    try:
        made = totp.code(base64.b32decode(secret.upper()), int(ctx.clock.now().timestamp()))
    except ValueError as error:
        raise click.ClickException("TOTP is the text behind `totp=` in an officer's line.") from error
    click.echo(made)


@peluit.command("migrate")
def migrate_command() -> None:
    """Bring the database's tables up to date."""
    migrate(_ctx().store.engine)


@peluit.command("setup")
@click.option(
    "--officers", "people", type=click.File(encoding="utf-8-sig"), required=True, help=f"CSV: {setup.OFFICERS_LINE}"
)
@click.option("--root-keeper", required=True, help="Login in whose vault the root key is wrapped (pimpinan).")
def set_up(people: TextIO, root_keeper: str) -> None:
    """Prepare a real inspectorate: no demonstration data, nothing by default."""
    ctx = _ctx()
    if ctx.settings.demo:
        raise click.ClickException("PELUIT_DEMO is set: unset it, then run setup again.")
    try:
        officers = setup.read_officers(people)
        migrate(ctx.store.engine)
        prepared = setup.prepare(ctx, officers, root_keeper)
    except setup.SetUpRefused as error:
        raise click.ClickException(str(error)) from error
    _show(prepared.credentials, prepared.recovery)
    click.echo("\nThese lines are shown once and stored nowhere. Hand each officer theirs; put the recovery keys away")
    click.echo("on paper, the outer one outside the city.")


@peluit.command("report")
@click.option("--month", required=True, help="YYYY-MM")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--credentials-fd", type=int, help="Read login, password and code from this descriptor, a line each.")
def report(month: str, out: Path, lang: str, credentials_fd: int | None) -> None:
    """Write the month's figures as HTML and CSV (mode 0600): figures only, nothing of any report's words."""
    ctx = _ctx()
    try:
        wanted = Month.parse(month)
    except ValueError as error:
        raise click.ClickException(f"--month {month!r} is no month: write it like 2026-10.") from error
    officer = _officer(ctx, credentials_fd)
    if not officer.may("report.export"):
        raise click.ClickException("This officer's role may not export the monthly report.")
    figures = reporting.report(ctx, officer, wanted, export=True)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, contents in report_file.files(current_app, figures, wanted, lang).items():
        _write(out / name, contents)
        click.echo(str(out / name))


@peluit.command("tick")
def tick() -> None:
    """Once a night, from a timer: end old sessions and rewrite the tables so that no order of arrival is left."""
    click.echo(housekeeping.tick(_ctx()))


def prepare_demo_if_empty() -> None:
    """Prepare the demonstration once; its secrets go to standard output and nowhere else."""
    ctx = _ctx()
    if not ctx.settings.demo:
        raise click.ClickException("This prepares a demonstration: set PELUIT_DEMO=1, or run `peluit setup`.")
    migrate(ctx.store.engine)
    people = demo.officers(ctx.settings.demo_fixed)
    if setup.is_prepared(ctx):
        if ctx.settings.demo_fixed:
            _show([setup.Credentials(one.login, one.name, one.role, one.password, one.totp_secret) for one in people])
        if not demo.is_whole(ctx):
            click.echo("The preparation of this demonstration was interrupted, so some of its reports are missing.")
            click.echo(f"For a whole one, stop, remove {ctx.settings.data_dir} and start again.")
        return
    once = "" if ctx.settings.demo_fixed else " Copy what follows: it is shown this once, and kept nowhere."
    click.echo(f"Preparing a demonstration.{once}")
    prepared = setup.prepare(ctx, people, demo.ROOT_KEEPER)
    _show(prepared.credentials, prepared.recovery)
    sys.stdout.flush()
    receipts = demo.live(ctx, prepared.credentials, demo.stories())
    demo.mark_whole(ctx)
    for story in demo.SHOWN:
        click.echo(f"receipt story={story} words={'-'.join(receipts[story].words)}")


def _ctx() -> Context:
    context = current_app.extensions["peluit"]
    if not isinstance(context, Context):
        raise click.ClickException("this application has no context")
    return context


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


def _write(path: Path, contents: bytes) -> None:
    """Write beside and move into place: a link or a file held open that lies there is neither followed nor filled."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".laporan-", delete=False) as file:  # mode 0600
        file.write(contents)
    os.replace(file.name, path)


def _show(credentials: Iterable[setup.Credentials], recovery: Mapping[str, str] | None = None) -> None:
    for who in credentials:
        secret = base64.b32encode(who.totp_secret).decode()
        click.echo(f"officer login={who.login} role={who.role} password={who.password} totp={secret}")
    for log, seed in (recovery or {}).items():
        click.echo(f"recovery log={log} key={seed}")


def _officer(ctx: Context, descriptor: int | None) -> Officer:
    if descriptor is None:
        login = click.prompt("Login", err=True)
        password = click.prompt("Password", hide_input=True, err=True)
        code = click.prompt("Code", hide_input=True, err=True)
    else:
        try:
            with os.fdopen(descriptor, encoding="utf-8") as lines:
                login, password, code = (lines.readline().rstrip("\n") for _ in range(3))
        except (OSError, UnicodeDecodeError) as error:
            raise click.ClickException(
                f"--credentials-fd {descriptor}: nothing can be read there; give it like {descriptor}< FILE"
            ) from error
    try:
        return unlock.authenticate(ctx, login, password, code)
    except unlock.SignInRefused as error:
        wait = f" Wait {error.wait_seconds} seconds." if error.wait_seconds else ""
        raise click.ClickException(f"Login, password or code is wrong.{wait}") from error
