"""Two languages: Indonesian at ``/``, English at ``/en/``. The address decides, so that no cookie has to.

Message ids are the Indonesian sentences; only English has a catalogue (``translations/en``). Names that belong to
data (offices, categories, stages) carry both languages themselves (`whistle.domain.labels.Label`).
"""

from datetime import date

import flask_babel
from flask import Flask, has_request_context, request, url_for
from flask_babel import Babel, format_date
from werkzeug.routing import BuildError

from whistle.domain.labels import Label
from whistle.domain.money import format_rupiah

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
LONG_DAY = "EEEE, d MMMM y"
SHORT_DAY = "d MMM y"


def init_app(app: Flask) -> None:
    """Set up Babel, and give templates ``lang``, ``other_language`` and the filters ``day``, ``rupiah``, ``text``."""
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "web/translations"
    Babel(app, locale_selector=lang)
    app.jinja_env.globals.update(lang=lang, other_language=other_language)
    app.jinja_env.filters.update(day=day, day_short=day_short, rupiah=format_rupiah, text=text)


def lang() -> str:
    """ "en" for addresses under /en, else "id"."""
    if not has_request_context():
        return "id"
    return "en" if request.path == "/en" or request.path.startswith("/en/") else "id"


def other_language() -> tuple[str, str, str]:
    """(code, name, address) of this page in the other language; the home page where there is no such address."""
    code = "id" if lang() == "en" else "en"
    name, _, view = (request.endpoint or "channel.home").rpartition(".")
    blueprint = name.removesuffix("_en") + ("_en" if code == "en" else "")
    try:
        address = url_for(f"{blueprint}.{view}", **(request.view_args or {}))
    except BuildError:
        address = "/en/" if code == "en" else "/"
    return code, LANGUAGES[code], address


def day(value: date) -> str:
    """ "Selasa, 17 Maret 2026"."""
    return str(format_date(value, LONG_DAY))


def day_short(value: date) -> str:
    """ "17 Mar 2026"."""
    return str(format_date(value, SHORT_DAY))


def text(label: Label | str) -> str:
    """A Label of the domain in the page's language; a plain string as it is."""
    return label if isinstance(label, str) else label.text(lang())


def gettext(message: str, **values: object) -> str:
    """The Indonesian ``message`` in the page's language; ``values`` fill its %(name)s."""
    return str(flask_babel.gettext(message, **values))
