"""Shares as people type them from paper, one after the other."""

import click

from whistle.ceremony import screen
from whistle.ceremony.share_words import said
from whistle.crypto import shares
from whistle.crypto.shares import Share, ShareError


def typed_shares(log: str) -> list[Share]:
    """As many shares as are needed; each is taken off the screen when it was read, and a slip is said at once."""
    found: list[Share] = []
    while not found or len(found) < found[0].needed:
        of = f" of {found[0].needed}" if found else ""
        text = click.prompt(f"Share {len(found) + 1}{of} of the {log} key, its 33 words in one line")
        try:
            share = shares.parse(text)
            _check_fits(found, share)
        except ShareError as error:
            click.echo(said(error))
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
