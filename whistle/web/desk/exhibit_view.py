"""What an exhibit's sheet shows: the tickets of its pictures and its sound, its text, and what each stored form is."""

from typing import Any, Final

from whistle.casefile.exhibits import Prepared
from whistle.clean.result import ordered
from whistle.services import exhibits
from whistle.services.exhibit_making import AGAIN
from whistle.services.exhibits import Shown
from whistle.web.desk.exhibit_words import custody, our_name, state_words
from whistle.web.desk.file_answer import IN_PLACE
from whistle.web.desk.here import ctx, officer

TEXT_SHOWN: Final = 200_000  # bytes of a document's text on the page; all of it is in the download


def view_of(shown: Shown, case: bytes) -> dict[str, Any]:
    """The values of the template. Raises Vanished and StoreUnavailable, where the text is not there."""
    made, name = shown.exhibit.made, our_name(shown.register, case, shown.exhibit.label)
    values: dict[str, Any] = {
        "shown": shown,
        "exhibit": shown.exhibit,
        "made": made,
        "name": name,
        "state": state_words(shown.exhibit),
        "custody": custody(shown),
        "again": made is not None and made.why in AGAIN,
        "removed": None,
        "way": "",
        "now": ctx().clock.now(),
        "city": ctx().settings.city,
    }
    if made and made.clean:
        values["removed"] = ordered({*shown.exhibit.attachment.removed, *made.removed})
    if made and made.clean and not shown.gone:
        values |= _clean(made, name)
    return values


def _clean(made: Prepared, name: str) -> dict[str, Any]:
    """``way``: "image", "audio", "video", "pages", "text", or "" for what is only downloaded."""
    assert made.clean is not None  # noqa: S101 - the caller asked
    family = made.clean.media.partition("/")[0]
    in_place = made.clean.media in IN_PLACE
    return {
        "way": family if in_place else "pages" if made.pictures else "text" if made.text else "",
        "whole": exhibits.ticket(officer(), made.clean, name, made.pages),
        "pictures": [exhibits.ticket(officer(), picture, name) for picture in made.pictures],
        "text": _text(made),
    }


def _text(made: Prepared) -> str:
    if made.text is None:
        return ""
    return exhibits.content(ctx(), made.text).read(0, TEXT_SHOWN).decode("utf-8", "ignore")
