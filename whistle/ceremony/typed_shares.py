"""Shares as people type them from paper, one after the other.

The first that is typed may be the wrong one: then every right one is foreign to it, and only beginning again helps.
"""

from collections.abc import Sequence

import click

from whistle.ceremony import screen
from whistle.ceremony.share_words import said
from whistle.crypto import shares
from whistle.crypto.shares import Share, ShareError

AGAIN = "again"  # typed in place of a share: those before it are forgotten


def typed_shares(log: str) -> list[Share]:
    """As many shares as are needed; each is taken off the screen when it was read, and a slip is said at once."""
    found: list[Share] = []
    while not found or len(found) < found[0].needed:
        of = f" of {found[0].needed}" if found else ""
        text = click.prompt(f"Share {len(found) + 1}{of} of the {log} key, its 33 words in one line")
        if text.strip().lower() == AGAIN:
            found.clear()
            click.echo("All shares so far are forgotten: begin with the first one.")
            continue
        try:
            share = shares.parse(text)
            _check_fits(found, share)
        except ShareError as error:
            click.echo(_other_set(found) if error.kind == "other_set" else said(error))
            continue
        found.append(share)
        screen.fresh()
        click.echo(f"Share {share.number} is right: {len(found)} of {share.needed}.")
    return found


def _check_fits(found: list[Share], share: Share) -> None:
    """Says at once what `combine` would say at the end. Raises ShareError."""
    if found and (share.set, share.needed) != (found[0].set, found[0].needed):
        raise ShareError("other_set")
    if share.number in (one.number for one in found):
        raise ShareError("twice")


def _other_set(found: Sequence[Share]) -> str:
    before = " and ".join(str(share.number) for share in found)
    which = f"share {before}, which was" if len(found) == 1 else f"shares {before}, which were"
    return (
        f"This share does not fit {which} typed before: they are of two keys, or of two times when the key was split.\n"
        f"See on the papers which is the wrong one. Is it this one, type another; else type {AGAIN} to begin again."
    )
