"""One exhibit: opened, looked at, played, printed, downloaded. Each look and each download is recorded first."""

import re

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.clean.result import NotCleaned
from whistle.services import exhibits, exhibits_all
from whistle.services.evidence import Vanished
from whistle.services.exhibits import Shown
from whistle.services.refusals import Refusal
from whistle.store.errors import FilesUnavailable
from whistle.web.desk import file_answer
from whistle.web.desk.blueprint import desk
from whistle.web.desk.exhibit_view import sheet_of
from whistle.web.desk.exhibit_words import file_name, label_of, our_name
from whistle.web.desk.forms import OpenForm
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.trouble import not_now
from whistle.web.errors import RETRY_SECONDS
from whistle.web.guard import needs
from whistle.web.headers import CSP

PLAYS = "; ".join(f"{name} {value}" for name, value in {**CSP, "media-src": "'self'"}.items())
NUMBER = re.compile(r"[0-9]{1,6}")


@desk.get("/kasus/<case>/berkas/<file>")
@needs("case.open")
def exhibit(case: str, file: str) -> ResponseReturnValue:
    """The exhibit's sheet; before somebody opened the file, what it is and the button that opens it."""
    shown = exhibits.show(ctx(), officer(), sixteen(case), sixteen(file))
    page = render_template(
        "desk/exhibit.html",
        case=case,
        file=file,
        form=OpenForm(),
        sheet=sheet_of(shown, sixteen(case)),
        now=ctx().clock.now(),
        city=ctx().settings.city,
    )
    answer = make_response(page, *((503, {"Retry-After": RETRY_SECONDS}) if shown.trouble == "away" else ()))
    answer.headers["Content-Security-Policy"] = PLAYS
    return answer


@desk.post("/kasus/<case>/berkas/<file>")
@needs("case.open")
def open_exhibit(case: str, file: str) -> ResponseReturnValue:
    """The first opening, which may take seconds; or another try where the first one failed."""
    if OpenForm(request.form).validate():
        exhibits.prepare(ctx(), officer(), sixteen(case), sixteen(file))
    return redirect(url_for(".exhibit", case=case, file=file), 303)


@desk.post("/kasus/<case>/berkas")
@needs("case.open")
def open_exhibits(case: str) -> ResponseReturnValue:
    """The first opening of all files of a case; what came of it stands at the list of files."""
    came = None
    if OpenForm(request.form).validate():
        came = exhibits_all.prepare_all(ctx(), officer(), sixteen(case))
    return redirect(url_for(".case", case=case, dibuka=came, _anchor="lampiran"), 303)


@desk.get("/kasus/<case>/berkas")
@needs("case.open")
def back_to_list(case: str) -> ResponseReturnValue:
    """The form's address typed or reloaded as a page."""
    return redirect(url_for(".case", case=case, _anchor="lampiran"), 303)


@desk.get("/kasus/<case>/berkas/<file>/isi")
@needs("case.open")
def exhibit_bytes(case: str, file: str) -> ResponseReturnValue:
    """What a page shows or plays, whole or in ranges, against the ticket that the page was given."""
    ticket = exhibits.redeem(officer(), request.args.get("t", ""))
    stored = ticket.stored
    if stored.media not in file_answer.IN_PLACE:
        abort(404)  # a document goes out as a download, which is recorded as one
    return file_answer.in_place(exhibits.content(ctx(), stored), stored.media, file_name(ticket.name, stored.media))


@desk.get("/kasus/<case>/berkas/<file>/halaman")
@needs("case.open")
def exhibit_page(case: str, file: str) -> ResponseReturnValue:
    """One page of a long document, with the way to the others."""
    text = request.args.get("t", "")
    ticket = exhibits.redeem(officer(), text)
    number = min(max(_number(), 1), ticket.pages)
    shown = {"label": label_of(ticket.name), "pages": ticket.pages, "number": number, "t": text}
    return render_template("desk/exhibit_page.html", case=case, file=file, **shown)


@desk.get("/kasus/<case>/berkas/<file>/gambar")
@needs("case.open")
def page_picture(case: str, file: str) -> ResponseReturnValue:
    """The picture of that page, made now."""
    ticket, number = exhibits.redeem(officer(), request.args.get("t", "")), _number()
    try:
        data = exhibits.page(ctx(), ticket, number)
    except NotCleaned as error:
        return _trouble(case, error.code, 422)
    return file_answer.picture(data, file_name(f"{ticket.name}_{number}", "image/jpeg"))


@desk.post("/kasus/<case>/berkas/<file>/unduh")
@needs("case.open")
def download_exhibit(case: str, file: str) -> ResponseReturnValue:
    """The cleaned file."""
    if not OpenForm(request.form).validate():
        return redirect(url_for(".exhibit", case=case, file=file), 303)
    return _handed_out(case, file, raw=False)


@desk.get("/kasus/<case>/berkas/<file>/asli")
@needs("case.open")
def warned(case: str, file: str) -> ResponseReturnValue:
    """What to know before the file as it was sent is downloaded."""
    shown = exhibits.show(ctx(), officer(), sixteen(case), sixteen(file))
    if shown.exhibit.raw is None:
        return redirect(url_for(".exhibit", case=case, file=file), 303)
    return render_template("desk/exhibit_raw.html", case=case, file=file, form=OpenForm(), shown=shown)


@desk.post("/kasus/<case>/berkas/<file>/asli")
@needs("case.open")
def download_raw(case: str, file: str) -> ResponseReturnValue:
    """The file as it was sent."""
    if not OpenForm(request.form).validate():
        return redirect(url_for(".warned", case=case, file=file), 303)
    return _handed_out(case, file, raw=True)


@desk.get("/kasus/<case>/berkas/<file>/unduh")
@needs("case.open")
def back_to_exhibit(case: str, file: str) -> ResponseReturnValue:
    """The form's address typed or reloaded as a page."""
    return redirect(url_for(".exhibit", case=case, file=file), 303)


@desk.errorhandler(Vanished)
def vanished(error: Exception) -> ResponseReturnValue:
    """A stored file is missing or was changed: said as such, with whom to call."""
    return _trouble(str((request.view_args or {}).get("case", "")), "gone", 409)


@desk.errorhandler(FilesUnavailable)
def away(error: Exception) -> ResponseReturnValue:
    """The store of files does not answer, and the database does: whoever asked for a file stays at the desk."""
    asked = request.view_args or {}
    if "case" not in asked or "file" not in asked:
        return not_now(error)
    page = render_template("desk/exhibit_trouble.html", case=asked["case"], file=asked["file"], why="away")
    return page, 503, {"Retry-After": RETRY_SECONDS}


@desk.errorhandler(Refusal)
def undeclared(error: Refusal) -> ResponseReturnValue:
    """Whoever did not declare yet is asked on the case's page, before any of its files."""
    case = (request.view_args or {}).get("case")
    if error.code != "declare_first" or case is None:
        raise error
    return redirect(url_for(".case", case=case), 303)


def _handed_out(case: str, file: str, raw: bool) -> Response:
    shown, stored = exhibits.hand_out(ctx(), officer(), sixteen(case), sixteen(file), raw)
    return file_answer.downloaded(exhibits.content(ctx(), stored), _name_of(shown, case, stored.media, raw))


def _name_of(shown: Shown, case: str, media: str, raw: bool) -> str:
    return file_name(our_name(shown.register, sixteen(case), shown.exhibit.label), media, raw)


def _trouble(case: str, why: str, status: int) -> ResponseReturnValue:
    return render_template("desk/exhibit_trouble.html", case=case, why=why), status


def _number() -> int:
    """The page that is asked for; 0 for what is no number."""
    typed = request.args.get("n", "").strip()
    return int(typed) if NUMBER.fullmatch(typed) else 0
