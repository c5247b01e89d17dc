"""Come back with the eight words: read how far it is, answer questions, add what was forgotten.

There is no session. A page's forms carry what opens the case, sealed under a key that lives an hour
(`whistle.web.channel.hour_key`). Whatever fails on the way, what was typed comes back with the answer.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field, replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from whistle.casefile.reading import CaseBroken
from whistle.crypto.receipt import ReceiptError
from whistle.crypto.suite import Refused
from whistle.domain.complaint import Complaint
from whistle.domain.results import RESULTS
from whistle.domain.stages import STAGES
from whistle.services import followup
from whistle.services.followup import ReporterView, UnknownReceipt
from whistle.web.channel.answers import answers
from whistle.web.channel.files import Files, of_form
from whistle.web.channel.here import UNAVAILABLE, asks_other_language, ctx, forget_old_keys, open_root, seal_root
from whistle.web.errors import RETRY_SECONDS
from whistle.web.forms.cleaning import Removed
from whistle.web.forms.follow import MessageForm, WordsForm
from whistle.web.guard import public
from whistle.web.headers import takes_files
from whistle.web.i18n import gettext as _
from whistle.web.incoming import the_request

WRONG = 422
NUMBER = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Draft:
    """What was typed and is not stored yet, for the general box (``question`` "") or a question's."""

    text: str = ""
    question: str = ""
    complaint: str = ""
    removed: frozenset[Removed] = frozenset()
    files: Files = field(default_factory=Files)


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/lacak", "follow", ask_words, methods=["GET"])
    pages.add_url_rule("/lacak", "open", open_case, methods=["POST"])
    pages.add_url_rule("/lacak/pesan", "message", add_message, methods=["POST"])


@public
def ask_words() -> ResponseReturnValue:
    """The form for the eight words."""
    forget_old_keys()
    return _words_page(WordsForm(formdata=None), Files())


@public
def open_case() -> ResponseReturnValue:
    """Open the case with the words; a text that was on its way is put into its box again, not sent."""
    files = of_form(ctx(), the_request())
    form = WordsForm(request.form)
    if asks_other_language():
        return _words_page(form, files)
    if not form.validate():
        return _words_page(form, files), WRONG
    try:
        view = followup.open_with_words(ctx(), form.kata.data)
    except ReceiptError as error:
        form.kata.errors = [_about_words(error)]
        return _words_page(form, files), WRONG
    except UnknownReceipt:
        form.kata.errors = [_("Tidak ada laporan dengan kode ini. Periksa kata-katanya, juga urutannya.")]
        return _words_page(form, files), WRONG
    except (*UNAVAILABLE, CaseBroken):
        return _not_now(WordsForm(request.form), files, "open")
    draft = Draft(form.teks.data or "", form.pertanyaan.data or "", removed=form.removed(), files=files)
    return _case_page(view, draft, notice="kept" if draft.text or files.chosen else "")


@public
def add_message() -> ResponseReturnValue:
    """Store a message or an answer, once, and show the case again."""
    files = of_form(ctx(), the_request())
    form = MessageForm(request.form)
    try:
        root = open_root(form.kunci.data or "")
    except Refused:
        return _expired(form, files)
    if files.chosen or files.troubles:
        form.may_be_without_words()
    try:
        complaint = "" if form.validate() else str(form.teks.errors[0])
        if not complaint and not files.troubles and not files.undecided:
            if form.teks.data or files.attachments():
                return _stored(form, files, root)
            complaint = _("Centang berkas yang mau Anda kirim, atau tulis pesannya.")
        draft = Draft(form.teks.data or "", form.pertanyaan.data or "", complaint, form.removed(), files)
        notice = "" if complaint else "troubles" if files.troubles else "undecided"
        return _case_page(followup.open_with_root(ctx(), root), draft, notice), WRONG
    except UnknownReceipt:
        return _expired(form, files)
    except (*UNAVAILABLE, CaseBroken):
        return _not_now(form, files, "message")


def _stored(form: MessageForm, files: Files, root: bytes) -> ResponseReturnValue:
    text, asked, attachments = form.teks.data or "", form.pertanyaan.data or "", files.attachments()
    try:
        question = bytes.fromhex(asked) if asked else None
        followup.add(ctx(), root, _message_id(form), text, question, attachments)
    except ValueError:
        view = followup.open_with_root(ctx(), root)
        return _case_page(view, Draft(text, removed=form.removed(), files=files), notice="answered"), WRONG
    view = followup.open_with_root(ctx(), root)
    return _case_page(view, Draft(removed=form.removed()), notice="stored", sent=files, sent_words=bool(text))


def _expired(form: MessageForm, files: Files) -> str:
    carried = WordsForm(formdata=None, teks=form.teks.data, pertanyaan=form.pertanyaan.data)
    return _words_page(carried, files, expired=True)


def _message_id(form: MessageForm) -> bytes:
    """The same for the same text sent twice from one page, another for another text: nothing doubled, nothing lost."""
    number = form.nomor.data if NUMBER.fullmatch(form.nomor.data or "") else ""
    parts = "\0".join((number or "", form.pertanyaan.data or "", form.teks.data or ""))
    return hashlib.sha256(b"peluit/v1/message" + parts.encode()).digest()[:16]


def _words_page(form: WordsForm, files: Files, expired: bool = False) -> str:
    return render_template("channel/words.html", form=form, files=files, expired=expired)


def _case_page(
    view: ReporterView, draft: Draft, notice: str = "", sent: Files | None = None, sent_words: bool = True
) -> str:
    """The case as the reporter sees it, with forms that carry on for an hour.

    ``sent``: files that were just stored; ``sent_words``: whether there were words with them.
    """
    open_questions = {question.id.hex() for question in view.questions}
    if draft.question not in open_questions:
        draft = replace(draft, question="")
    takes_files()
    complaint = next((item.data["complaint"] for item in view.thread if item.kind == "complaint"), None)
    return render_template(
        "channel/case.html",
        view=view,
        draft=draft,
        removed=draft.removed,
        notice=notice,
        sent=sent,
        sent_words=sent_words,
        no_files=Files(),
        token=seal_root(view.root),
        number=secrets.token_hex,
        answers=answers(Complaint.from_dict(complaint)) if complaint else [],
        stages=STAGES,
        result=RESULTS.get(view.result),
    )


def _not_now(form: WordsForm | MessageForm, files: Files, view: str) -> ResponseReturnValue:
    page = render_template("channel/not_stored.html", form=form, files=files, view=view)
    return page, 503, {"Retry-After": RETRY_SECONDS}


def _about_words(error: ReceiptError) -> str:
    if error.kind == "too_few":
        return _("Kodenya delapan kata. Masih ada yang kurang.")
    if error.kind == "too_many":
        return _("Kodenya delapan kata. Ini terlalu banyak. Hapus kata lain, misalnya “kode” di depannya.")
    said = _("Kata ke-%(place)s, “%(word)s”, tidak ada di daftar kami.", place=error.position, word=error.word)
    if error.suggestions:
        words = _(" atau ").join(f"“{word}”" for word in error.suggestions)
        said += " " + _("Mungkin maksud Anda %(words)s?", words=words)
    return said
