"""The month's figures as files."""

import os
import tempfile
from pathlib import Path

import click
from flask import current_app

from whistle.cli.common import context, signed_in
from whistle.cli.group import peluit
from whistle.domain.figures import Month
from whistle.services import reporting
from whistle.web import report_file


@peluit.command("report")
@click.option("--month", required=True, help="YYYY-MM")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option("--credentials-fd", type=int, help="Read login, password and code from this descriptor, a line each.")
def report(month: str, out: Path, lang: str, credentials_fd: int | None) -> None:
    """Write the month's figures as HTML, CSV, XLSX and JSON (mode 0600): figures only, no word of any report."""
    ctx = context()
    try:
        wanted = Month.parse(month)
    except ValueError as error:
        raise click.ClickException(f"--month {month!r} is no month: write it like 2026-10.") from error
    officer = signed_in(ctx, credentials_fd)
    if not officer.may("report.export"):
        raise click.ClickException("This officer's role may not export the monthly report.")
    figures = reporting.report(ctx, officer, wanted, export=True)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, contents in report_file.files(current_app, figures, wanted, lang).items():
        write(out / name, contents)
        click.echo(str(out / name))


def write(path: Path, contents: bytes) -> None:
    """Write beside and move into place: a link or a file held open that lies there is neither followed nor filled."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".laporan-", delete=False) as file:  # mode 0600
        file.write(contents)
    os.replace(file.name, path)
