"""What an exhibit's sheet shows: the tickets of its pictures and its sound, its text, and who had it in hand."""

from dataclasses import dataclass, field, replace
from typing import Final

from whistle.casefile.attachments import Stored
from whistle.casefile.exhibits import Exhibit, Prepared
from whistle.clean.result import ordered
from whistle.clean.wire import TEXT_MOST
from whistle.services import exhibits
from whistle.services.exhibit_making import is_unfinished
from whistle.services.exhibits import Shown
from whistle.web.desk.exhibit_words import Line, State, custody, our_name, state_words
from whistle.web.desk.file_answer import IN_PLACE
from whistle.web.desk.here import ctx, officer

LETTER: Final = 4  # bytes that one letter has at the most: a text that was cut may be shorter by less than that
TEXT_SHOWN: Final = 200_000  # bytes of a document's text on the page; all of it is in the download


@dataclass(frozen=True)
class Sheet:
    """An exhibit as its page shows it.

    ``stored`` is what is shown, or would be; ``raw`` the file as it was sent, where that is not the very same. ``way``
    to show it: "image", "audio", "video", "heard" (a copy for listening), "pages", "text", "unplayed" (a recording that
    no browser plays), or "" for what is only downloaded or not even that; ``whole`` is its ticket, ``pictures`` those
    of a document's first pages or of a film's still. ``again``: another try to clean it, or to draw it, may come to
    more. ``before``, ``after``: its neighbours. ``trouble``: as of `Shown`; ``sizes``: as of `Prepared`.
    """

    register: str
    by: str
    exhibit: Exhibit
    stored: Stored
    raw: Stored | None
    before: Exhibit | None
    after: Exhibit | None
    trouble: str
    state: State
    custody: list[Line]
    removed: tuple[str, ...]
    again: bool
    way: str = ""
    whole: str = ""
    pictures: list[str] = field(default_factory=list)
    sizes: tuple[tuple[int, int], ...] = ()
    text: str = ""
    cut: bool = False  # of a long text only the beginning


def sheet_of(shown: Shown, case: bytes) -> Sheet:
    """Raises Vanished, and FilesUnavailable, where the text is not there."""
    exhibit, made, raw = shown.exhibit, shown.exhibit.made, shown.exhibit.raw
    stored = made.clean if made and made.clean else exhibit.attachment.file
    same = made is not None and made.clean is not None and raw is not None and raw.sha256 == made.clean.sha256
    sheet = Sheet(
        register=shown.register,
        by=shown.by,
        exhibit=exhibit,
        stored=stored,
        raw=None if same else raw,
        before=shown.before,
        after=shown.after,
        trouble=shown.trouble,
        state=state_words(exhibit),
        custody=custody(shown),
        removed=ordered({*exhibit.attachment.removed, *(made.removed if made else ())}),
        again=made is not None and is_unfinished(made),
    )
    if made is None or made.clean is None or shown.trouble:
        return sheet
    name = our_name(shown.register, case, exhibit.label)
    return replace(
        sheet,
        way=_way(made, made.clean),
        whole=exhibits.ticket(officer(), made.heard or made.clean, name, made.pages),
        pictures=[exhibits.ticket(officer(), picture, name) for picture in made.pictures],
        sizes=made.sizes,
        text=_text(made.text) if made.text else "",
        cut=made.text is not None and made.text.size > TEXT_MOST - LETTER,
    )


def _way(made: Prepared, clean: Stored) -> str:
    if made.heard:
        return "heard"
    if clean.media in IN_PLACE:
        return clean.media.partition("/")[0]
    if clean.media.startswith(("audio/", "video/")):
        return "unplayed"
    return "pages" if made.pictures else "text" if made.text else ""


def _text(stored: Stored) -> str:
    return exhibits.content(ctx(), stored).read(0, TEXT_SHOWN).decode("utf-8", "ignore")
