"""Where a server starts: ``wsgi:app`` (both surfaces), ``wsgi:channel`` (the public pages), ``wsgi:desk`` (officers).

Each is made when it is asked for, so that a process holds the routes of its own surface and no other.
"""

import sys
from functools import cache

from flask import Flask
from werkzeug.serving import is_running_from_reloader

from config import ConfigError, Settings
from whistle.domain.data import Slip

try:
    from whistle import Surface, cli, create_app
    from whistle.services import surfaces
except Slip as slip:
    if is_running_from_reloader():  # which shows it and waits until it is mended
        raise
    sys.exit(str(slip))

LOOKING = {"invite", "manifest", "recover", "report", "tick", "verify"}  # commands for an inspectorate that is there

ENTRY_POINTS: dict[str, Surface] = {"app": "both", "channel": "channel", "desk": "desk"}


@cache
def _made(surface: Surface) -> Flask:
    if _is_help():
        return _commands_alone()
    try:
        settings = Settings.from_env(there=_command() in LOOKING)
        if surface == "channel":
            surfaces.check_channel(settings)
        elif surface == "desk":
            surfaces.check_desk(settings)
        return create_app(surface, settings)
    except ConfigError as error:
        sys.exit(str(error))  # a sentence that says what to set, and no traceback around it
    except Slip as slip:
        if is_running_from_reloader():
            raise
        sys.exit(str(slip))


def _command() -> str:
    """The `peluit` command that this process was started for, "" for a server."""
    words = sys.argv[sys.argv.index("peluit") + 1 :] if "peluit" in sys.argv else []
    return words[0] if words else ""


def _is_help() -> bool:
    """Whether flask's shell only says what its commands are: by --help, or by a group without a command."""
    return "peluit" in sys.argv and ("--help" in sys.argv or sys.argv[-1] in ("peluit", "manifest"))


def _commands_alone() -> Flask:
    """What is needed to describe the commands: no setting, no database, no file."""
    app = Flask("whistle", static_folder=None)
    cli.register(app)
    return app


def __getattr__(name: str) -> Flask:
    if name not in ENTRY_POINTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _made(ENTRY_POINTS[name])
