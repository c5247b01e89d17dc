"""Flask-Babel's gettext with types: the message ids are the Indonesian sentences."""

from typing import Any, cast

from flask_babel import gettext, lazy_gettext


def _(text: str, /, **values: Any) -> str:
    """``text`` in the page's language, with its %(name)s filled in."""
    return str(gettext(text, **values))


def _l(text: str, /, **values: Any) -> str:
    """The same, said only when a page is made: for what stands in a class body."""
    return cast(str, lazy_gettext(text, **values))
