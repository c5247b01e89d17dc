"""What several commands need: the context, an officer's sign-in at the shell, secrets that are shown once."""

import base64
import os
from collections.abc import Iterable, Mapping, Sequence

import click
from flask import current_app

from whistle.crypto.shares import Share
from whistle.services import setup, unlock
from whistle.services.context import Context
from whistle.services.officer import Officer


def context() -> Context:
    """The running application's context."""
    context = current_app.extensions["peluit"]
    if not isinstance(context, Context):
        raise click.ClickException("this application has no context")
    return context


def show(credentials: Iterable[setup.Credentials], recovery: Mapping[str, Sequence[Share]] | None = None) -> None:
    """Secrets that are shown this once: a line each."""
    for who in credentials:
        secret = base64.b32encode(who.totp_secret).decode()
        click.echo(f"officer login={who.login} role={who.role} password={who.password} totp={secret}")
    for log, made in (recovery or {}).items():
        for share in made:
            words = "-".join(share.words)
            click.echo(f"recovery log={log} share={share.number} of={len(made)} needs={share.needed} words={words}")


def signed_in(ctx: Context, descriptor: int | None) -> Officer:
    """Sign in with what is typed, or with the lines that can be read at ``descriptor``. Raises ClickException."""
    if descriptor is None:
        login = click.prompt("Login", err=True)
        password = click.prompt("Password", hide_input=True, err=True)
        code = click.prompt("Code", hide_input=True, err=True)
    else:
        try:
            with os.fdopen(descriptor, encoding="utf-8") as lines:
                login, password, code = (lines.readline().rstrip("\n") for _ in range(3))
        except (OSError, UnicodeDecodeError) as error:
            raise click.ClickException(
                f"--credentials-fd {descriptor}: nothing can be read there; give it like {descriptor}< FILE"
            ) from error
    try:
        return unlock.authenticate(ctx, login, password, code)
    except unlock.SignInRefused as error:
        wait = f" Wait {error.wait_seconds} seconds." if error.wait_seconds else ""
        raise click.ClickException(f"Login, password or code is wrong.{wait}") from error
