"""What narrows the audit log, and the printed head that it is compared with: typed, read, and complained about."""

import re

from wtforms import Field, Form, SearchField, SelectField, StringField, ValidationError

from whistle.services.audit_log import NOBODY, Query
from whistle.services.audit_point import Head
from whistle.services.listing import case_of
from whistle.services.refusals import Refusal
from whistle.web.desk.fields import DayField, DeskForm, plausible, tidy
from whistle.web.desk.here import ctx, officer
from whistle.web.desk.refusals import sentence
from whistle.web.desk.say import _, _l

CASE = re.compile(r"[0-9a-f]{1,32}")
REGISTER = re.compile(r"[0-9]{1,8}l?/[0-9]{1,2}/[0-9]{4}")
# What the QR code holds, or what was typed from the groups, with anything between and around.
WHOLE = re.compile(r"[^0-9]*([0-9]{1,15})[^0-9a-f]+((?:[0-9a-f][\s.:-]*){64})")
NUMBER = re.compile(r"[0-9]{1,15}")
AHEAD = 366  # days that a filter may reach beyond today


class FilterForm(Form):
    """What narrows the log. A GET form: the address can be kept.

    ``case``: the first digits of a case's number, or a file's mark, which looks the same.
    """

    petugas = SelectField(_l("Siapa"), validate_choice=False)
    perbuatan = SelectField(_l("Apa"), validate_choice=False)
    dari = DayField(_l("Dari tanggal"), [plausible(AHEAD)])
    sampai = DayField(_l("Sampai tanggal"), [plausible(AHEAD)])
    kasus = SearchField(_l("Awal nomor kasus atau tanda berkas"), filters=[tidy])
    case = ""

    def fill(self, people: list[tuple[str, str]], acts: list[tuple[str, str]]) -> None:
        """The choices that there are: officers whom a manifest admitted, and what the log holds."""
        self.petugas.choices = [("", _("Semua")), *people, (NOBODY, _("Tidak diketahui"))]
        self.perbuatan.choices = [("", _("Semua")), *acts]

    def validate_sampai(self, field: Field) -> None:
        if field.data and self.dari.data and field.data < self.dari.data:
            raise ValidationError(_("“Sampai tanggal” lebih awal daripada “Dari tanggal”. Periksa keduanya."))

    def validate_kasus(self, field: Field) -> None:
        typed = "".join((field.data or "").lower().split())
        if REGISTER.fullmatch(typed):
            self.case = _registered(typed)
        elif typed and not CASE.fullmatch(typed):
            raise ValidationError(
                _(
                    "Ini bukan awal nomor kasus atau tanda berkas. Salin dari kolom “Kasus” atau “Apa”: hanya angka 0 "
                    "sampai 9 dan huruf a sampai f, misalnya 3f9a01bc."
                )
            )
        else:
            self.case = typed


def _registered(register: str) -> str:
    """The number of the case with that register number. Raises ValidationError unless this officer can read it."""
    if not officer().may("case.list"):
        raise ValidationError(
            _(
                "Ini nomor register, dan catatan audit tidak mengenalnya. Salin awal nomor kasus dari kolom “Kasus”, "
                "misalnya 3f9a01bc."
            )
        )
    case = case_of(ctx(), officer(), register)
    if case is None:
        raise ValidationError(sentence(Refusal("unknown_register", register=register.upper())))
    return case.hex()


class CheckForm(DeskForm):
    """Only the token."""


class CompareForm(Form):
    """A head that was printed earlier, typed or pasted."""

    nomor = StringField(_l("Nomor baris"), filters=[tidy])
    sidik = StringField(
        _l("Sidik"),
        filters=[tidy],
        description=_l("Enam puluh empat huruf dan angka. Spasi dan huruf besar tidak berpengaruh."),
    )


def read_query(form: FilterForm, before: str) -> Query:
    """The filters; one that has a complaint beside it narrows nothing, and no page is refused for it.

    ``before``: the row number before which the page begins, as typed.
    """
    form.validate()
    who = form.petugas.data or ""
    return Query(
        officer=who if who == NOBODY or re.fullmatch(r"[0-9a-f]{32}", who) else "",
        action=(form.perbuatan.data or "")[:64],
        first=None if form.dari.errors else form.dari.data,
        last=None if form.sampai.errors else form.sampai.data,
        case=form.case,
        before=int(before) if NUMBER.fullmatch(before) else 0,
    )


def read_head(form: CompareForm) -> Head | None:
    """The head that was typed, also when all of it (as the QR code holds it) stands in one field.

    Complaints stand beside the fields.
    """
    text = f"{form.nomor.data or ''}:{form.sidik.data or ''}"
    parts = WHOLE.fullmatch(text.lower().strip(": "))
    if parts:
        return Head(int(parts[1]), bytes.fromhex(re.sub(r"[^0-9a-f]", "", parts[2])))
    digits = re.sub(r"[^0-9a-f]", "", (form.sidik.data or "").lower())
    if not NUMBER.fullmatch((form.nomor.data or "").strip()):
        form.nomor.errors = [_("Tulis nomor baris yang tercetak, misalnya 1250.")]
    if not form.sidik.data:
        form.sidik.errors = [_("Tulis sidik yang tercetak.")]
    elif len(digits) != 64:
        form.sidik.errors = [_("Sidik terdiri dari 64 huruf dan angka; yang Anda tulis %(n)s.", n=len(digits))]
    return None
