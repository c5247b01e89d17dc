"""What every page of the channel asks of the application, and which errors mean: nothing was stored, try again."""

from typing import cast

from flask import current_app

from whistle.casefile.manifest import ManifestRefused
from whistle.services.context import Context, NotSetUp
from whistle.store.errors import StoreUnavailable
from whistle.web.channel.hour_key import HourKeys

UNAVAILABLE = (StoreUnavailable, NotSetUp, ManifestRefused)


def ctx() -> Context:
    """The services' context that ``create_app`` put on the application."""
    return cast(Context, current_app.extensions["peluit"])


def hour_keys() -> HourKeys:
    """The keys of this hour, shared by all workers."""
    return cast(HourKeys, current_app.extensions["peluit-hour"])
