"""Check everything that is stored, and name what is wrong."""

import sys
import time
from collections import Counter

import click

from whistle.cli.common import context, signed_in
from whistle.cli.group import peluit
from whistle.services import verify as checks
from whistle.services.officer import Officer

NAMED = 20  # faults of one code that are named one by one
OFTEN = 2.0  # seconds between two words of progress


@peluit.command("verify")
@click.option("--as-reader", is_flag=True, help="Ask for an officer's sign-in, and check what that officer can open.")
@click.option("--credentials-fd", type=int, help="As --as-reader, with login, password and code from this descriptor.")
@click.option("--head", "heads", multiple=True, metavar="SEQ:HASH", help="A head of the audit log that was printed.")
@click.option("--root", metavar="FINGERPRINT", help="Of keys/root.pub, in the minutes: 64 digits, or six words.")
@click.option("--all", "everything", is_flag=True, help="Name every fault, however many there are of one kind.")
def verify(
    as_reader: bool, credentials_fd: int | None, heads: tuple[str, ...], root: str | None, everything: bool
) -> None:
    """Check all that is stored. Ends with 1 when there is a fault, each of which is named with its row."""
    ctx = context()
    closed = checks.closed_to(ctx)
    if closed:
        raise click.ClickException(
            f"This database role may not read {', '.join(closed)}: verify with the address of the tables' owner or of"
            " the desk, after roles.sql was run again."
        )
    try:
        wanted = checks.heads(heads)
    except ValueError as error:
        raise click.ClickException(f"--head is the row's number, a colon, and its hash: {error}") from error
    try:
        named = checks.named_root(root) if root is not None else None
    except ValueError as error:
        raise click.ClickException(
            "--root is the fingerprint as it stands in the minutes: the number of 64 digits (0 to 9, a to f), all of "
            'them, or the six words between quotes: --root "one two three four five six". Nothing was checked yet.'
        ) from error
    reader: Officer | None = None
    if as_reader or credentials_fd is not None:
        reader = signed_in(ctx, credentials_fd)
        checks.recorded(ctx, reader)
    shown: Counter[str] = Counter()
    findings = checks.Findings(lambda fault: _tell(fault, shown, everything))
    began = time.monotonic()
    rate = checks.verify(ctx, findings, checks.Asked(wanted, named, reader), _Progress())
    _close(findings, shown, time.monotonic() - began, rate)
    if not findings.clean:
        sys.exit(1)


class _Progress:
    """A line on standard error now and then."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, line: str) -> None:
        if time.monotonic() >= self._next:
            click.echo(f"... {line}", err=True)
            self._next = time.monotonic() + OFTEN


def _tell(fault: checks.Fault, shown: Counter[str], everything: bool) -> None:
    shown[fault.code] += 1
    if everything or shown[fault.code] <= NAMED:
        click.echo(f"FAULT {fault.code}  {fault.table}: {fault.row}")
        click.echo(f"      {fault.found}")


def _close(findings: checks.Findings, shown: Counter[str], seconds: float, rate: float) -> None:
    for code, number in sorted(findings.faults.items()):
        about = checks.CODES[code]
        click.echo(f"\n{code}: {number}" + (" (the first are named; --all names every one)" if number > NAMED else ""))
        click.echo(f"  What it means: {about.means}")
        click.echo(f"  What to do:    {about.do}")
    for what, why in findings.unchecked.items():
        click.echo(f"not checked: {what}: {why}")
    counts = ", ".join(f"{number} {what}" for what, number in findings.checked.items())
    click.echo(f"\n{counts} in {seconds:.1f} s ({rate:.0f} cases a second).")
    total = sum(findings.checked.values())
    if findings.clean:
        click.echo(f"{total} checked, no fault.")
    else:
        click.echo(f"{total} checked, {sum(findings.faults.values())} faults. docs/operating.md says what to do.")
