"""The form that closes a case: what the law's file, the figures and the reporter need to know about the end."""

from datetime import date
from typing import Any

from wtforms import (
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from whistle.domain.complaint import LINE_LIMIT, STORY_LIMIT
from whistle.domain.results import CAUSES, EMPLOYMENT, REFERRALS, RESULTS
from whistle.domain.sanctions import SANCTIONS
from whistle.services.views import Closing
from whistle.web.desk import choices
from whistle.web.desk.fields import (
    ActionForm,
    BoxesField,
    CountField,
    DayField,
    MoneyField,
    at_most,
    plausible,
    required,
)
from whistle.web.desk.say import _, _l


class ClosingForm(ActionForm):
    result = RadioField(_l("Hasil"), required(_l("Pilih hasilnya.")))
    summary = TextAreaField(
        _l("Ringkasan"),
        required(_l("Tulis ringkasannya.")) + [at_most(STORY_LIMIT)],
        description=_l("Apa yang diperiksa, apa yang ditemukan, dan dasarnya. Untuk berkas internal."),
    )
    lhp_number = StringField(_l("Nomor LHP"), [at_most(100)], description=_l("Kosongkan bila tidak ada pemeriksaan."))
    lhp_date = DayField(_l("Tanggal LHP"), [plausible()])
    employment = SelectField(_l("Status kepegawaian terlapor"))
    sanction = SelectField(
        _l("Tingkat dan jenis sanksi"),
        description=_l("Inspektorat menyarankan; pejabat yang berwenang menjatuhkan."),
    )
    amount_levied = MoneyField(_l("Nilai pungli (rupiah)"))
    amount_returned = MoneyField(_l("Nilai dikembalikan (rupiah)"))
    returned_on = DayField(_l("Tanggal dikembalikan"), [plausible()])
    victims = CountField(_l("Jumlah korban"))
    causes = BoxesField(_l("Akar masalah"), description=_l("Boleh lebih dari satu."))
    recommendation = TextAreaField(
        _l("Rekomendasi"),
        [at_most(LINE_LIMIT)],
        description=_l("Apa yang harus diperbaiki supaya tidak terulang."),
    )
    recommendation_owner = StringField(_l("Penanggung jawab rekomendasi"), [at_most(200)])
    recommendation_due = DayField(_l("Tenggat rekomendasi"), [plausible(3650)])
    answer = TextAreaField(
        _l("Jawaban untuk pelapor"),
        required(_l("Tulis jawaban untuk pelapor.")) + [at_most(LINE_LIMIT)],
        description=_l("Dibaca pelapor. Kata sehari-hari, tanpa nama orang."),
    )
    referral = SelectField(_l("Rujukan ke lembaga lain"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result.choices = choices.pairs(RESULTS)
        self.employment.choices = [("", _("Pilih status")), *choices.pairs(EMPLOYMENT)]
        self.sanction.choices = {"": [("", _("Pilih sanksi"))], **choices.sanctions()}
        self.causes.choices = choices.pairs(CAUSES)
        self.referral.choices = [("", _("Tidak ada")), *choices.pairs(REFERRALS)]

    def validate_lhp_date(self, field: DayField) -> None:
        if self.lhp_number.data and field.data is None and not field.errors:
            raise ValidationError(_("Tulis tanggal LHP."))

    def validate_amount_returned(self, field: MoneyField) -> None:
        levied, returned = self.amount_levied.amount, field.amount
        if levied is not None and returned is not None and returned > levied:
            raise ValidationError(_("Lebih besar daripada nilai pungli. Periksa kedua nilai itu."))

    def validate_returned_on(self, field: DayField) -> None:
        if self.amount_returned.data and field.data is None and not field.errors:
            raise ValidationError(_("Tulis tanggal uang dikembalikan."))

    def validate_employment(self, field: SelectField) -> None:
        if self._proven and not field.data:
            raise ValidationError(_("Pilih status kepegawaiannya."))

    def validate_sanction(self, field: SelectField) -> None:
        if self._proven and not field.data:
            raise ValidationError(_("Pilih sanksinya, atau “belum diputus”."))

    @property
    def _proven(self) -> bool:
        """Somebody did it: then the file must say who that was in law, and what follows."""
        return str(self.result.data or "").startswith("terbukti")

    def validate_recommendation(self, field: TextAreaField) -> None:
        if not field.data and (self.recommendation_owner.data or self.recommendation_due.data):
            raise ValidationError(_("Tulis isi rekomendasinya."))

    def validate_recommendation_owner(self, field: StringField) -> None:
        if self.recommendation.data and not field.data:
            raise ValidationError(_("Tulis siapa yang bertanggung jawab."))

    def validate_recommendation_due(self, field: DayField) -> None:
        if self.recommendation.data and field.data is None and not field.errors:
            raise ValidationError(_("Tulis tenggat rekomendasinya."))

    def closing(self) -> Closing:
        """The answers as the service takes them."""
        sanction = SANCTIONS.get(self.sanction.data or "")
        return Closing(
            result=self.result.data,
            summary=self.summary.data or "",
            answer=self.answer.data or "",
            lhp_number=self.lhp_number.data or "",
            lhp_date=_iso(self.lhp_date.data),
            employment=self.employment.data or "",
            sanction_level=sanction.level if sanction else "",
            sanction=self.sanction.data or "",
            value=self.amount_levied.amount,
            returned=self.amount_returned.amount,
            returned_date=_iso(self.returned_on.data),
            victims=self.victims.data,
            causes=list(self.causes.data or ()),
            recommendation=self.recommendation.data or "",
            recommendation_owner=self.recommendation_owner.data or "",
            recommendation_due=_iso(self.recommendation_due.data),
            referral=self.referral.data or "",
        )


def filled(closing: Closing) -> dict[str, Any]:
    """The form's fields as they stood when ``closing`` was sent."""
    return {
        "result": closing.result,
        "summary": closing.summary,
        "lhp_number": closing.lhp_number,
        "lhp_date": _read(closing.lhp_date),
        "employment": closing.employment,
        "sanction": closing.sanction,
        "amount_levied": closing.value,
        "amount_returned": closing.returned,
        "returned_on": _read(closing.returned_date),
        "victims": closing.victims,
        "causes": closing.causes,
        "recommendation": closing.recommendation,
        "recommendation_owner": closing.recommendation_owner,
        "recommendation_due": _read(closing.recommendation_due),
        "answer": closing.answer,
        "referral": closing.referral,
    }


def _read(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
