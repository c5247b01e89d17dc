"""`flask --app wsgi peluit ...`: set up, show a demonstration, report, tidy up. Thin: the work is in services."""

import base64
import csv
import os
import sys
from pathlib import Path
from typing import TextIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from whistle.domain.figures import Month
from whistle.render.csv_tables import to_csv
from whistle.render.report_tables import tables
from whistle.services import demo, housekeeping, reporting, setup, unlock
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.store.database import migrate

peluit = AppGroup("peluit", help="Set up, show, report and look after this inspectorate.")


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(peluit)


@peluit.command("start")
def start() -> None:
    """Migrate, prepare the demonstration when there is nothing yet, and serve both surfaces."""
    prepare_demo_if_empty()
    settings = _ctx().settings
    address = f"http://{settings.host}:{settings.port}"
    click.echo(f"\nPeluit  {address}/        (lapor, without a name)")
    click.echo(f"Meja    {address}/meja    (the inspectorate's desk)\n")
    sys.stdout.flush()
    config = str(Path(current_app.root_path).parent / "deploy" / "gunicorn.conf.py")
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", config, "wsgi:app"])  # noqa: S606


@peluit.command("prepare-demo")
def prepare_demo() -> None:
    """Migrate and prepare the demonstration when there is nothing yet."""
    prepare_demo_if_empty()


@peluit.command("migrate")
def migrate_command() -> None:
    """Bring the database's tables up to date."""
    migrate(_ctx().store.engine)


@peluit.command("setup")
@click.option(
    "--officers", "people", type=click.File(encoding="utf-8"), required=True, help="CSV: login,name,role,unit"
)
@click.option("--root-keeper", required=True, help="Login in whose vault the root key is wrapped (pimpinan).")
def set_up(people: TextIO, root_keeper: str) -> None:
    """Prepare a real inspectorate: no demonstration data, nothing by default."""
    ctx = _ctx()
    if ctx.settings.demo:
        raise click.ClickException("PELUIT_DEMO is set: unset it, then run setup again.")
    migrate(ctx.store.engine)
    try:
        rows = [setup.NewOfficer(r["login"], r["name"], r["role"], r["unit"]) for r in csv.DictReader(people)]
        prepared = setup.prepare(ctx, rows, root_keeper)
    except (setup.SetUpRefused, KeyError) as error:
        raise click.ClickException(str(error)) from error
    _show(prepared)
    click.echo("\nThese lines are shown once and stored nowhere. Hand each officer theirs; put the recovery keys away")
    click.echo("on paper, the outer one outside the city.")


@peluit.command("report")
@click.option("--month", required=True, help="YYYY-MM")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--credentials-fd", type=int, help="Read login, password and code from this descriptor, a line each.")
def report(month: str, out: Path, lang: str, credentials_fd: int | None) -> None:
    """Write the month's figures as CSV (mode 0600): figures only, nothing of any report's words."""
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
    path = out / f"laporan-{month}.csv"
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(to_csv(tables(figures, lang)))
    click.echo(str(path))


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
    if setup.is_prepared(ctx):
        return
    prepared = setup.prepare(ctx, demo.officers(ctx.settings.demo_fixed), demo.ROOT_KEEPER)
    _show(prepared)
    sys.stdout.flush()
    receipts = demo.live(ctx, prepared.credentials, demo.stories())
    for story in demo.SHOWN:
        click.echo(f"receipt story={story} words={'-'.join(receipts[story].words)}")


def _ctx() -> Context:
    context = current_app.extensions["peluit"]
    if not isinstance(context, Context):
        raise click.ClickException("this application has no context")
    return context


def _show(prepared: setup.Prepared) -> None:
    for who in prepared.credentials:
        secret = base64.b32encode(who.totp_secret).decode()
        click.echo(f"officer login={who.login} role={who.role} password={who.password} totp={secret}")
    for log, seed in prepared.recovery.items():
        click.echo(f"recovery log={log} key={seed}")


def _officer(ctx: Context, descriptor: int | None) -> Officer:
    if descriptor is None:
        login = click.prompt("Login", err=True)
        password = click.prompt("Password", hide_input=True, err=True)
        code = click.prompt("Code", hide_input=True, err=True)
    else:
        with os.fdopen(descriptor, encoding="utf-8") as lines:
            login, password, code = (lines.readline().rstrip("\n") for _ in range(3))
    try:
        return unlock.authenticate(ctx, login, password, code)
    except unlock.SignInRefused as error:
        wait = f" Wait {error.wait_seconds} seconds." if error.wait_seconds else ""
        raise click.ClickException(f"Login, password or code is wrong.{wait}") from error
