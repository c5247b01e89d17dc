"""Where a server starts: ``wsgi:app`` (both surfaces), ``wsgi:channel`` (the public pages), ``wsgi:desk`` (officers).

Each is made when it is asked for, so that a process holds the routes of its own surface and no other.
"""

import sys
from functools import cache

from flask import Flask

from config import ConfigError
from whistle import Surface, create_app

ENTRY_POINTS: dict[str, Surface] = {"app": "both", "channel": "channel", "desk": "desk"}


@cache
def _made(surface: Surface) -> Flask:
    try:
        return create_app(surface)
    except ConfigError as error:
        sys.exit(str(error))  # a sentence that says what to set, and no traceback around it


def __getattr__(name: str) -> Flask:
    if name not in ENTRY_POINTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _made(ENTRY_POINTS[name])
