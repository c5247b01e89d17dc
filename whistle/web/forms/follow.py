"""The forms of the way back: the eight words, and what the reporter writes to the inspectors."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from whistle.services.followup import MESSAGE_LIMIT
from whistle.web.forms.fields import AtMost, ChannelForm, LineField, TextField, required


class WordsForm(ChannelForm):
    """The receipt's words. What was on its way when a visit took too long goes beside them."""

    kata = LineField(
        _l("Kode laporan Anda (delapan kata)"),
        description=_l("Ketik kata-katanya dengan spasi. Huruf besar atau kecil sama saja; empat huruf pertama cukup."),
        validators=required("Ketik delapan kata dari kode laporan Anda."),
    )


class MessageForm(ChannelForm):
    """A message, or the answer to a question: what is in one box."""

    teks = TextField(validators=[*required("Tulis dulu pesannya, lalu kirim."), AtMost(MESSAGE_LIMIT)])

    @classmethod
    def complaint(cls, text: str, without_words: bool) -> str:
        """What is wrong with ``text``, in a sentence; "" for nothing. ``without_words``: files may say it all."""
        form = cls(MultiDict({"teks": text}))
        if without_words:
            form.teks.validators = form.teks.validators[1:]
        return "" if form.validate() else str(form.teks.errors[0])
