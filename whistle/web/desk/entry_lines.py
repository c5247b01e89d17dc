"""The internal file as its lines: an officer who opened several files in a row did one thing, and gets one line.

Only what is shown is drawn together. Each opening stays an entry of its own, with its own time on the exhibit's sheet.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import groupby

from babel.lists import format_list

from whistle.casefile.exhibits import PREPARED
from whistle.services.views import FileItem
from whistle.web.desk.entry_words import Entry, entry_words
from whistle.web.desk.say import _
from whistle.web.desk.words import moment
from whistle.web.i18n import lang


@dataclass(frozen=True)
class Line:
    """``item``: the entry, or the first of several. ``when``: to the minute; of several from the first to the last."""

    item: FileItem
    entry: Entry
    when: str


def entry_lines(items: Iterable[FileItem], since: int | None = None) -> list[Line]:
    """The entries in their order; openings by one officer on one day, with nothing between them, are one line.

    ``since``: the first place that is new to the reader, at which a line begins, so that it is new as a whole or not.
    """
    runs = groupby(items, lambda item: _belongs(item, since))
    return [_line(list(run)) for _key, run in runs]


def _belongs(item: FileItem, since: int | None) -> Hashable:
    """What entries of one line have in common."""
    if item.kind != PREPARED or not item.label:
        return item.place
    return item.author, item.role, _day_and_minute(item)[0], since is not None and item.place >= since


def _line(run: list[FileItem]) -> Line:
    began, ended = moment(run[0].at), _day_and_minute(run[-1])[1]
    when = began if began.endswith(ended) else f"{began}–{ended}"
    files = {item.label: bool(item.data.get("clean")) for item in run}
    return Line(run[0], entry_words(run[-1]) if len(files) == 1 else Entry(_opened(files)), when)


def _opened(files: dict[str, bool]) -> str:
    """What is said of several files by their label, each with whether it could be cleaned (of two tries, the last)."""
    labels, failed = _joined(files), _joined(label for label, clean in files.items() if not clean)
    if not failed:
        return _("Membuka dan membersihkan %(labels)s", labels=labels)
    if failed == labels:
        return _("Membuka %(labels)s: belum dapat dibersihkan", labels=labels)
    return _("Membuka %(labels)s; %(failed)s belum dapat dibersihkan", labels=labels, failed=failed)


def _joined(labels: Iterable[str]) -> str:
    """ "P-1, P-2, dan P-3"."""
    return format_list(list(labels), locale=lang())


def _day_and_minute(item: FileItem) -> tuple[str, str]:
    day, _comma, minute = moment(item.at).rpartition(", ")
    return day, minute
