"""An officer attaches files of their own: an LHP, a letter, photographs of the inspection."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from whistle.casefile.attachments import Stored
from whistle.services import evidence, exhibits
from whistle.services.evidence import Upload
from whistle.services.refusals import Refusal
from whistle.store.errors import StoreError, StoreUnavailable
from whistle.web.attachment_words import trouble_words
from whistle.web.desk.actions import again, shown_again
from whistle.web.desk.blueprint import desk
from whistle.web.desk.fields import tidy
from whistle.web.desk.forms import AttachForm
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.say import _
from whistle.web.guard import needs
from whistle.web.incoming import Incoming, the_request


@desk.post("/kasus/<case>/lampirkan")
@needs("case.attach")
def attach(case: str) -> ResponseReturnValue:
    """Store the files with a word on them, all or none: whatever is wrong is said by name, and the text is kept."""
    the_request().take_files(ctx())
    form = AttachForm(request.form)
    came = list(the_request().incoming())
    troubles = _troubles(came)
    if not form.validate() or troubles or not came:
        evidence.drop(ctx(), _came(came))
        return _not_taken(case, form, [*troubles, _choose_again() if came else _("Pilih berkasnya.")])
    try:
        uploads = _taken_in(came)
    except StoreError:
        return _not_taken(case, form, [_not_now(), _choose_again()])
    try:
        exhibits.attach(ctx(), officer(), sixteen(case), form.action, form.text.data or "", uploads)
    except Refusal as refused:
        evidence.drop(ctx(), _stored(uploads))
        form.berkas.errors = [_choose_again()]
        return again("attach", case, form, refused)
    except StoreUnavailable:  # nobody knows whether they are attached: the night's sweep takes what is not
        return shown_again("attach", case, form)
    return redirect(url_for(".case", case=case, selesai="attach", _anchor="selesai"), 303)


def _troubles(came: list[tuple[str, Incoming]]) -> list[str]:
    """What is wrong with the files that came; that they are too many is said once, of all of them."""
    named = [_trouble(one.refused, name) for name, one in came if one.refused not in ("", "many")]
    if any(one.refused == "many" for _name, one in came):
        most = ctx().settings.files
        named.insert(0, _("Anda memilih %(n)s berkas; paling banyak %(most)s sekali kirim.", n=len(came), most=most))
    return named


def _trouble(why: str, name: str) -> str:
    """Why a file was not taken: "large", "empty", or that the store takes nothing now."""
    if why == "unavailable":
        return _not_now()
    limits = ctx().settings
    return trouble_words(why, name, limits.files, limits.file_mib)


def _not_now() -> str:
    return _("Penyimpanan berkas sedang tidak bisa dipakai. Coba lagi dua menit lagi.")


def _taken_in(came: list[tuple[str, Incoming]]) -> list[Upload]:
    """All of them stored and cleaned; where one is not, none. Raises StoreError."""
    installation, uploads = ctx().lately().installation, list[Upload]()
    try:
        for name, one in came:
            if one.stored is not None:
                uploads.append(evidence.take_in(ctx(), installation, one.stored, tidy(name)))
    except StoreError:
        evidence.drop(ctx(), [*_came(came), *_stored(uploads)])
        raise
    return uploads


def _came(came: list[tuple[str, Incoming]]) -> list[Stored]:
    return [one.stored for _name, one in came if one.stored]


def _stored(uploads: list[Upload]) -> list[Stored]:
    return [stored for upload in uploads for stored in (upload.sent, upload.cleaned) if stored]


def _not_taken(case: str, form: AttachForm, troubles: list[str]) -> ResponseReturnValue:
    """The page again with the text; the browser keeps no files, so they are chosen anew."""
    form.berkas.errors = [" ".join(dict.fromkeys(troubles))]
    return again("attach", case, form, None)


def _choose_again() -> str:
    return _("Belum ada yang tersimpan: pilih sekali lagi semua berkasnya.")
