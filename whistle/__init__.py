"""Peluit: report an illegal levy without saying who you are, and be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # Imported when an application is made: `python -m whistle.clean` has no room for them.
    from flask import Flask

    from config import Settings

Surface = Literal["both", "channel", "desk"]

BODY_LIMIT = 4 * 1024 * 1024  # bytes of one request; the longest report that is taken needs a fiftieth of it


def create_app(surface: Surface = "both", settings: Settings | None = None) -> Flask:
    """The WSGI application of one surface, or of both.

    Reads the environment when no ``settings`` are handed in. Raises ConfigError for settings that make no sense,
    DataError for a data file with a mistake, RuntimeError for a route that declares nobody who may come.
    """
    from flask import Flask

    from config import ROOT, Settings
    from whistle import cli
    from whistle.services.context import build
    from whistle.web import assets, attachment_words, channel, desk, errors, guard, headers, i18n
    from whistle.web.incoming import FilesRequest

    settings = settings or Settings.from_env()
    app = Flask(__name__, static_folder=None, template_folder=str(ROOT / "templates"))
    app.request_class = FilesRequest
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["peluit"] = build(settings, names=surface != "channel")

    for part in (headers, i18n, assets, errors, attachment_words):
        part.init_app(app)
    if surface in ("both", "channel"):
        channel.init_app(app)
    if surface in ("both", "desk"):
        desk.init_app(app, alone=surface == "desk")
    cli.register(app)
    guard.check(app)
    return app
