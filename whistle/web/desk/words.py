"""Values as the desk says them: deadlines, stages, and when an officer did something."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_datetime

from whistle.domain.deadlines import Due
from whistle.domain.stages import STAGES
from whistle.web.desk.choices import words
from whistle.web.desk.here import ctx
from whistle.web.desk.say import _
from whistle.web.i18n import day, lang

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
    """ "terlambat 3 hari", "tinggal 2 hari", "16 hari lagi", "ditepati"; days are calendar days from ``today``."""
    left = (due.day - today).days
    if due.state == "met":
        text = _("ditepati")
    elif due.state == "met_late":
        text = _("selesai, terlambat %(n)s hari", n=(due.met_on - due.day).days if due.met_on else 0)
    elif left < 0:
        text = _("terlambat %(n)s hari", n=-left)
    elif left == 0:
        text = _("hari ini")
    elif due.state == "soon":
        text = _("tinggal %(n)s hari", n=left)
    else:
        text = _("%(n)s hari lagi", n=left)
    return Told(TONES[due.state], ICONS[due.state], text, due.label.text(lang()), day(due.day))


def stage_words(code: str) -> str:
    return words(STAGES, code)


def moment(at: datetime) -> str:
    """An officer's act, to the minute, in the installation's own time zone."""
    zone = getattr(ctx().clock, "zone", None)
    local = at.astimezone(zone) if zone else at
    return str(format_datetime(local.replace(tzinfo=None), "d MMM y, HH.mm", rebase=False))
