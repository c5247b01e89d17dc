"""The form's questions in their order, with the choices that they offer (data/questions.toml).

A question's code is the field of `Complaint` that holds its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from whistle.domain.complaint import Complaint
from whistle.domain.data import DataError, Entry, read_toml
from whistle.domain.labels import Label
from whistle.domain.public_services import SERVICES
from whistle.domain.tracks import FLAGS

FILE = "questions.toml"
BESIDES = {"amount_unknown", "language"}  # fields of a complaint that are no question of their own


@dataclass(frozen=True)
class Choice:
    """One answer that can be ticked."""

    code: str
    label: Label


@dataclass(frozen=True)
class Question:
    """``choices`` is empty where the answer is written, or chosen from the long list of offices."""

    code: str
    label: Label
    help: Label | None
    required: bool
    choices: Mapping[str, Choice]


def _question(entry: Entry) -> Question:
    entry.text("source")
    own = entry.labels("choices")
    if own and entry.code in _FROM_ELSEWHERE:
        raise entry.wrong("has its choices in another file")
    labels = _FROM_ELSEWHERE.get(entry.code, own)
    choices = {code: Choice(code, label) for code, label in labels.items()}
    return Question(
        entry.code,
        entry.label("label"),
        entry.optional_label("help"),
        entry.flag("required"),
        MappingProxyType(choices),
    )


_FROM_ELSEWHERE: Mapping[str, Mapping[str, Label]] = {
    "service": {code: service.label for code, service in SERVICES.items()},
    "accused": FLAGS,
}
QUESTIONS: Mapping[str, Question] = read_toml(FILE, _question)


def _check() -> None:
    answers = {field.name for field in fields(Complaint)} - BESIDES
    for code in answers ^ QUESTIONS.keys():
        raise DataError(FILE, code, "is asked nowhere" if code in answers else "is no answer of a complaint")


_check()
