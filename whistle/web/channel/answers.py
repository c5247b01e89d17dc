"""A complaint as its reporter reads it back: questions and answers in words, marked where a text may tell too much."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from whistle.domain.complaint import Complaint
from whistle.domain.money import format_rupiah
from whistle.domain.names import Finding
from whistle.domain.offices import OFFICES
from whistle.domain.questions import QUESTIONS
from whistle.web.i18n import gettext as _
from whistle.web.i18n import lang


@dataclass(frozen=True)
class Piece:
    """A run of text; ``marked`` when it may show who the reporter is."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Answer:
    """One question with its answer, and a kind question for each sort of thing that was found in it."""

    code: str
    question: str
    pieces: Sequence[Piece]
    asks: Sequence[str]


def answers(complaint: Complaint, findings: Mapping[str, Sequence[Finding]] | None = None) -> list[Answer]:
    """Every answer that was given, in the form's order."""
    found = findings or {}
    out = []
    for code, question in QUESTIONS.items():
        said = _said(complaint, code)
        if said:
            hits = found.get(code, ())
            asks = [_ask(kind) for kind in dict.fromkeys(hit.kind for hit in hits)]
            out.append(Answer(code, question.label.text(lang()), pieces(said, hits), asks))
    return out


def pieces(text: str, findings: Iterable[Finding]) -> list[Piece]:
    """``text`` cut at the findings' ends. Findings may overlap; nothing of the text is lost or doubled."""
    out, place = [], 0
    for hit in sorted(findings, key=lambda hit: hit.start):
        start, end = max(hit.start, place), min(hit.end, len(text))
        if end <= start:
            continue
        out += [Piece(text[place:start], False), Piece(text[start:end], True)]
        place = end
    return [piece for piece in [*out, Piece(text[place:], False)] if piece.text]


def _said(complaint: Complaint, code: str) -> str:
    value = getattr(complaint, code)
    if code == "office":
        return OFFICES[value].label.text(lang()) if value in OFFICES else str(value)
    if code == "amount":
        return _("Tidak tahu") if complaint.amount_unknown else "" if value is None else format_rupiah(value)
    choices = QUESTIONS[code].choices
    if isinstance(value, tuple):
        return "\n".join(_label(choices, one) for one in value)
    return _label(choices, value) if choices else str(value)


def _label(choices: Mapping[str, object], code: str) -> str:
    choice = choices.get(code)
    label = getattr(choice, "label", None)
    return label.text(lang()) if label else code


def _ask(kind: str) -> str:
    return {
        "name": _("Ada nama orang. Kalau ini nama Anda atau keluarga Anda, lebih aman dihapus."),
        "phone": _("Ada nomor telepon. Kalau ini nomor Anda, lebih aman dihapus."),
        "nik": _("Ada nomor yang mirip NIK atau nomor KK. Kalau ini nomor Anda, lebih aman dihapus."),
        "queue": _("Ada nomor antrean atau berkas. Nomor itu bisa menunjukkan siapa Anda. Bisa ditulis tanpa nomor?"),
        "email": _("Ada alamat surel. Kalau ini alamat Anda, lebih aman dihapus."),
        "plate": _("Ada nomor kendaraan. Kalau ini kendaraan Anda, lebih aman dihapus."),
        "address": _("Ada alamat. Kalau ini alamat Anda, lebih aman dihapus."),
        "account": _("Ada nomor rekening. Kalau ini rekening Anda, lebih aman dihapus."),
    }.get(kind, _("Bagian ini mungkin menunjukkan siapa Anda. Bisa ditulis tanpa itu?"))
