"""The desk's form base and its own fields: what is typed is kept, and every complaint about it is a sentence."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from flask import g
from wtforms import (
    DateField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from whistle.domain.composed import nfc
from whistle.domain.money import AmountError, format_rupiah, parse_rupiah
from whistle.services.work import Seen
from whistle.web.desk.csrf import SessionCSRF
from whistle.web.desk.here import ctx
from whistle.web.desk.say import _, _l

SEEN = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})")  # entries of the thread, entries of the file
EARLIEST = date(2000, 1, 1)
ACTION_ID = re.compile(r"[0-9a-f]{32}")
LAYOUT = {"\n", "\t", "\u200c", "\u200d"}  # of the invisible characters only these carry meaning


def capitals(text: Any) -> Any:
    """Without small letters."""
    return text.upper() if isinstance(text, str) else text


def tidy(text: Any) -> Any:
    """Typed text as it is kept: one kind of line end, composed, without control and direction-changing characters.

    What a form is filled with beforehand (an amount, nothing) passes through.
    """
    if not isinstance(text, str):
        return text
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in text if c in LAYOUT or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(kept).strip()


class _Messages:
    """WTForms' own few English messages in the desk's words."""

    def gettext(self, text: str) -> str:
        return {
            "Not a valid choice.": _("Pilih salah satu dari daftar."),
            "Invalid Choice: could not coerce.": _("Pilih salah satu dari daftar."),
        }.get(text, text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


class DeskForm(Form):
    """A form behind a session: carries the session's token and trims what is typed."""

    class Meta:
        csrf = True
        csrf_class = SessionCSRF
        csrf_field_name = "csrf"

        @property
        def csrf_context(self) -> bytes | None:
            return cast("bytes | None", g.get("desk_secret"))

        def get_translations(self, form: Form) -> _Messages:
            return _Messages()

        def bind_field(self, form: Form, unbound: Any, options: dict[str, Any]) -> Field:
            kind = unbound.field_class
            if issubclass(kind, StringField) and not issubclass(kind, (HiddenField, PasswordField)):
                options = {**options, "filters": [tidy, *unbound.kwargs.get("filters", ())]}
            return cast(Field, unbound.bind(form=form, **options))

    @property
    def forged(self) -> bool:
        """Whether the form's token is missing or another session's."""
        return bool(self.errors.get("csrf"))

    def shown_errors(self) -> list[tuple[Field, str]]:
        """Each field with its first complaint, in the form's order, for the summary on top."""
        return shown_errors(self)


def shown_errors(form: Form) -> list[tuple[Field, str]]:
    """As `DeskForm.shown_errors`, of any form."""
    return [(field, str(_first(field.errors))) for field in form if field.errors and field.name != "csrf"]


class ActionForm(DeskForm):
    """A form that writes to a case. ``action_id`` makes a second sending of the same form do nothing.

    ``seen`` tells how much of the case its page showed, so that nobody writes over what a colleague did meanwhile.
    """

    enctype = "application/x-www-form-urlencoded"
    action_id = HiddenField()
    seen = HiddenField()

    def named(self, prefix: str) -> "ActionForm":
        """The same form with ids that begin with ``prefix``: one page holds several forms."""
        for field in self:
            field.id = f"{prefix}-{field.name}"
            field.label.field_id = field.id
        return self

    def validate_action_id(self, field: Field) -> None:
        if not ACTION_ID.fullmatch(field.data or ""):
            raise ValidationError(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi."))

    @property
    def action(self) -> bytes:
        """What names the act: the same form sent twice is one act, with other words in it another, so none is lost."""
        said = {name: value for name, value in self.data.items() if name not in ("csrf", "seen")}
        return hashlib.sha256(repr(sorted(said.items())).encode()).digest()[:16]

    @property
    def before(self) -> Seen | None:
        """What the page showed; None where the form does not say so."""
        told = SEEN.fullmatch(self.seen.data or "")
        return Seen(int(told[1]), int(told[2])) if told else None


class MoneyField(StringField):
    """Whole rupiah, typed as people type them ("50rb", "Rp 1.250.000,-"). ``amount`` is an int or None."""

    amount: int | None = None

    def _value(self) -> str:
        value: Any = self.data
        return format_rupiah(value).removeprefix("Rp") if isinstance(value, int) else value or ""

    def pre_validate(self, form: BaseForm) -> None:
        try:
            typed: Any = self.data  # an amount the form was filled with, or text
            self.amount = typed if isinstance(typed, int) else parse_rupiah(typed or "")
        except AmountError as error:
            raise ValidationError(_money_sentence(error)) from error


class BoxesField(SelectMultipleField):
    """Several of a short list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CountField(IntegerField):
    """A count of people; empty is "not known"."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError(_("Tulis jumlah orang dengan angka, misalnya 3."))
        self.data = int(text)


class DayField(DateField):
    """A day, from the browser's picker (2026-03-17) or typed as 17/3/2026 or 17-3-2026; empty is "not known"."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        try:
            self.data = _day(text)
        except ValueError as error:
            raise ValueError(_("Tulis tanggal seperti 17/3/2026.")) from error


def required(message: str) -> list[Any]:
    """Something other than spaces must be there; otherwise ``message``."""
    return [DataRequired(message=message)]


def at_most(limit: int) -> Length:
    """No more than ``limit`` characters."""
    return Length(max=limit, message=_l("Terlalu panjang: paling banyak %(limit)s huruf.", limit=limit))


def plausible(ahead: int = 0) -> Any:
    """A day that an office writes down: in this century, and at most ``ahead`` days from today."""

    def check(form: BaseForm, field: Field) -> None:
        day: date | None = field.data
        if day is not None and day < EARLIEST:
            raise ValidationError(_("Tanggal ini terlalu lama. Periksa lagi tahunnya."))
        if day is not None and day > ctx().clock.today() + timedelta(days=ahead):
            raise ValidationError(_("Tanggal ini terlalu jauh ke depan. Periksa lagi tahunnya.") if ahead
                                  else _("Tanggal ini belum tiba. Periksa lagi tahunnya."))  # fmt: skip

    return check


def _day(text: str) -> date:
    typed = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text)
    if typed:
        return date(int(typed[3]), int(typed[2]), int(typed[1]))
    return date.fromisoformat(text)


def _money_sentence(error: AmountError) -> str:
    return {
        "negative": _("Nilai uang tidak bisa kurang dari nol."),
        "absurd": _("Nilai ini terlalu besar. Periksa lagi jumlah nolnya."),
    }.get(error.kind, _("Nilai ini tidak terbaca. Tulis seperti 50.000 atau 50rb."))


def _first(errors: Any) -> Any:
    """The first complaint, also out of a list of rows."""
    if isinstance(errors, dict):
        return _first(next(iter(errors.values())))
    if isinstance(errors, (list, tuple)):
        return _first(next((error for error in errors if error), ""))
    return errors
