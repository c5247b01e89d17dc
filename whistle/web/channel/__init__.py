"""The public channel: report, receive a receipt, come back with it. Knows nobody, sets no cookie, needs no script."""

from flask import Blueprint, Flask

from whistle.web import compress
from whistle.web.addresses import fixed
from whistle.web.channel import follow, home, opening, report, sealed, upload
from whistle.web.channel import help as help_page
from whistle.web.channel.hour_key import HourKeys
from whistle.web.i18n import lang

AREAS = (home, report, sealed, upload, follow, help_page)


def init_app(app: Flask) -> None:
    """Register the pages twice, Indonesian at ``/`` and English at ``/en/``."""
    settings = app.extensions["peluit"].settings
    app.extensions["peluit-hour"] = HourKeys()
    app.jinja_env.globals.update(here=here, city=settings.city, exit_url=settings.exit_url)
    pages = Blueprint("channel", __name__)
    for area in AREAS:
        area.add_to(pages)
    pages.before_request(opening.not_yet)
    pages.after_request(compress.pack)
    app.register_blueprint(pages)
    app.register_blueprint(pages, name="channel_en", url_prefix="/en")


def here(view: str) -> str:
    """The address of a page of the channel in the language of this one, from error pages too."""
    return fixed(f"channel_en.{view}" if lang() == "en" else f"channel.{view}")
