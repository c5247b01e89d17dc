"""The forms with which officers come and go: invite, make keys, choose what the next manifest changes, sign it."""

from base64 import b32decode
from datetime import date
from typing import Any, cast

from wtforms import Field, HiddenField, PasswordField, RadioField, SelectField, StringField, ValidationError

from whistle.casefile.manifest import Acting
from whistle.crypto.totp import SECRET
from whistle.domain import passwords
from whistle.domain.roles import ROLES, UNITS
from whistle.domain.tracks import TRACKS
from whistle.services.invitations import LOGIN, LONGEST_NAME, Person
from whistle.services.proposal import Delegate
from whistle.services.refusals import Refusal
from whistle.web.desk import choices
from whistle.web.desk.account_forms import ReentryForm
from whistle.web.desk.fields import BoxesField, DayField, DeskForm, at_most, required
from whistle.web.desk.say import _, _l

ALONE = "peran:"  # a place in the office that is a role without a unit: "peran:admin"


class PlainForm(DeskForm):
    """Only the token: a button of its own."""


class InviteForm(DeskForm):
    """Role and unit are one choice: each unit's officers have one role."""

    login = StringField(
        _l("Nama masuk"),
        required(_l("Tulis nama masuknya.")),
        description=_l("Huruf kecil dan angka, paling sedikit dua. Contoh: siti.aminah. Tidak dapat diganti nanti."),
    )
    name = StringField(
        _l("Nama lengkap dengan gelar"),
        required(_l("Tulis nama lengkapnya.")) + [at_most(LONGEST_NAME)],
        description=_l("Seperti dalam surat tugas. Rekan melihat nama ini pada setiap perbuatannya."),
    )
    place = SelectField(_l("Unit dan peran"), required(_l("Pilih unitnya.")))
    agreed = HiddenField()  # the mark of what the page said that a new link replaces

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place.choices = [("", _("Pilih unit")), *places()]

    def validate_login(self, field: Field) -> None:
        field.data = (field.data or "").lower()
        if not LOGIN.fullmatch(field.data):
            raise ValidationError(_("Nama masuk hanya huruf kecil, angka, titik, dan garis, tanpa spasi."))

    @property
    def person(self) -> Person:
        """Who is to be invited, as far as it was typed."""
        place = self.place.data or ""
        role, unit = (UNITS[place].role, place) if place in UNITS else (place.removeprefix(ALONE), "")
        return Person(self.login.data or "", self.name.data or "", role, unit)


def places() -> list[tuple[str, str]]:
    """Every unit with its role, then the roles that belong to no unit."""
    units = [(code, f"{choices.unit_name(code)} – {choices.words(ROLES, unit.role)}") for code, unit in UNITS.items()]
    staffed = {unit.role for unit in UNITS.values()}
    return units + [(ALONE + code, choices.words(ROLES, code)) for code in ROLES if code not in staffed]


def place_of(role: str, unit: str) -> str:
    """The choice of `InviteForm` that stands for a role and unit."""
    return unit or ALONE + role


class UninviteForm(DeskForm):
    """Whether the page said that keys are there, which are thrown away."""

    made = HiddenField()


class EnrolForm(DeskForm):
    """The invited person's: nobody is signed in, so there is no token; the link's own stands in ``link``."""

    class Meta(DeskForm.Meta):
        csrf = False

    link = HiddenField()
    secret = HiddenField()  # the second factor on the page, so that a mistake does not ask for another scan
    new = PasswordField(
        _l("Kata sandi"),
        required(_l("Tulis kata sandi.")),
        description=_l(
            "Paling sedikit %(least)s huruf. Beberapa kata biasa yang tidak berhubungan lebih kuat dan lebih mudah "
            "diingat daripada tanda-tanda aneh.",
            least=passwords.LEAST,
        ),
    )
    again = PasswordField(_l("Kata sandi sekali lagi"), required(_l("Tulis kata sandi sekali lagi.")))
    code = StringField(
        _l("Kode dari aplikasi"),
        required(_l("Tulis kode enam angka dari aplikasi.")),
        description=_l("Enam angka, berganti tiap 30 detik. Kode ini menunjukkan bahwa aplikasinya sudah benar."),
    )

    def validate_again(self, field: Field) -> None:
        if self.new.data and field.data != self.new.data:
            raise ValidationError(_("Kedua kata sandi tidak sama. Tulis lagi keduanya."))

    @property
    def factor(self) -> bytes:
        """The second factor's secret that the page offered (20 B); empty when the form holds none."""
        try:
            secret = b32decode(self.secret.data or "")
        except ValueError:
            return b""
        return secret if len(secret) == SECRET else b""


class KeyWordsForm(ReentryForm):
    """The password that opens keys just made; without a token, as above."""

    class Meta(ReentryForm.Meta):
        csrf = False

    password = PasswordField(_l("Kata sandi yang Anda pilih"), required(_l("Tulis kata sandi.")))
    link = HiddenField()


class AdmitForm(DeskForm):
    """Whom to admit and whom to remove; nothing ticked renews."""

    admit = BoxesField(_l("Terima"))
    remove = BoxesField(_l("Keluarkan"))


class ActingForm(DeskForm):
    officer = SelectField(_l("Siapa"), required(_l("Pilih petugasnya.")))
    unit = SelectField(_l("Menjalankan tugas"), required(_l("Pilih unitnya.")))
    kind = RadioField(
        _l("Sebagai"),
        default="plh",
        choices=[
            ("plh", _l("Pelaksana harian (Plh): pejabatnya berhalangan sementara")),
            ("plt", _l("Pelaksana tugas (Plt): jabatannya kosong")),
        ],
    )
    first = DayField(_l("Mulai tanggal"), required(_l("Tulis hari pertamanya.")))
    last = DayField(_l("Sampai tanggal"), required(_l("Tulis hari terakhirnya.")))
    letter = StringField(_l("Nomor surat perintah"), required(_l("Tulis nomor suratnya.")) + [at_most(100)])

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer.choices = [("", _("Pilih petugas")), *people]
        self.unit.choices = [("", _("Pilih unit")), *choices.units()]

    def validate_last(self, field: Field) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("Hari terakhir mendahului hari pertama."))


    def acting(self) -> Acting:
        """What a valid form asks for."""
        officer: Any = self.officer.data
        who, unit, kind = bytes.fromhex(officer), str(self.unit.data), str(self.kind.data)
        first, last = cast(date, self.first.data), cast(date, self.last.data)
        return Acting(who, unit, kind, first, last, str(self.letter.data))


class DelegateForm(DeskForm):
    officer = SelectField(_l("Siapa"), required(_l("Pilih petugasnya.")))
    tracks = BoxesField(_l("Untuk jalur"), required(_l("Pilih paling sedikit satu jalur.")))
    until = DayField(_l("Sampai tanggal"), required(_l("Tulis hari terakhirnya.")))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer.choices = [("", _("Pilih petugas")), *people]
        self.tracks.choices = choices.pairs(TRACKS)

    def delegate(self) -> Delegate:
        """What a valid form asks for."""
        officer: Any = self.officer.data
        return Delegate(bytes.fromhex(officer), tuple(self.tracks.data or ()), cast(date, self.until.data))


class SignForm(ReentryForm):
    """``chosen`` is what the page before chose (JSON), ``digest`` the manifest that this page showed."""

    chosen = HiddenField()
    digest = HiddenField()


def refused_field(form: DeskForm, refusal: Refusal) -> Field | None:
    """The field of ``form`` that a use case's refusal is about."""
    names = {
        "login": "login", "keeps_root": "login", "taken": "login", "login_taken": "login", "name": "name",
        "unit_of_role": "place", "role_unknown": "place", "password": "new", "code": "code",
        "acting_days": "last", "acting_over": "last", "acting_long": "last", "acting_role": "officer",
        "acting_own": "unit", "acting_twice": "first", "acting_logs": "officer", "suspended": "officer",
        "delegate_role": "officer", "delegate_keys": "officer", "delegate_days": "until", "delegate_tracks": "tracks",
    }  # fmt: skip
    name = names.get(refusal.code, "")
    return form[name] if name in form else None
