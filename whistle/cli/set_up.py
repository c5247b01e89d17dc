"""Prepare a real inspectorate: with a root key that lies on another machine, or, simpler, in an officer's vault."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import click

from whistle.ceremony.making import show_fingerprint
from whistle.cli.common import context, show
from whistle.cli.group import peluit
from whistle.crypto import root_file
from whistle.services import founding, setup
from whistle.services.context import Context
from whistle.services.founding import Invited
from whistle.services.setup import NewOfficer, SetUpRefused
from whistle.store.database import migrate

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LOCAL = ("localhost", "127.0.0.1", "::1")


def _desk(context: click.Context, option: click.Parameter, address: str) -> str:
    """The desk's address as links need it, "" when it was not given. Raises BadParameter."""
    parts = urlsplit(address)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    if address and (not secure or not parts.hostname):
        raise click.BadParameter("write it whole, as officers type it: https://meja.example.go.id")
    return address.rstrip("/").removesuffix("/meja")


DESK = click.option("--desk", "address", default="", callback=_desk, help="The desk's address, for the links: https://...")


@peluit.command("setup")
@click.option(
    "--officers", "people", type=click.File(encoding="utf-8-sig"), required=True, help=f"CSV: {setup.OFFICERS_LINE}"
)
@click.option("--public", "folder", type=FOLDER, help="Folder with root.pub and recovery-*.pub of the ceremony.")
@DESK
@click.option("--root-keeper", help="Without --public: login in whose vault the root key is wrapped (pimpinan).")
@click.option("--root-copy", type=FILE, help="With --root-keeper: a second root.key, to be taken away from here.")
def set_up(
    people: TextIO, folder: Path | None, address: str, root_keeper: str | None, root_copy: Path | None
) -> None:
    """Prepare a real inspectorate: no demonstration data, nothing by default.

    With --public nobody's private key is made here: officers get links to make their own, and reports are taken in once
    the first manifest came back signed. With --root-keeper everything is made here and shown once.
    """
    ctx = context()
    if ctx.settings.demo:
        raise click.ClickException("PELUIT_DEMO is set: unset it, then run setup again.")
    if (folder is None) == (root_keeper is None):
        raise click.ClickException("Give either --public FOLDER (the root key is elsewhere) or --root-keeper LOGIN.")
    if folder is not None and not address:
        raise click.ClickException("Officers get links: add the desk's address, --desk https://meja.example.go.id")
    try:
        officers = setup.read_officers(people)
        migrate(ctx.store.engine)
        if folder is not None:
            _found(ctx, officers, folder, address)
        else:
            _prepare(ctx, officers, root_keeper or "", root_copy)
    except SetUpRefused as error:
        raise click.ClickException(str(error)) from error


@peluit.command("invite")
@click.option(
    "--officers", "people", type=click.File(encoding="utf-8-sig"), required=True, help=f"CSV: {setup.OFFICERS_LINE}"
)
@DESK
@click.option("--even-root-keeper", is_flag=True, help="Also whoever keeps the root key in the vault, which then goes.")
def invite(people: TextIO, address: str, even_root_keeper: bool) -> None:
    """Print links with which officers make keys, for when nobody can invite at the desk any more.

    Nobody is admitted by it: that takes a signed manifest.
    """
    try:
        _links(founding.invite(context(), setup.read_officers(people), even_root_keeper), address)
    except SetUpRefused as error:
        raise click.ClickException(str(error)) from error


def _links(invited: Sequence[Invited], address: str) -> None:
    for one in invited:
        link = f"{address}/meja/undangan/{one.token}" if one.token else "made-keys-already"
        click.echo(f"invitation login={one.person.login} role={one.person.role} link={link}")


def _found(ctx: Context, officers: Sequence[NewOfficer], folder: Path, address: str) -> None:
    public = {name: _public(folder / name) for name in founding.FILES}
    _links(founding.found(ctx, officers, public), address)
    click.echo("")
    show_fingerprint(public["root.pub"], "to be compared with the minutes, word by word and digit by digit, now:")
    click.echo("\nEach link works once, for seven days: hand every officer their own. Reports are taken in as soon")
    click.echo("as manifest 1, which holds their keys, was signed where root.key lies and is installed here.")


def _prepare(ctx: Context, officers: Sequence[NewOfficer], root_keeper: str, root_copy: Path | None) -> None:
    if root_copy is not None:
        _write_new(root_copy, b"")  # before anything is made, so that nothing is made in vain
    try:
        prepared = setup.prepare(ctx, officers, root_keeper)
    except SetUpRefused:
        if root_copy is not None:
            root_copy.unlink()
        raise
    show(prepared.credentials, prepared.recovery)
    if root_copy is not None:
        passphrase = root_file.new_passphrase()
        root_copy.write_bytes(root_file.wrap(prepared.root_seed, passphrase, root_file.PARAMS)[0])
        click.echo(f"root file={root_copy} passphrase={passphrase}")
    click.echo("\nThese lines are shown once and stored nowhere. Hand each officer theirs. Every share of a recovery")
    click.echo("key goes on paper to another person, those of the outer key outside the city.")


def _write_new(path: Path, contents: bytes) -> None:
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(contents)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}): name another file.") from error


def _public(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise click.ClickException(f"{path} is not there: is this the folder of the ceremony's public keys?") from error
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path} is no public key of the ceremony.") from error
