"""The report's form: a field for each question of `whistle.domain.questions`. Only four must be answered."""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, HiddenField

from whistle.domain.complaint import LINE_LIMIT, STORY_LIMIT, Complaint
from whistle.domain.labels import Label
from whistle.domain.offices import OFFICES, UNKNOWN, WARD
from whistle.domain.questions import QUESTIONS
from whistle.web.forms.fields import (
    AtMost,
    ChannelForm,
    LineField,
    MoneyField,
    PickField,
    TapField,
    TapsField,
    TextField,
    optional,
    required,
)
from whistle.web.i18n import gettext as _
from whistle.web.i18n import lang

Pairs = list[tuple[str, str]]


def _words(label: Label | None) -> Any:
    return LazyString(lambda: label.text(lang())) if label else ""


def _asked(code: str) -> dict[str, Any]:
    """Label and hint of a question."""
    question = QUESTIONS[code]
    return {"label": _words(question.label), "description": _words(question.help)}


def _choices(code: str, choose: bool = False) -> Callable[[], Pairs]:
    return lambda: _pairs(code, choose, lang())


@cache
def _pairs(code: str, choose: bool, language: str) -> Pairs:
    """(code, words) of a question's answers; "" first where the list opens with an invitation to choose."""
    first = [("", _("Pilih satu"))] if choose else []
    return first + [(choice.code, choice.label.text(language)) for choice in QUESTIONS[code].choices.values()]


def _offices() -> dict[str, Pairs]:
    return _grouped(lang())


@cache
def _grouped(language: str) -> dict[str, Pairs]:
    """Offices under headings as people look for them: not knowing first, kelurahan under their kecamatan."""
    groups: dict[str, Pairs] = {
        "": [("", _("Pilih satu")), (UNKNOWN, _("Saya tidak tahu / kantor lain"))],
        _("Dinas"): [],
        _("Badan"): [],
        _("Kantor kota lainnya"): [],
        _("Kecamatan"): [],
    }
    headings = {"dinas": _("Dinas"), "badan": _("Badan"), "kecamatan": _("Kecamatan")}
    for office in OFFICES.values():
        if office.code == UNKNOWN:
            continue
        if office.kind == WARD and office.parent:
            heading = _("Kelurahan di %(kecamatan)s", kecamatan=OFFICES[office.parent].label.text(language))
        else:
            heading = headings.get(office.kind, _("Kantor kota lainnya"))
        groups.setdefault(heading, []).append((office.code, office.label.text(language)))
    return groups


class ReportForm(ChannelForm):
    """Names are those of `Complaint`; ``kunci`` is the sealed receipt that was made before sending."""

    kunci = HiddenField()
    happened = TapField(
        **_asked("happened"), choices=_choices("happened"), validators=required("Pilih apa yang terjadi.")
    )
    service = PickField(
        **_asked("service"), choices=_choices("service", choose=True), validators=required("Pilih layanannya.")
    )
    office = PickField(
        **_asked("office"), choices=_offices, validators=required("Pilih kantornya, atau “Saya tidak tahu”.")
    )
    story = TextField(**_asked("story"), validators=[*required("Ceritakan apa yang terjadi."), AtMost(STORY_LIMIT)])
    when = TapField(**_asked("when"), choices=_choices("when"), validators=optional())
    who = TextField(**_asked("who"), validators=[AtMost(LINE_LIMIT)])
    accused = TapsField(**_asked("accused"), choices=_choices("accused"), validators=optional())
    witnesses = TextField(**_asked("witnesses"), validators=[AtMost(LINE_LIMIT)])
    amount = MoneyField(**_asked("amount"))
    amount_unknown = BooleanField(_l("Saya tidak tahu jumlahnya"))
    in_kind = LineField(**_asked("in_kind"), validators=[AtMost(LINE_LIMIT)])
    how = TapsField(**_asked("how"), choices=_choices("how"), validators=optional())
    paid = TapField(**_asked("paid"), choices=_choices("paid"), validators=optional())
    proof_of_payment = TapField(
        **_asked("proof_of_payment"), choices=_choices("proof_of_payment"), validators=optional()
    )
    reported_to = TapsField(**_asked("reported_to"), choices=_choices("reported_to"), validators=optional())
    worried = TapField(**_asked("worried"), choices=_choices("worried"), validators=optional())
    relation = TapField(**_asked("relation"), choices=_choices("relation"), validators=optional())

    def complaint(self) -> Complaint:
        """The answers. Only after `validate` said yes."""
        return Complaint(
            happened=self.happened.data,
            service=self.service.data,
            office=self.office.data,
            story=self.story.data,
            when=self.when.data or "",
            who=self.who.data or "",
            accused=tuple(self.accused.data or ()),
            amount=self.amount.amount,
            amount_unknown=bool(self.amount_unknown.data) and self.amount.amount is None,
            in_kind=self.in_kind.data or "",
            how=tuple(self.how.data or ()),
            paid=self.paid.data or "",
            proof_of_payment=self.proof_of_payment.data or "",
            witnesses=self.witnesses.data or "",
            reported_to=tuple(self.reported_to.data or ()),
            worried=self.worried.data or "",
            relation=self.relation.data or "",
            language=lang(),
        )

    def touched(self, *names: str) -> bool:
        """Whether any of these fields holds something or is complained about: its group is then shown unfolded."""
        return any(self[name].data or self[name].errors for name in names)
