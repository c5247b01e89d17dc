"""Report: the form, a look before sending, the receipt. Nothing redirects to a receipt: no code in an address."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from whistle.casefile.reading import CaseBroken
from whistle.crypto.receipt import Receipt
from whistle.domain.deadlines import promises
from whistle.domain.public_services import ELSEWHERE, SERVICES
from whistle.domain.tracks import TRACKS
from whistle.services import intake
from whistle.web.channel import form_token
from whistle.web.channel.answers import answers
from whistle.web.channel.files import Files, of_form
from whistle.web.channel.here import UNAVAILABLE, WRONG, asks_other_language, ctx
from whistle.web.errors import RETRY_SECONDS
from whistle.web.forms.report import ReportForm
from whistle.web.guard import public
from whistle.web.headers import takes_files
from whistle.web.i18n import lang
from whistle.web.incoming import the_request

PLACE = "{token}"  # where the blank form's token goes; no token holds braces


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/lapor", "report", blank_form, methods=["GET"])
    pages.add_url_rule("/lapor", "look", look, methods=["POST"])
    pages.add_url_rule("/lapor/kirim", "send", send, methods=["POST"])
    pages.add_url_rule("/lapor/selesai", "done", done, methods=["GET"])


@public
def blank_form() -> ResponseReturnValue:
    """The form with a receipt of its own, which nobody has seen yet."""
    takes_files()
    return _blank().replace(PLACE, form_token.fresh(ctx()))


@public
def look() -> ResponseReturnValue:
    """Everything shown back before it is sent: the answers, what may give the reporter away, who will read."""
    files = of_form(ctx(), the_request())
    form = ReportForm(request.form)
    files = _in_time(files, _receipt_of(form))
    if asks_other_language():
        return _form_page(form, files, complain=False)
    if not form.validate() or files.troubles:
        return _form_page(form, files), WRONG
    return _look_page(form, files)


@public
def send() -> ResponseReturnValue:
    """Store the report and show its receipt; or go back to the form with everything kept ("Ubah")."""
    files = of_form(ctx(), the_request())
    form = ReportForm(request.form)
    receipt = _receipt_of(form)
    files = _in_time(files, receipt)
    changing = request.form.get("langkah") == "ubah"
    if not form.validate() or changing or files.troubles:
        return _form_page(form, files, complain=not changing), 200 if changing else WRONG
    if receipt is None:
        # A fresh receipt at each sending would double the report on a reload: so look once more, then send.
        return _look_page(form, files, renewed=True)
    try:
        accepted = intake.submit(ctx(), form.complaint(), receipt, files.attachments())
    except (*UNAVAILABLE, CaseBroken):
        page = render_template("channel/not_sent.html", form=form, files=files)
        return page, 503, {"Retry-After": RETRY_SECONDS}
    return render_template(
        "channel/receipt.html",
        words=receipt.words,
        accepted=accepted,
        files=files,
        promises=promises(accepted.received),
    )


@public
def done() -> ResponseReturnValue:
    """After the code was written down: what to do now."""
    return render_template("channel/done.html")


def _receipt_of(form: ReportForm) -> Receipt | None:
    """The receipt that the form carries; otherwise None, and the form carries a fresh one from now on."""
    receipt = form_token.receipt_of(ctx(), form.kunci.data or "")
    if receipt is None:
        form.kunci.data = form_token.fresh(ctx())
    return receipt


def _in_time(files: Files, receipt: Receipt | None) -> Files:
    """The files as they count for a form that may have been sent before, days ago."""
    if receipt is None or not files.waited:
        return files
    try:
        return files.sent_before(intake.attached_ids(ctx(), receipt))
    except CaseBroken:
        return files


def _blank() -> str:
    """The empty form in the page's language. It is the same for everybody but for its token, so it is made once."""
    kept: dict[str, str] = current_app.extensions.setdefault("peluit-blank-forms", {})
    if lang() not in kept or current_app.debug:
        form = ReportForm(formdata=None)
        form.kunci.data = PLACE
        kept[lang()] = _form_page(form, Files())
    return kept[lang()]


def _form_page(form: ReportForm, files: Files, complain: bool = True) -> str:
    if not complain:
        for field in form:
            field.errors = []
    takes_files()
    return render_template("channel/report.html", form=form, files=files, elsewhere=ELSEWHERE)


def _look_page(form: ReportForm, files: Files, renewed: bool = False) -> str:
    complaint = form.complaint()
    seen = intake.look(complaint)
    return render_template(
        "channel/look.html",
        form=form,
        files=files,
        answers=answers(complaint, seen.findings),
        found=bool(seen.findings),
        track=seen.track,
        stricter=any(other.strictness > seen.track.strictness for other in TRACKS.values()),
        tariff=SERVICES[complaint.service].tariff,
        renewed=renewed,
    )
