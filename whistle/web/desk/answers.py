"""The reporter's answers as the desk reads them: each question with its answer in words."""

from dataclasses import dataclass
from typing import Any

from whistle.domain.complaint import Complaint
from whistle.domain.money import format_rupiah
from whistle.domain.questions import QUESTIONS
from whistle.domain.tracks import FLAGS
from whistle.web.desk.choices import office_name
from whistle.web.desk.say import _
from whistle.web.i18n import lang


@dataclass(frozen=True)
class Answer:
    """One answered question. ``own``: the reporter's own words, shown with their line breaks."""

    code: str
    question: str
    text: str
    own: bool


OWN_WORDS = frozenset({"who", "in_kind", "witnesses", "story"})


def answers(complaint: Complaint) -> list[Answer]:
    """Every answered question, in the form's order; what was left open is left out."""
    found = []
    for code, question in QUESTIONS.items():
        text = _words(code, complaint)
        if text:
            found.append(Answer(code, question.label.text(lang()), text, code in OWN_WORDS))
    return found


def _words(code: str, complaint: Complaint) -> str:
    value: Any = getattr(complaint, code)
    if code == "amount":
        if complaint.amount is not None:
            return format_rupiah(complaint.amount)
        return _("Tidak tahu") if complaint.amount_unknown else ""
    if code == "office":
        return office_name(value)
    if code == "accused":
        return ", ".join(str(FLAGS[flag].text(lang())) if flag in FLAGS else str(flag) for flag in value)
    if isinstance(value, tuple):
        return ", ".join(_choice(code, item) for item in value)
    return _choice(code, value) if value else ""


def _choice(code: str, value: str) -> str:
    choices = QUESTIONS[code].choices
    return choices[value].label.text(lang()) if value in choices else value
