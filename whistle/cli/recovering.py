"""Recovery, and its rehearsal, by the shares that several people bring."""

import os
from collections.abc import Iterator, Sequence

import click

from whistle.casefile.reading import CaseBroken
from whistle.casefile.recipients import Reader
from whistle.ceremony.share_words import said
from whistle.ceremony.typed_shares import typed_shares
from whistle.cli.common import context
from whistle.cli.group import peluit
from whistle.crypto import shares
from whistle.crypto.shares import Share, ShareError
from whistle.domain.roles import UNITS
from whistle.domain.tracks import LOGS, TRACKS
from whistle.services import recovered, recovery
from whistle.services.context import Context
from whistle.services.recovery import RecoveryRefused


@peluit.command("recover")
@click.option("--log", type=click.Choice(LOGS), required=True, help="Whose recovery key it is.")
@click.option("--rehearse", is_flag=True, help="Check the shares, open one case, change nothing.")
@click.option("--officer", "logins", multiple=True, metavar="LOGIN", help="Seal to these officers again.")
@click.option("--stolen", is_flag=True, help="Somebody may have the cases' keys: give every case new ones.")
@click.option("--again", is_flag=True, help="From the first case on, also after a run that was stopped.")
@click.option("--shares-fd", type=int, help="Read the shares from this descriptor, a line each.")
def recover(
    log: str, rehearse: bool, logins: tuple[str, ...], stolen: bool, again: bool, shares_fd: int | None
) -> None:
    """Give the cases of a log to today's officers with the shares of its recovery key.

    Nobody is given anything who is not in the signed manifest. Without --officer, everybody who ever made new keys is
    sealed to again, and whoever has no key of a case that is theirs is given one.
    """
    ctx = context()
    try:
        given = recovered.receivers(ctx, log, logins)
        _introduce(ctx, log, None if rehearse else given, only=bool(logins))
        key = recovery.unlock(ctx, log, _read(shares_fd) if shares_fd is not None else typed_shares(log))
        if rehearse:
            _rehearse(ctx, key)
            return
        if shares_fd is None:
            click.confirm("Give the cases to these officers now?", abort=True)
        _run(ctx, key, logins, again, stolen, given)
    except ShareError as error:
        raise click.ClickException(said(error)) from error
    except RecoveryRefused as error:
        raise click.ClickException(_refused(error)) from error


def _introduce(ctx: Context, log: str, given: Sequence[Reader] | None, only: bool) -> None:
    """``given``: whoever is to have the cases; None in a rehearsal."""
    manifest = ctx.newest().current
    tracks = ", ".join(track.label.en for track in TRACKS.values() if track.log == log)
    click.echo(f"{'Rehearsal' if given is None else 'Recovery'} of the {log} log ({tracks}).")
    if given is None:
        return
    click.echo(f"By manifest {manifest.sequence} of {manifest.issued} its cases are given to:")
    for reader in given:
        unit = UNITS[reader.unit].label.en if reader.unit in UNITS else "no unit"
        click.echo(f"  {reader.name} ({reader.login}), {unit}")
    if only:
        click.echo("Who else has no key at all of a case that the manifest gives them is given one on the way.")


def _read(descriptor: int) -> list[Share]:
    try:
        with os.fdopen(descriptor, encoding="utf-8") as lines:
            texts = [line for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(
            f"--shares-fd {descriptor}: nothing can be read there; give it like {descriptor}< FILE"
        ) from error
    return list(_parsed(texts))


def _parsed(texts: list[str]) -> Iterator[Share]:
    for number, text in enumerate(texts, 1):
        try:
            yield shares.parse(text)
        except ShareError as error:
            raise click.ClickException(f"Line {number}: {said(error)}") from error


def _rehearse(ctx: Context, key: recovery.Recovery) -> None:
    try:
        found = recovery.rehearse(ctx, key)
    except CaseBroken as error:
        raise click.ClickException(
            f"The shares are right, yet a case does not open with them: {error}. Run: flask --app wsgi peluit verify"
        ) from error
    click.echo(f"The shares are right. They open the {key.log} log, which holds {found.total} cases.")
    if found.case is not None:
        click.echo(f"One of them was opened: {found.grants} keys, {found.entries} entries, all as they should be.")
    click.echo("Nothing was changed. The audit log says that it was rehearsed.")


def _run(
    ctx: Context, key: recovery.Recovery, logins: tuple[str, ...], again: bool, stolen: bool, given: Sequence[Reader]
) -> None:
    shown = -1
    progress = None
    for progress in recovery.run(ctx, key, logins, again, stolen):
        percent = 100 * progress.done // max(1, progress.total)
        if shown < 0 and progress.done:
            click.echo(f"Going on behind case {progress.done}, where the last run was stopped.")
        if percent > shown:
            click.echo(f"{progress.done} of {progress.total} cases")
            shown = percent
    if progress is None:
        return
    click.echo(f"Done: {progress.grants} keys sealed, {progress.epochs} cases have new keys from now on.")
    for reader in given:
        held = recovered.readable(ctx, key.log, reader.id, progress.broken)
        click.echo(f"  {reader.name} reads {held} of {progress.total} cases")
    if progress.broken:
        for case in progress.broken:
            click.echo(f"  case {case.hex()} does not open and was left as it is")
        raise click.ClickException("Some cases do not open. Run: flask --app wsgi peluit verify")


def _refused(error: RecoveryRefused) -> str:
    return {
        "other_key": "These shares belong together, but they are of no recovery key in the keys folder.",
        "other_log": f"These are the shares of the {error.log} key: run it with --log {error.log}.",
        "unsigned_key": "The keys folder holds this key, yet no signed manifest does. Somebody put it there: stop.",
        "nobody": f"There is no officer {error.login!r} in the signed manifest.",
        "not_theirs": f"{error.login} reads no case of the {error.log} log: look for the other log's shares.",
    }[error.code]
