"""Flask-Babel's gettext with types: the message ids are the Indonesian sentences."""

from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_babel import ngettext as plural


def _(text: str, /, **values: Any) -> str:
    """``text`` in the page's language, with its %(name)s filled in."""
    return str(gettext(text, **values))


def _l(text: str, /, **values: Any) -> str:
    """The same, said only when a page is made: for what stands in a class body."""
    return cast(str, lazy_gettext(text, **values))


def ngettext(one: str, many: str, num: int, /) -> str:
    """``one`` or ``many`` by the number, which stands in the text as %(num)s. Indonesian has one form, English two."""
    return str(plural(one, many, num))
