"""The forms of an officer's own account. What is typed into a password field is never trimmed, kept or sent back."""

from typing import Any

from wtforms import Field, Form, HiddenField, PasswordField, RadioField, SelectField, StringField, ValidationError

from whistle.domain import passwords
from whistle.services.reentry import WrongPassword
from whistle.web.desk.fields import DeskForm, required, tidy
from whistle.web.desk.say import _, _l


class SessionsForm(DeskForm):
    """Only the token; which session it is about is the button's value."""


class ReentryForm(DeskForm):
    """A form that asks for the password once more."""

    password = PasswordField(_l("Kata sandi Anda sekarang"), required(_l("Tulis kata sandi Anda sekarang.")))

    def refuse(self, wrong: WrongPassword) -> None:
        """Complain about the password beside its field."""
        complain(self.password, wrong_password(wrong.wait_seconds))


class PasswordForm(ReentryForm):
    new = PasswordField(
        _l("Kata sandi baru"),
        required(_l("Tulis kata sandi baru.")),
        description=_l(
            "Paling sedikit %(least)s huruf. Beberapa kata biasa yang tidak berhubungan lebih kuat dan lebih mudah "
            "diingat daripada tanda-tanda aneh.",
            least=passwords.LEAST,
        ),
    )
    again = PasswordField(_l("Kata sandi baru sekali lagi"), required(_l("Tulis kata sandi baru sekali lagi.")))

    def validate_new(self, field: Field) -> None:
        """Told together with what is wrong with the others: each try means to type all three anew."""
        fault = passwords.fault(field.data, login="")
        if fault and field.data != self.password.data:  # the old one again is told as that
            raise ValidationError(password_fault(fault))

    def validate_again(self, field: Field) -> None:
        if self.new.data and field.data != self.new.data:
            raise ValidationError(_("Kedua kata sandi baru tidak sama. Tulis lagi keduanya."))


class PhoneForm(ReentryForm):
    """A new second factor. ``offered`` is the secret on the page, sealed: the same one comes back after a mistake."""

    offered = HiddenField()
    code = StringField(
        _l("Kode dari aplikasi yang baru"),
        required(_l("Tulis kode enam angka dari aplikasi yang baru.")),
        description=_l("Enam angka, berganti tiap 30 detik. Kode ini menunjukkan bahwa aplikasinya sudah benar."),
    )


class RenewForm(DeskForm):
    """The same where the password was typed a moment ago, with a colleague's words."""

    offered = HiddenField()
    code = StringField(
        _l("Kode dari aplikasi yang baru"),
        required(_l("Tulis kode enam angka dari aplikasi yang baru.")),
        description=_l("Enam angka, berganti tiap 30 detik. Kode ini menunjukkan bahwa aplikasinya sudah benar."),
    )


class WordsForm(Form):
    """A sign-in with a colleague's words. Nobody is signed in yet, so there is no token: the origin check guards it."""

    login = StringField(_l("Nama masuk"), required(_l("Tulis nama masuk Anda.")), filters=[tidy])
    password = PasswordField(_l("Kata sandi"), required(_l("Tulis kata sandi Anda.")))
    words = StringField(
        _l("Kata-kata dari rekan"),
        required(_l("Tulis kata-kata dari rekan.")),
        filters=[tidy],
        description=_l("Lima kata, dipisah spasi. Huruf besar atau kecil tidak berpengaruh."),
    )


class VouchForm(ReentryForm):
    whom = SelectField(_l("Rekan yang kehilangan ponsel"), required(_l("Pilih rekan yang Anda bantu.")))

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom.choices = [("", _l("Pilih rekan")), *colleagues]


class HandoverForm(DeskForm):
    """Which line of the page of keys to work on; ``again``: from the beginning."""

    kind = RadioField(choices=[("grant", ""), ("epoch", "")])
    about = HiddenField()
    again = HiddenField()


class WithdrawForm(DeskForm):
    """Only the token."""


def complain(field: Any, sentence: str) -> None:
    """Put a complaint of the use case beside its field."""
    field.errors = [*field.errors, sentence]


def wrong_password(wait_seconds: int) -> str:
    """The sentence for a password that is not the officer's."""
    if wait_seconds:
        return _("Kata sandi ini tidak cocok. Tunggu %(n)s detik sebelum mencoba lagi.", n=wait_seconds)
    return _("Kata sandi ini tidak cocok.")


def password_fault(code: str) -> str:
    """What is wrong with a new password, in a sentence."""
    return {
        "same": _("Ini kata sandi yang lama. Pilih yang lain."),
        "short": _("Terlalu pendek: paling sedikit %(least)s huruf.", least=passwords.LEAST),
        "long": _("Terlalu panjang: paling banyak %(most)s huruf.", most=passwords.MOST),
        "simple": _("Terlalu mudah ditebak: huruf yang sama berulang-ulang."),
        "own_name": _("Terlalu mudah ditebak: hampir sama dengan nama masuk Anda."),
    }.get(code, _("Pilih kata sandi yang lain."))
