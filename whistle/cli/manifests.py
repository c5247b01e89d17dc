"""Manifests as files: what waits for the root's signature goes out, what is signed comes in."""

import os
from datetime import date, datetime
from pathlib import Path

import click

from whistle.casefile.manifest import ManifestRefused
from whistle.casefile.manifest_files import Request, signed_from_bytes
from whistle.ceremony.sentences import told
from whistle.cli.common import context
from whistle.cli.group import peluit
from whistle.services import manifests
from whistle.services.context import Context, NotSetUp
from whistle.services.manifests import ManifestImpossible, Wishes
from whistle.services.refusals import Refusal

FILE = click.Path(dir_okay=False, path_type=Path)


@peluit.group("manifest")
def manifest() -> None:
    """Who is sealed in: ask for a signature of the root key on another machine, and install what it signed."""


@manifest.command("request")
@click.option("--out", type=FILE, required=True, help="The file to be signed.")
@click.option("--admit", multiple=True, metavar="LOGIN", help="Only these of those whose keys wait (else all).")
@click.option("--remove", multiple=True, metavar="LOGIN", help="Officers who leave.")
@click.option("--delegate", multiple=True, metavar="LOGIN", help="May sign for the tracks of their log.")
@click.option("--undelegate", multiple=True, metavar="LOGIN", help="May sign no longer.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of --delegate [a year from now]")
def request(
    out: Path,
    admit: tuple[str, ...],
    remove: tuple[str, ...],
    delegate: tuple[str, ...],
    undelegate: tuple[str, ...],
    until: datetime | None,
) -> None:
    """Make the next manifest, unsigned, with everybody whose keys wait; say what it changes."""
    ctx = context()
    last = date(until.year, until.month, until.day) if until else None
    try:
        made = manifests.request(ctx, Wishes(admit or None, remove, delegate, undelegate, last))
        before = made.previous(ctx.trust.root())
    except Refusal as refused:
        raise click.ClickException(_sentence(refused) + _awaited(ctx)) from refused
    except (ManifestImpossible, ManifestRefused, NotSetUp) as error:
        raise click.ClickException(f"{error}.{_awaited(ctx)}") from error
    _write(out, made)
    click.echo("\n".join(told(before, made.manifest)) + _awaited(ctx))
    click.echo(f"\n{out} waits for the root: python -m whistle.ceremony sign --key root.key --in {out.name} --out FILE")


@manifest.command("install")
@click.argument("file", type=FILE)
def install(file: Path) -> None:
    """Take in a signed manifest: verify it, store it, make officers of those whom it admits."""
    ctx = context()
    try:
        done = manifests.install(ctx, signed_from_bytes(file.read_bytes()))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read ({error.strerror}).") from error
    except Refusal as refused:
        raise click.ClickException(_sentence(refused)) from refused
    except (ManifestRefused, NotSetUp) as error:
        raise click.ClickException(f"{error}.") from error
    click.echo(f"Manifest {done.sequence} counts from now on.")
    for name in done.came:
        click.echo(f"  {name} is admitted")
    for name in done.left:
        click.echo(f"  {name} is admitted no more")
    if done.came and done.sequence > 1:
        click.echo("Cases that are there already: a colleague's session gives them, or peluit recover.")


def _awaited(ctx: Context) -> str:
    names = ", ".join(manifests.without_keys(ctx))
    return f"\nInvited, no keys yet, so not in this manifest: {names}" if names else ""


def _write(out: Path, made: Request) -> None:
    try:
        with open(out, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(made.to_bytes())
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written ({error.strerror}): name another file.") from error


def _sentence(refused: Refusal) -> str:
    said = {
        "two_readers": "Track {track} would have fewer than two readers.",
        "no_custodian": "Track {track} would have nobody who holds identity records.",
        "gone": "Somebody who was named is in the manifest no more, or has no keys that wait.",
        "both": "{name} would be admitted and removed at once: choose one of the two.",
        "bad_keys": "Keys that wait are malformed.",
        "login_taken": "Somebody who waits has the login of somebody who is there.",
        "unit_of_role": "Somebody who waits is of a unit that is not of their role.",
        "delegate_role": "The role of {name} signs no manifests.",
        "delegate_days": "A delegation lasts at most {days} days.",
        "delegate_keys": "The keys of {name} in the database are not those in the manifest.",
        "changed_list": "Something changed meanwhile: make a new request.",
    }
    return said.get(refused.code, f"This manifest is refused: {refused.code}.").format(**refused.values)
