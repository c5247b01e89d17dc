"""Come back with the eight words: read how far it is, answer questions, add what was forgotten.

There is no session. A page's forms carry what opens the case, sealed under a key that lives an hour
(`whistle.web.channel.hour_key`). Whatever fails on the way, what was typed comes back with the answer, also what was
typed in another box than the one that was sent (`whistle.web.channel.boxes`).
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from whistle.casefile.reading import CaseBroken
from whistle.crypto.receipt import ReceiptError
from whistle.crypto.suite import Refused
from whistle.domain.complaint import Complaint
from whistle.domain.results import RESULTS
from whistle.domain.stages import STAGES
from whistle.services import followup
from whistle.services.followup import Deleted, ReporterView, UnknownReceipt
from whistle.web.channel import boxes as boxes_
from whistle.web.channel.answers import answers
from whistle.web.channel.boxes import Box
from whistle.web.channel.here import UNAVAILABLE, WRONG, asks_other_language, ctx, forget_old_keys, open_root, seal_root
from whistle.web.errors import RETRY_SECONDS
from whistle.web.forms.follow import MessageForm, WordsForm
from whistle.web.guard import public
from whistle.web.headers import takes_files
from whistle.web.i18n import gettext as _

NUMBER = re.compile(r"[0-9a-f]{32}")
Boxes = Mapping[str, Box]


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/lacak", "follow", ask_words, methods=["GET"])
    pages.add_url_rule("/lacak", "open", open_case, methods=["POST"])
    pages.add_url_rule("/lacak/pesan", "message", add_message, methods=["POST"])


@public
def ask_words() -> ResponseReturnValue:
    """The form for the eight words."""
    forget_old_keys()
    return _words_page(WordsForm(formdata=None), {})


@public
def open_case() -> ResponseReturnValue:
    """Open the case with the words; a text that was on its way is put into its box again, not sent."""
    boxes, form = boxes_.of_form(ctx()), WordsForm(request.form)
    if asks_other_language():
        return _words_page(form, boxes)
    if not form.validate():
        return _words_page(form, boxes), WRONG
    try:
        view = followup.open_with_words(ctx(), form.kata.data)
    except ReceiptError as error:
        form.kata.errors = [_about_words(error)]
        return _words_page(form, boxes), WRONG
    except UnknownReceipt:
        form.kata.errors = [_("Tidak ada laporan dengan kode ini. Periksa kata-katanya, juga urutannya.")]
        return _words_page(form, boxes), WRONG
    except Deleted as deleted:
        return _deleted_page(deleted, boxes)
    except (*UNAVAILABLE, CaseBroken):
        return _not_now(form.sent_again(), boxes, "open")
    return _case_page(view, boxes, notice="kept" if _used(boxes) else "")


@public
def add_message() -> ResponseReturnValue:
    """Store a message or an answer, once, and show the case again with what the other boxes hold."""
    boxes, question = boxes_.of_form(ctx()), boxes_.pressed()
    try:
        root = open_root(request.form.get("kunci", ""))
    except Refused:
        return _expired(boxes)
    try:
        if question is None:
            kept = "kept" if _used(boxes) and not asks_other_language() else ""
            return _case_page(followup.open_with_root(ctx(), root), boxes, kept)
        box = boxes.get(question, Box(question))
        files = box.files
        complaint = MessageForm.complaint(box.text, without_words=bool(files.chosen or files.troubles))
        if not complaint and not files.troubles and not files.undecided:
            if box.text or files.attachments():
                return _stored(box, boxes, root)
            complaint = _("Centang berkas yang mau Anda kirim, atau tulis pesannya.")
        notice = "" if complaint else "troubles" if files.troubles else "undecided"
        boxes = {**boxes, question: replace(box, complaint=complaint)}
        return _case_page(followup.open_with_root(ctx(), root), boxes, notice, question), WRONG
    except UnknownReceipt:
        return _expired(boxes)
    except Deleted as deleted:
        return _deleted_page(deleted, boxes)
    except (*UNAVAILABLE, CaseBroken):
        own = [(name, request.form.get(name, "")) for name in ("kunci", "nomor", "pertanyaan")]
        return _not_now(own, boxes, "message")


def _stored(box: Box, boxes: Boxes, root: bytes) -> ResponseReturnValue:
    try:
        question = bytes.fromhex(box.question) if box.question else None
        followup.add(ctx(), root, _message_id(box), box.text, question, box.files.attachments())
    except ValueError:
        return _case_page(followup.open_with_root(ctx(), root), boxes, "answered"), WRONG
    others = {**boxes, box.question: Box(box.question, removed=box.removed)}
    return _case_page(followup.open_with_root(ctx(), root), others, "stored", sent=box)


def _used(boxes: Boxes) -> list[Box]:
    return [box for box in boxes.values() if box.used]


def _expired(boxes: Boxes) -> str:
    return _words_page(WordsForm(formdata=None), boxes, expired=True)


def _message_id(box: Box) -> bytes:
    """The same for the same text sent twice from one page, another for another text: nothing doubled, nothing lost."""
    number = request.form.get("nomor", "")
    parts = "\0".join((number if NUMBER.fullmatch(number) else "", box.question, box.text))
    return hashlib.sha256(b"peluit/v1/message" + parts.encode()).digest()[:16]


def _words_page(form: WordsForm, boxes: Boxes, expired: bool = False) -> str:
    return render_template("channel/words.html", form=form, boxes=_used(boxes), expired=expired)


def _case_page(view: ReporterView, boxes: Boxes, notice: str = "", question: str = "", sent: Box | None = None) -> str:
    """The case as the reporter sees it, with a form that carries on for an hour.

    ``question``: whose box the notice is about. ``sent``: the box that was just stored.
    """
    placed = boxes_.placed(boxes, [one.id.hex() for one in view.questions])
    used = _used(placed)
    takes_files()
    complaint = next((item.data["complaint"] for item in view.thread if item.kind == "complaint"), None)
    return render_template(
        "channel/case.html",
        view=view,
        boxes=placed,
        about=used[0] if notice == "kept" and used else placed.get(question, placed[""]),
        others=[box for box in placed.values() if box.used or box.files.troubles],
        removed=frozenset(kind for box in placed.values() for kind in box.removed),
        notice=notice,
        sent=sent,
        token=seal_root(view.root),
        number=secrets.token_hex(16),
        answers=answers(Complaint.from_dict(complaint)) if complaint else [],
        stages=STAGES,
        result=RESULTS.get(view.result),
    )


def _deleted_page(deleted: Deleted, boxes: Boxes) -> str:
    """What was typed for a report that is gone stands there to be copied."""
    return render_template("channel/deleted.html", received=deleted.received, deleted=deleted.day, boxes=_used(boxes))


def _not_now(own: Iterable[tuple[str, str]], boxes: Boxes, view: str) -> ResponseReturnValue:
    """``own``: what the form has besides its boxes."""
    page = render_template("channel/not_stored.html", own=list(own), boxes=_used(boxes), view=view)
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
