"""The files of a case as the desk says them: in which state each is, who had it in hand, how a download is called."""

from dataclasses import dataclass
from datetime import datetime

from whistle.casefile.attachments import CLEAN
from whistle.casefile.exhibits import Exhibit
from whistle.clean.kinds import MEDIA
from whistle.services import exhibits
from whistle.services.exhibits import Shown, Step
from whistle.services.views import CaseView
from whistle.web.attachment_words import kind_words, size_words, why_words
from whistle.web.desk.here import officer
from whistle.web.desk.say import _
from whistle.web.desk.words import moment, who_words
from whistle.web.i18n import day


@dataclass(frozen=True)
class State:
    """``tone`` is the tag's colour, ``icon`` its sign."""

    tone: str
    icon: str
    text: str


@dataclass(frozen=True)
class Card:
    """An exhibit in its place on the case's page. ``picture``: the ticket of a small one, "" where there is none.

    ``exhibit``: its id. ``name``: what an officer's file is called; "" for a reporter's.
    """

    exhibit: str
    label: str
    name: str
    kind: str
    size: str
    state: State
    opened: bool
    picture: str


@dataclass(frozen=True)
class Line:
    """A line of the chain of custody: when, who did what, and the SHA-256 of what came of it, "" for nothing."""

    when: str
    text: str
    sha256: str


def cards(view: CaseView) -> dict[bytes, list[Card]]:
    """The exhibits of a case by the entry that attached them, in the order of their labels."""
    found: dict[bytes, list[Card]] = {}
    for exhibit in view.exhibits:
        found.setdefault(exhibit.entry.id, []).append(_card(exhibit, view))
    return found


def _card(exhibit: Exhibit, view: CaseView) -> Card:
    made, register = exhibit.made, view.summary.register if view.summary else ""
    stored = made.clean if made and made.clean else exhibit.attachment.file
    picture = made.pictures[0] if made and made.pictures else None
    return Card(
        exhibit.id.hex(),
        exhibit.label,
        exhibit.attachment.name if exhibit.entry.author else "",
        kind_words(stored.media),
        size_words(stored.size),
        state_words(exhibit),
        made is not None,
        exhibits.ticket(officer(), picture, our_name(register, view.id, exhibit.label)) if picture else "",
    )


def state_words(exhibit: Exhibit) -> State:
    """Whether the desk has opened it, and whether it could be cleaned.

    Of an officer's own file more is said: that officer has seen it, and it is kept as it was beside the clean copy.
    """
    ours = exhibit.entry.author is not None
    if exhibit.made is None:
        return State("info", "lock", _("belum dibuka di meja") if ours else _("belum dibuka"))
    if exhibit.made.clean is None:
        return State("late", "danger", _("belum dibersihkan: buka dengan hati-hati"))
    return State("ok", "ok", _("salinannya dibersihkan") if ours else _("dibersihkan"))


def custody(shown: Shown) -> list[Line]:
    """Who had the file in hand, from its sender on."""
    return [_line(step, shown.exhibit) for step in shown.custody]


def _line(step: Step, exhibit: Exhibit) -> Line:
    who = who_words(step.by) if step.by else _("Pelapor")
    sha256 = step.stored.sha256.hex() if step.stored else ""
    return Line(_when(step.at, step), _done(step, exhibit, who), sha256)


def _when(at: datetime | None, step: Step) -> str:
    return moment(at) if at else day(step.day)


def _done(step: Step, exhibit: Exhibit, who: str) -> str:
    came = exhibit.attachment
    if step.what == "kept":
        return _("%(who)s mengirim berkas ini. Aslinya disimpan.", who=who)
    if step.what == "came" and came.original:
        return _("Salinannya dibersihkan sebelum disimpan.")
    if step.what == "came" and came.state == CLEAN:
        return _(
            "%(who)s mengirim berkas ini; menurut catatannya sudah dibersihkan, dan aslinya tidak disimpan.", who=who
        )
    if step.what == "came":
        return _("%(who)s mengirim berkas ini. Disimpan apa adanya.", who=who)
    if step.stored is None:
        why = why_words(exhibit.made.why if exhibit.made else "")
        return _("%(who)s membuka berkas ini di meja. %(why)s", who=who, why=why)
    if step.stored.sha256 == came.file.sha256:
        return _("%(who)s membuka berkas ini di meja. Diperiksa lagi: sudah bersih, tidak berubah.", who=who)
    return _(
        "%(who)s membuka berkas ini di meja. Dibuat ulang di ruang terkunci meja, karena itu angkanya lain. Yang "
        "ditampilkan dan diunduh di sini adalah hasil ini.",
        who=who,
    )


def our_name(register: str, case: bytes, label: str) -> str:
    """What an exhibit is called outside the desk, without an ending: "001-11-2026_P-1". Nothing of it is a sender's."""
    return f"{register.replace('/', '-') or case.hex()[:8]}_{label}"


def label_of(name: str) -> str:
    """The label in our name for an exhibit: "P-1"."""
    return name.rpartition("_")[2]


def file_name(name: str, media: str, raw: bool = False) -> str:
    """The name of a download: "001-11-2026_P-1.jpg"; ``raw`` is told apart from what is clean."""
    extension = MEDIA[media].extension if media in MEDIA else "bin"
    return f"{name}{'_asli' if raw else ''}.{extension}"
