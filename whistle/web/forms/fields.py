"""The channel's own fields: they keep what was typed, whatever it was, and complain in sentences."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from whistle.domain.money import AmountError, format_rupiah, parse_rupiah
from whistle.web.forms.cleaning import Removed, clean
from whistle.web.i18n import gettext as _


class _Messages:
    """WTForms' own English messages in ours."""

    def gettext(self, text: str) -> str:
        return _("Pilih salah satu dari daftar.")

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one)


class ChannelForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A form of the public channel: no session, hence no CSRF token; a sealed token of its own does the rest."""

    class Meta:
        csrf = False

        def get_translations(self, form: Any) -> _Messages:
            return _Messages()

    def complaints(self) -> list[tuple[Field, str]]:
        """Each field with its first complaint, in the form's order, for the summary on top."""
        return [(field, str(field.errors[0])) for field in self if field.errors]

    def removed(self) -> frozenset[Removed]:
        """What kinds of invisible characters were taken out of any field."""
        return frozenset(kind for field in self for kind in getattr(field, "removed", ()))

    def sent_again(self) -> Iterator[tuple[str, str]]:
        """(name, value) pairs that send this form again as it is, for hidden inputs."""
        for field in self:
            if isinstance(field, TapsField):
                yield from ((field.name, value) for value in field.data or ())
            elif field.type == "BooleanField":
                yield from [(field.name, "y")] if field.data else []
            else:
                yield field.name, field._value() if hasattr(field, "_value") else field.data or ""


class _Typed:
    """Cleans what is typed before anything looks at it."""

    removed: frozenset[Removed] = frozenset()
    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        cleaned = clean(valuelist[0] if valuelist else "")
        self.data, self.removed = cleaned.text, cleaned.removed


class LineField(_Typed, StringField):
    """A short text."""


class TextField(_Typed, TextAreaField):
    """A text of several lines."""


class MoneyField(LineField):
    """Whole rupiah, typed as people type them ("50rb", "Rp 50.000,-"); ``amount`` is an int or None."""

    amount: int | None = None

    def pre_validate(self, form: Any) -> None:
        try:
            self.amount = parse_rupiah(self.data or "")
        except AmountError as error:
            raise ValidationError(_money_sentence(error.kind)) from error


class _Chosen:
    """Looks a choice up among the codes, where WTForms would build every choice with its label."""

    choices: Any
    data: Any

    def pre_validate(self, form: Any) -> None:
        given = self._given()
        if not given:
            return
        groups = self.choices.values() if isinstance(self.choices, dict) else (self.choices,)
        if not {*given} <= {code for group in groups for code, _ in group}:
            raise ValidationError(_("Pilih salah satu dari daftar."))

    def _given(self) -> Sequence[Any]:
        return (self.data,) if self.data else ()

    def _invoke_choices_callback(self, choices: Any) -> Any:
        """Ours take no argument; WTForms would find that out at every call, by inspecting the function."""
        return choices()


class TapField(_Chosen, RadioField):
    """One of a few answers, to tap."""


class PickField(_Chosen, SelectField):
    """One of many answers, from a list."""


class TapsField(_Chosen, SelectMultipleField):
    """Any of a few answers, to tick. Twice the same is once."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = list(dict.fromkeys(valuelist))

    def _given(self) -> Sequence[Any]:
        return self.data or ()


class AtMost:
    """No more than ``limit`` characters; the sentence says how many there are, for nothing is cut off."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Any, field: Field) -> None:
        length = len(field.data or "")
        if length > self.limit:
            raise ValidationError(
                _(
                    "Tulisan ini %(length)s huruf; yang muat %(limit)s. Persingkat, atau kirim sisanya nanti "
                    "dengan kode laporan. Tulisan Anda masih utuh di bawah.",
                    length=_number(length),
                    limit=_number(self.limit),
                )
            )


def required(message: str) -> list[Any]:
    """Something must be there; otherwise ``message``, an Indonesian sentence that the catalogue knows."""
    return [DataRequired(message=lazy_gettext(message))]


def optional() -> list[Any]:
    return [Optional()]


def _number(value: int) -> str:
    return format_rupiah(value).removeprefix("Rp")


def _money_sentence(kind: str) -> str:
    return {
        "negative": _("Jumlah uang tidak bisa kurang dari nol. Tulis seperti 50.000 atau 50rb."),
        "absurd": _("Jumlah ini terlalu besar. Periksa lagi banyaknya nol."),
    }.get(kind, _("Jumlah ini tidak terbaca. Tulis seperti 50.000 atau 50rb, atau kosongkan."))
