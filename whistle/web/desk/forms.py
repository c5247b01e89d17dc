"""The desk's short forms. The long one, closing, is in ``closing_form``."""

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from whistle.domain.complaint import LINE_LIMIT, STORY_LIMIT
from whistle.domain.offices import UNKNOWN
from whistle.domain.summary import TITLE_LIMIT
from whistle.web.desk import choices
from whistle.web.desk.fields import (
    ActionForm,
    CountField,
    DayField,
    DeskForm,
    MoneyField,
    at_most,
    capitals,
    plausible,
    required,
    tidy,
)
from whistle.web.desk.say import _l


class SignInForm(Form):
    """Nobody is signed in yet, so there is no token: the origin check alone guards it."""

    login = StringField(_l("Nama masuk"), required(_l("Tulis nama masuk Anda.")), filters=[tidy])
    password = PasswordField(_l("Kata sandi"), required(_l("Tulis kata sandi Anda.")))
    code = StringField(
        _l("Kode dari aplikasi autentikator"),
        required(_l("Tulis kode enam angka dari aplikasi autentikator.")),
        filters=[tidy],
        description=_l("Enam angka, berganti tiap 30 detik."),
    )
    ke = HiddenField()


class SignOutForm(DeskForm):
    """Only the token."""


class DeclareForm(DeskForm):
    """The click that says: I have no conflict of interest in this case."""


class OpenForm(DeskForm):
    """Only the token: a file is opened, or handed out."""


class TriageForm(ActionForm):
    title = StringField(
        _l("Judul singkat"),
        required(_l("Tulis judul singkat, supaya laporan ini dikenali di daftar.")) + [at_most(TITLE_LIMIT)],
        description=_l("Tanpa nama orang. Contoh: Uang percepatan KTP di loket 3."),
    )
    category = SelectField(_l("Jenis"), required(_l("Pilih jenisnya.")))
    office = SelectField(_l("Kantor"))
    service = SelectField(_l("Layanan"), required(_l("Pilih layanannya.")))
    people = StringField(_l("Siapa yang dilaporkan"), [at_most(200)], description=_l("Nama atau jabatan, singkat."))
    amount_asked = MoneyField(_l("Nilai diminta (rupiah)"))
    amount_paid = MoneyField(_l("Nilai dibayar (rupiah)"))
    victims = CountField(_l("Jumlah korban"))
    priority = RadioField(_l("Prioritas"), default="biasa")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = {"": [("", _l("Pilih jenis"))], **choices.categories()}
        self.office.choices = {"": [(UNKNOWN, choices.office_name(UNKNOWN))], **choices.offices()}
        self.service.choices = [("", _l("Pilih layanan")), *choices.services()]
        self.priority.choices = choices.priorities()


class AskForm(ActionForm):
    text = TextAreaField(
        _l("Pertanyaan untuk pelapor"),
        required(_l("Tulis pertanyaannya.")) + [at_most(LINE_LIMIT)],
        description=_l("Satu hal satu pertanyaan. Jangan minta nama, alamat, atau nomor HP."),
    )


class ReplyForm(ActionForm):
    text = TextAreaField(
        _l("Pesan untuk pelapor"),
        required(_l("Tulis pesannya.")) + [at_most(LINE_LIMIT)],
        description=_l("Pakai kata sehari-hari. Sapa dengan “Anda”."),
    )


class NoteForm(ActionForm):
    text = TextAreaField(
        _l("Catatan internal"),
        required(_l("Tulis catatannya.")) + [at_most(STORY_LIMIT)],
        description=_l("Hanya untuk petugas. Pelapor tidak dapat membacanya, juga tidak dengan kodenya."),
    )


class AttachForm(ActionForm):
    """An officer's own files. ``berkas`` only holds what is wrong with them: they are taken in as they arrive."""

    enctype = "multipart/form-data"
    text = TextAreaField(
        _l("Apa isinya"),
        required(_l("Tulis apa isinya, supaya rekan Anda tahu tanpa membukanya.")) + [at_most(LINE_LIMIT)],
        description=_l("Misalnya: LHP nomor 700/15/LHP, foto loket saat pemeriksaan."),
    )
    berkas = MultipleFileField(_l("Berkas"))


class HoldForm(ActionForm):
    text = TextAreaField(
        _l("Alasan menahan"),
        required(_l("Tulis alasannya, untuk berkas.")) + [at_most(LINE_LIMIT)],
        description=_l("Misalnya: diminta pengadilan atau jaksa, atau ada yang keberatan. Masuk ke berkas internal."),
    )


class ReleaseForm(ActionForm):
    text = TextAreaField(
        _l("Alasan melepas"),
        required(_l("Tulis alasannya, untuk berkas.")) + [at_most(LINE_LIMIT)],
        description=_l("Masuk ke berkas internal."),
    )


class RouteForm(ActionForm):
    reason = TextAreaField(
        _l("Alasan"),
        required(_l("Tulis alasannya, untuk berkas.")) + [at_most(LINE_LIMIT)],
        description=_l("Masuk ke berkas internal."),
    )
    unit = HiddenField()  # each unit is a button of its own, named by where the case goes

    def __init__(self, *args: Any, units: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units

    def validate_unit(self, field: HiddenField) -> None:
        if field.data not in self.units:
            raise ValidationError(_l("Pilih unit tujuan."))


class MoveForm(ActionForm):
    """A move to one stage. What only another stage needs is not part of the form."""

    to = HiddenField()
    letter_number = StringField(_l("Nomor surat tugas"), required(_l("Tulis nomor surat tugas.")) + [at_most(100)])
    letter_date = DayField(_l("Tanggal surat tugas"), required(_l("Tulis tanggal surat tugas.")) + [plausible(90)])
    team = TextAreaField(
        _l("Tim pemeriksa"),
        required(_l("Tulis siapa yang memeriksa.")) + [at_most(LINE_LIMIT)],
        description=_l("Satu nama satu baris."),
    )
    handed_to = SelectField(_l("Dilimpahkan ke"), required(_l("Pilih ke mana laporan dilimpahkan.")))
    handed_name = StringField(
        _l("Nama kantor atau lembaga"), required(_l("Tulis nama kantor atau lembaganya.")) + [at_most(200)]
    )
    merged_into = StringField(
        _l("Nomor register laporan induk"),
        required(_l("Tulis nomor register laporan induknya.")) + [at_most(40)],
        filters=[capitals],  # as it is given: "004L/10/2026"
        description=_l("Contoh: 004/10/2026."),
    )
    reason = TextAreaField(
        _l("Alasan"),
        required(_l("Tulis alasannya, untuk berkas.")) + [at_most(LINE_LIMIT)],
        description=_l("Masuk ke berkas internal."),
    )
    public_text = TextAreaField(
        _l("Kalimat untuk pelapor"),
        [at_most(LINE_LIMIT)],
        description=_l("Tanpa kalimat ini pelapor tetap membaca tahapnya dalam kata-kata biasa."),
    )

    def __init__(self, formdata: Any = None, *, to: str = "", **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        stage = to or self.to.data or ""
        self.to.data = stage
        self.handed_to.choices = [
            ("", _l("Pilih tujuan")),
            ("kepala_kantor", _l("Kepala kantor yang bersangkutan")),
            ("lembaga", _l("Lembaga lain")),
        ]
        for name in SPECIAL - STAGE_FIELDS.get(stage, frozenset()):
            del self[name]

    @property
    def extra(self) -> dict[str, Any]:
        """What belongs to this stage alone, as plain JSON types."""
        found = {}
        for name in sorted(SPECIAL):
            if name in self:
                value = self[name].data
                found[name] = value.isoformat() if isinstance(value, date) else value
        return found


STAGE_FIELDS = {
    "PEMERIKSAAN": frozenset({"letter_number", "letter_date", "team"}),
    "DILIMPAHKAN": frozenset({"handed_to", "handed_name"}),
    "DIGABUNG": frozenset({"merged_into"}),
}
SPECIAL = frozenset().union(*STAGE_FIELDS.values())


class ApproveForm(ActionForm):
    agree = BooleanField(
        _l("Saya sudah membaca seluruh isian di atas dan menyetujuinya."),
        required(_l("Centang dulu bahwa Anda sudah membaca isiannya.")),
    )
    note = TextAreaField(_l("Catatan"), [at_most(LINE_LIMIT)], description=_l("Masuk ke berkas internal."))


class GiveBackForm(ActionForm):
    reason = TextAreaField(
        _l("Apa yang perlu diperbaiki"), required(_l("Tulis apa yang perlu diperbaiki.")) + [at_most(LINE_LIMIT)]
    )
