"""`flask --app wsgi peluit ...`, one file an area. Thin: the work is in services."""

from flask import Flask

from whistle.cli import (  # noqa: F401 - importing an area registers its commands
    demo,
    manifests,
    recovering,
    reporting,
    serving,
    set_up,
    upkeep,
    verifying,
)
from whistle.cli.group import peluit


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(peluit)
