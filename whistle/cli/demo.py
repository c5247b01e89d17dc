"""Fill the demonstration with many cases."""

import sys
import time
from typing import TextIO

import click

from whistle.cli.common import context
from whistle.cli.group import peluit
from whistle.cli.serving import prepare_demo_if_empty
from whistle.crypto.suite import Refused
from whistle.services import demo, many

LINE = "officer login=... password=..."


@peluit.command("demo")
@click.option("--cases", "count", type=click.IntRange(1, 10_000_000), required=True, help="How many cases to add.")
@click.option("--processes", type=click.IntRange(1, 64), help="How many seal at once; as many as there are cores.")
@click.option(
    "--credentials",
    type=click.File(encoding="utf-8"),
    help=f"Where the officers' lines stand ({LINE}), as the first start printed them; - is standard input.",
)
def demo_command(count: int, processes: int | None, credentials: TextIO | None) -> None:
    """Add cases to the demonstration: lives through all stages in two years, with real keys, that nobody reported."""
    ctx = context()
    prepare_demo_if_empty()
    if credentials is not None:
        passwords = dict(_read(line) for line in credentials if line.startswith("officer "))
    elif ctx.settings.demo_fixed:
        passwords = {who.login: who.password for who in demo.officers(fixed=True)}
    else:
        raise click.ClickException(
            f"The officers' passwords are needed to sign as they do: give the lines of the first start ({LINE}) with "
            "--credentials FILE, or set PELUIT_DEMO_FIXED=1 before the demonstration is prepared."
        )
    began = time.monotonic()
    try:
        many.fill(ctx, passwords, count, lambda done: _progress(done, count, time.monotonic() - began), processes or 0)
    except (Refused, LookupError) as error:
        raise click.ClickException("An officer's line is missing, or its password is wrong.") from error
    click.echo(f"\n{count:,} cases in {time.monotonic() - began:.0f} s.", err=True)


def _read(line: str) -> tuple[str, str]:
    values = dict(word.split("=", 1) for word in line.split()[1:] if "=" in word)
    return values.get("login", ""), values.get("password", "")


def _progress(done: int, count: int, seconds: float) -> None:
    left = (count - done) * seconds / done
    click.echo(f"\r{done:,} of {count:,} cases, {done / seconds:.0f}/s, {left:.0f} s left  ", nl=False, err=True)
    sys.stderr.flush()
