"""Values as the desk says them: deadlines, stages, and when an officer did something."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_datetime

from whistle.casefile.manifest import RECOVERY_NAME
from whistle.domain.deadlines import Due
from whistle.domain.stages import STAGES
from whistle.domain.summary import TITLE_BYTES, TITLE_LIMIT, Summary
from whistle.web.desk.choices import words
from whistle.web.desk.here import ctx
from whistle.web.desk.say import _, ngettext
from whistle.web.i18n import day, lang

SPACES = 4  # so many letters of a title the line ends of a story may have cost
TONES = {"met": "ok", "met_late": "closed", "running": "info", "soon": "soon", "late": "late"}
ICONS = {"met": "ok", "met_late": "closed", "running": "soon", "soon": "wait", "late": "late"}


@dataclass(frozen=True)
class Told:
    """A deadline in words; ``tone`` is the tag's colour, ``icon`` its sign. ``day`` is the long date."""

    tone: str
    icon: str
    text: str
    what: str
    day: str


def due_words(due: Due, today: date) -> Told:
    """How a deadline stands: "terlambat 3 hari", "tinggal 2 hari", "16 hari lagi", "ditepati".

    What was met too late reads "dipenuhi, terlambat 3 hari". Days are calendar days from ``today``, or from the
    last day to the day on which it was met.
    """
    return Told(TONES[due.state], ICONS[due.state], _standing(due, today), due.label.text(lang()), day(due.day))


def _standing(due: Due, today: date) -> str:
    if due.met_on is not None:
        late = (due.met_on - due.day).days
        if late <= 0:
            return _("ditepati")
        return ngettext("dipenuhi, terlambat %(num)s hari", "dipenuhi, terlambat %(num)s hari", late)
    left = (due.day - today).days
    if left < 0:
        return ngettext("terlambat %(num)s hari", "terlambat %(num)s hari", -left)
    if left == 0:
        return _("hari ini")
    if due.state == "soon":
        return ngettext("tinggal %(num)s hari", "tinggal %(num)s hari", left)
    return ngettext("%(num)s hari lagi", "%(num)s hari lagi", left)


def stage_words(code: str) -> str:
    return words(STAGES, code)


def moment(at: datetime) -> str:
    """An officer's act, to the minute, in the installation's own time zone."""
    zone = getattr(ctx().clock, "zone", None)
    local = at.astimezone(zone) if zone else at
    return str(format_datetime(local.replace(tzinfo=None), "d MMM y, HH.mm", rebase=False))


def who_words(name: str) -> str:
    """Who wrote or did something: an officer by name, or the recovery key that several people put together."""
    return _("Kunci cadangan") if name == RECOVERY_NAME else name


def title_words(summary: Summary) -> str:
    """The title; before triage it is the beginning of the reporter's story, which ends at a word and with an ellipsis.

    A summary tells only by its title's length that the story went on.
    """
    title = summary.title
    full = len(title) >= TITLE_LIMIT - SPACES or len(title.encode()) >= TITLE_BYTES - SPACES
    if summary.register or not full or title.endswith((".", "!", "?")):
        return title
    return (title.rpartition(" ")[0] or title).rstrip(" ,;:") + "…"
