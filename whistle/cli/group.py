"""The group that every command belongs to."""

from typing import Any

import click
from flask.cli import AppGroup

from whistle.casefile.manifest import ManifestRefused
from whistle.services.context import NotSetUp
from whistle.store.errors import FilesUnavailable, StoreUnavailable


class Sentences(AppGroup):
    """What is not a mistake of the program is said in a sentence, without a trace, and ends with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """As click's. Raises ClickException."""
        try:
            return super().invoke(ctx)
        except FilesUnavailable as error:
            raise click.ClickException(
                f"The store of attached files (PELUIT_BLOBS) could not be used: {error}. Once it answers, try again."
            ) from error
        except StoreUnavailable as error:
            raise click.ClickException(f"The database could not be used, and nothing was changed: {error}") from error
        except (NotSetUp, ManifestRefused) as error:
            raise click.ClickException(str(error)) from error


peluit = Sentences("peluit", help="Set up, show, report and look after this inspectorate.")
