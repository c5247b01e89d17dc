"""Make the root key and both recovery keys. Nothing is written before everything was confirmed."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import click

from whistle.ceremony import screen
from whistle.crypto import root_file, shares
from whistle.crypto.recovery import RecoveryKeys
from whistle.crypto.shares import Split
from whistle.crypto.signing import DUAL_SEED

WHERE = {
    "inner": "Opens every report of the inner tracks. Its shares lie with several people, some of them outside.",
    "outer": "Opens every report of the outer tracks. No share of it lies inside the city.",
}


def make(out: Path, splits: Mapping[str, Split]) -> None:
    """Show, have confirmed, then write root.key, root.pub, recovery-inner.pub and recovery-outer.pub to ``out``."""
    _refuse_taken(out)
    passphrase = root_file.new_passphrase()
    title = "PASSPHRASE OF THE ROOT KEY. Keep this paper apart from root.key."
    screen.written_down(title, passphrase.split("-"), 0)
    key, public = root_file.wrap(os.urandom(DUAL_SEED), passphrase, root_file.PARAMS)
    files = {"root.key": key, "root.pub": _hex(public)}
    for log, split in splits.items():
        keys = RecoveryKeys(os.urandom(32))
        write_down_shares(log, keys, split)
        files[f"recovery-{log}.pub"] = _hex(keys.public)
    _write(out, files)
    screen.fresh()
    click.echo(f"Written to {out}:")
    click.echo("  root.key      secret; stays on this machine or a stick in the safe, with its passphrase elsewhere")
    click.echo("  root.pub, recovery-inner.pub, recovery-outer.pub      public; these go to the server\n")
    show_fingerprint(public, "for the minutes. Compare it on the server after you have put root.pub there:")


def show_fingerprint(public: bytes, what_to_do: str) -> None:
    """What goes on paper, and is compared wherever root.pub is put."""
    words, digest = root_file.fingerprint_of(public)
    click.echo(f"The root's fingerprint, {what_to_do}")
    click.echo(f"  {' '.join(words)}")
    click.echo(f"  {digest}")


def write_down_shares(log: str, keys: RecoveryKeys, split: Split) -> None:
    """A screen for each share, until two of its words came back from the paper."""
    made = shares.split(keys.secret, split)
    if shares.combine(made) != keys.secret:
        raise click.ClickException("The shares do not combine on this machine: do not use it.")
    for share in made:
        title = (
            f"{log.upper()} RECOVERY KEY, share {share.number} of {split.made}. "
            f"Any {split.needed} of them together open it.\n{WHERE[log]}"
        )
        screen.written_down(title, share.words, 2)


def _refuse_taken(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, exist_ok=True)
        taken = [name.name for name in out.iterdir() if name.suffix in (".key", ".pub")]
    except FileNotFoundError as error:
        raise click.ClickException(f"{out.parent} is not there: is the stick in, and mounted?") from error
    except OSError as error:
        raise click.ClickException(f"{out} cannot be used ({error.strerror}): name another folder.") from error
    if taken:
        raise click.ClickException(f"{out} holds keys already ({', '.join(sorted(taken))}): name an empty folder.")


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    made = []
    try:
        for name, contents in files.items():
            path = out / name
            with open(path, "xb", opener=lambda file, flags: os.open(file, flags, 0o600)) as file:
                made.append(path)
                file.write(contents)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise click.ClickException(f"{out} cannot be written ({error.strerror}); nothing was kept.") from error


def _hex(public: bytes) -> bytes:
    return public.hex().encode() + b"\n"
