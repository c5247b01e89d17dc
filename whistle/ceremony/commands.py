"""The commands of the ceremony."""

import os
import re
from pathlib import Path

import click

from whistle.casefile.manifest import Manifest, ManifestRefused, sign_manifest
from whistle.casefile.manifest_files import Request, signed_to_bytes
from whistle.ceremony import making, notes, screen
from whistle.ceremony.sentences import known_otherwise, told
from whistle.ceremony.share_words import said
from whistle.ceremony.typed_shares import typed_shares
from whistle.crypto import root_file, shares
from whistle.crypto.recovery import USUAL, RecoveryKeys, halves
from whistle.crypto.shares import Split
from whistle.crypto.suite import Refused

FILE = click.Path(dir_okay=False, path_type=Path)
TRIES = 5


class _Split(click.ParamType[Split]):
    name = "K-of-N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Split:
        if isinstance(value, Split):
            return value
        found = re.fullmatch(r"\s*(\d{1,2})\s*(?:-?of-?|/)\s*(\d{1,2})\s*", str(value))
        try:
            return Split(int(found[1]), int(found[2])) if found else Split(0, 0)
        except ValueError:
            self.fail(f"{value!r}: write it like 3-of-5, with at least 2 needed and at most 16 made", param, ctx)


@click.group(help="The root key: make it, see what a manifest changes, sign. For a machine without a network.")
def ceremony() -> None:
    """The group."""


@ceremony.command("new")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="An empty folder.")
@click.option("--inner", type=_Split(), default=USUAL["inner"], help="Shares of the inner recovery key [3-of-5]")
@click.option("--outer", type=_Split(), default=USUAL["outer"], help="Shares of the outer recovery key [2-of-3]")
def new(out: Path, inner: Split, outer: Split) -> None:
    """Make the root key and the recovery keys; have pens and paper ready, and nobody else looking."""
    making.make(out, {"inner": inner, "outer": outer})


@ceremony.command("resplit")
@click.option("--pub", "public", type=FILE, required=True, help="recovery-inner.pub or recovery-outer.pub")
@click.option("--into", type=_Split(), required=True, help="How many new shares, like 3-of-5")
def resplit(public: Path, into: Split) -> None:
    """Make new shares of a recovery key from the present ones, for other holders. Burn the old shares afterwards."""
    log = public.stem.removeprefix("recovery-")
    try:
        keys = RecoveryKeys(shares.combine(typed_shares(log)))
    except shares.ShareError as error:
        raise click.ClickException(said(error)) from error
    if halves(keys.public) != _public_halves(public):
        raise click.ClickException(f"These shares belong together, but not to {public}.")
    making.write_down_shares(log, keys, into)
    screen.fresh()
    click.echo("The new shares are on paper. The old ones still open the key: bring them together, and burn them.")


@ceremony.command("show")
@click.argument("file", type=FILE)
@click.option("--root-pub", type=FILE, help="The root's public key; without it, root.pub beside FILE or here.")
def show(file: Path, root_pub: Path | None) -> None:
    """Say what FILE, a request for a signature, changes against the manifest before it."""
    request, before = _verified(file, _public(file, root_pub))
    _tell(request, before)


@ceremony.command("sign")
@click.option("--key", "key_file", type=FILE, required=True, help="root.key")
@click.option("--in", "source", type=FILE, required=True, help="The request that came from the server.")
@click.option("--out", "target", type=FILE, required=True, help="Where the signed manifest goes.")
def sign(key_file: Path, source: Path, target: Path) -> None:
    """Show what a request changes, ask for the passphrase, and sign."""
    key = screen.readable(key_file)
    try:
        public = root_file.public_of(key)
    except Refused as error:
        raise click.ClickException(f"{key_file} is no root key's file.") from error
    request, before = _verified(source, public)
    if target.exists():
        raise click.ClickException(f"{target} is there already: name another file.")
    _check_recovery(key_file.parent, before, request.manifest)
    _tell(request, before)
    twice = notes.other_of(key_file, request.manifest)
    if twice:
        number = request.manifest.sequence
        click.echo(f"\nCAREFUL: another manifest {number} was signed here, issued {twice}. Sign this one only if")
        click.echo("that one was never used: two of one number could show two people two different lists.")
    click.echo("\nCompare the matching words with the paper that each person gave you in person.")
    click.confirm("Is every line right?", abort=True)
    seed = _unlocked(key)
    signed = sign_manifest(request.manifest, seed, public)
    notes.note(key_file, request.manifest)
    _write(target, signed_to_bytes(signed))
    click.echo(f"Signed: {target}. Take it to the server: flask --app wsgi peluit manifest install {target.name}")


def _verified(file: Path, root: bytes) -> tuple[Request, Manifest | None]:
    try:
        request = Request.from_bytes(screen.readable(file))
        return request, request.previous(root)
    except ManifestRefused as error:
        raise click.ClickException(f"{file}: {error}. Do not sign it.") from error


def _tell(request: Request, before: Manifest | None) -> None:
    """All that a verified request changes, and what is odd about it."""
    odd = known_otherwise([signed.manifest() for signed in request.chain], request.manifest)
    click.echo("\n".join([*told(before, request.manifest), *odd]))


def _public(file: Path, root_pub: Path | None) -> bytes:
    choices = [root_pub] if root_pub else [file.parent / "root.pub", Path("root.pub"), Path("keys/root.pub")]
    for path in choices:
        if path.exists() or root_pub:
            try:
                return bytes.fromhex(screen.readable(path).decode("ascii"))
            except ValueError as error:
                raise click.ClickException(f"{path} is no public key.") from error
    raise click.ClickException("root.pub is not beside the file: name it with --root-pub FILE.")


def _check_recovery(folder: Path, before: Manifest | None, after: Manifest) -> None:
    """The keys that the ceremony made lie beside root.key; a first manifest with others is somebody else's."""
    for log in after.recovery:
        path, now = folder / f"recovery-{log}.pub", (after.recovery[log], after.recovery_sign.get(log))
        if before is not None and (before.recovery.get(log), before.recovery_sign.get(log)) == now:
            continue
        if not path.exists():
            raise click.ClickException(f"{path.name} is not beside root.key: copy it there, to be compared.")
        if _public_halves(path) != now:
            raise click.ClickException(
                f"The {log} recovery key in the request is not the one in {path}: somebody else could open every "
                "report. Do not sign it."
            )


def _public_halves(path: Path) -> tuple[bytes, bytes]:
    try:
        return halves(bytes.fromhex(screen.readable(path).decode("ascii")))
    except (ValueError, Refused) as error:
        raise click.ClickException(f"{path} is no public recovery key.") from error


def _unlocked(key: bytes) -> bytes:
    for _ in range(TRIES):
        passphrase = click.prompt("Passphrase of the root key (six words)", hide_input=True)
        try:
            return root_file.unlock(key, passphrase)
        except Refused:
            click.echo("That is not the passphrase of this file.")
    raise click.ClickException("Nothing was signed.")


def _write(path: Path, contents: bytes) -> None:
    try:
        with open(path, "xb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}).") from error
