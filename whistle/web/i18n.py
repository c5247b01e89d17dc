"""Two languages: Indonesian at ``/``, English at ``/en/``. The address decides, so that no cookie has to.

Message ids are the Indonesian sentences; only English has a catalogue (``translations/en``). Names that belong to
data (offices, categories, stages) carry both languages themselves (`whistle.domain.labels.Label`).
"""

from datetime import date
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from flask import Flask, request, url_for
from flask_babel import Babel, format_date
from werkzeug.routing import BuildError

from whistle.domain.labels import Label
from whistle.domain.money import format_rupiah

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
CATALOGUES = Path(__file__).parent / "translations"
LONG_DAY = "EEEE, d MMMM y"
SHORT_DAY = "d MMM y"


def init_app(app: Flask) -> None:
    """Set up Babel, and give templates ``lang``, ``other_language`` and the filters ``day``, ``rupiah``, ``text``."""
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    Babel(app, locale_selector=lang)
    # In place of Flask-Babel's own, which asks for application, locale and domain at each of a page's sixty sentences.
    app.jinja_env.install_gettext_callables(gettext, _one_or_many, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]
    app.jinja_env.globals.update(lang=lang, other_language=other_language)
    app.jinja_env.filters.update(day=day, day_short=day_short, rupiah=format_rupiah, text=text)


def lang() -> str:
    """ "en" for addresses under /en, else "id"."""
    try:
        path = request.path
    except RuntimeError:  # outside of a request; asking first costs more than anything else here
        return "id"
    return "en" if path == "/en" or path.startswith("/en/") else "id"


def other_language(view: str = "") -> tuple[str, str, str]:
    """(code, name, address) of this page, or of ``view`` beside it, in the other language.

    The home page where there is no such address.
    """
    code = "id" if lang() == "en" else "en"
    name, _, here = (request.endpoint or "channel.home").rpartition(".")
    blueprint = name.removesuffix("_en") + ("_en" if code == "en" else "")
    try:
        address = url_for(f"{blueprint}.{view or here}", **(request.view_args or {}))
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
    said = str(_catalogue(lang()).gettext(message))
    return said % values if values else said


def _one_or_many(one: str, many: str, number: int) -> str:
    return str(_catalogue(lang()).ngettext(one, many, number))


@cache
def _catalogue(language: str) -> NullTranslations:
    return NullTranslations() if language == "id" else Translations.load(CATALOGUES, [language])
