"""The forms of the way back: the eight words, and what the reporter writes to the inspectors."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from whistle.services.followup import MESSAGE_LIMIT
from whistle.web.forms.fields import AtMost, ChannelForm, LineField, TextField, required


class WordsForm(ChannelForm):
    """The receipt's words; and, when a visit took too long, the text that was on its way (never sent by itself)."""

    kata = LineField(
        _l("Kode laporan Anda (delapan kata)"),
        description=_l("Ketik kata-katanya dengan spasi. Huruf besar atau kecil sama saja; empat huruf pertama cukup."),
        validators=required("Ketik delapan kata dari kode laporan Anda."),
    )
    teks = TextField()
    pertanyaan = HiddenField()


class MessageForm(ChannelForm):
    """A message, or the answer to the question ``pertanyaan``. ``nomor`` makes sending the same text twice harmless."""

    kunci = HiddenField()
    nomor = HiddenField()
    pertanyaan = HiddenField()
    teks = TextField(
        _l("Pesan Anda"),
        validators=[*required("Tulis dulu pesannya, lalu kirim."), AtMost(MESSAGE_LIMIT)],
    )

    def may_be_without_words(self) -> None:
        """For a message whose files say it all."""
        self.teks.validators = self.teks.validators[1:]
