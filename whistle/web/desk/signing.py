"""The recipients manifest: choose what changes, see it whole, sign it with the password entered again; its history."""

from collections.abc import Iterable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.casefile.manifest import Reader
from whistle.services import admission, people
from whistle.services.enrolment import words_of
from whistle.services.proposal import Choices, Proposal
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.web.desk import officer_words
from whistle.web.desk.account_forms import complain
from whistle.web.desk.blueprint import desk
from whistle.web.desk.chosen import packed, unpacked
from whistle.web.desk.fields import DeskForm
from whistle.web.desk.here import ctx, officer
from whistle.web.desk.officer_forms import ActingForm, AdmitForm, DelegateForm, PlainForm, SignForm, refused_field
from whistle.web.desk.say import _
from whistle.web.guard import needs


@desk.route("/petugas/daftar", methods=["GET", "POST"])
@needs("manifest.sign")
def changes() -> ResponseReturnValue:
    """Whom to admit and to remove. A POST shows what would be signed and changes nothing."""
    there = admission.desk(ctx(), officer())
    form = AdmitForm(request.form)
    form.admit.choices = [(row.officer.hex(), row.name) for row in there.waiting]
    form.remove.choices = [(r.id.hex(), r.name) for r in there.directory.current.readers if r.id != officer().id]
    refused = None
    if request.method == "POST" and form.validate():
        admit, remove = (tuple(bytes.fromhex(i) for i in f.data or ()) for f in (form.admit, form.remove))
        try:
            return _review(Choices(admit=admit, remove=remove))
        except Refusal as refusal:
            refused = refusal
    return render_template(
        "desk/changes.html",
        form=form,
        there=there,
        words={row.officer: words_of(row) for row in there.waiting},
        post=officer_words.post,
        reads=officer_words.reads,
        days_left=officer_words.days_left,
        refused=officer_words.sentence(refused) if refused else "",
    ), 422 if refused or form.errors else 200


@desk.route("/petugas/tugas", methods=["GET", "POST"])
@needs("manifest.sign")
def acting() -> ResponseReturnValue:
    """Plt and Plh: those in the manifest, and a new one."""
    there = admission.desk(ctx(), officer())
    now = there.directory.current
    form = ActingForm(request.form, people=_named(there, now.readers))
    refused = None
    if request.method == "POST":
        try:
            if "akhiri" in request.form:
                if PlainForm(request.form).validate():
                    return _review(Choices(end_acting=(_at(now.acting, request.form["akhiri"]),)))
            elif form.validate():
                return _review(Choices(act=(form.acting(),)))
        except Refusal as refusal:
            refused = _beside(form, refusal)
    return render_template(
        "desk/acting.html",
        form=form,
        there=there,
        acting_words=officer_words.acting_words,
        refused=refused,
    ), 422 if refused or form.errors else 200


@desk.route("/petugas/delegasi", methods=["GET", "POST"])
@needs("manifest.sign")
def delegation() -> ResponseReturnValue:
    """Whom the root lets sign, for which tracks and until when. The root alone changes it; the others see it."""
    there = admission.desk(ctx(), officer())
    now = there.directory.current
    may = [reader for reader in now.readers if reader.role in admission.SIGNING_ROLES]
    form = DelegateForm(request.form, people=_named(there, may))
    refused = None
    if request.method == "POST":
        try:
            if "cabut" in request.form:
                if PlainForm(request.form).validate():
                    return _review(Choices(undelegate=(_at(now.delegations, request.form["cabut"]).officer,)))
            elif form.validate():
                return _review(Choices(delegate=(form.delegate(),)))
        except Refusal as refusal:
            refused = _beside(form, refusal)
    return render_template(
        "desk/delegation.html",
        form=form,
        there=there,
        delegation_words=officer_words.delegation_words,
        refused=refused,
    ), 422 if refused or form.errors else 200


@desk.get("/petugas/tanda-tangan")
@needs("manifest.sign")
def back_to_changes() -> ResponseReturnValue:
    """The form's address typed or reloaded as a page."""
    return redirect(url_for(".changes"), 303)


@desk.post("/petugas/tanda-tangan")
@needs("manifest.sign")
def sign() -> ResponseReturnValue:
    form, refused = SignForm(request.form), None
    try:
        choices = unpacked(form.chosen.data or "")
        if form.validate():
            try:
                admission.sign(ctx(), officer(), choices, form.digest.data or "", form.password.data or "")
                return redirect(url_for(".officers", selesai="ditandatangani"), 303)
            except WrongPassword as wrong:
                form.refuse(wrong)
            except Refusal as refusal:
                refused = refusal
        return _review(choices, form, refused)
    except Refusal as refusal:  # what was chosen makes no sense any more: choose again
        return render_template("desk/not_signed.html", refused=officer_words.sentence(refused or refusal)), 422


@desk.get("/petugas/riwayat")
@needs("officers.view")
def manifests() -> ResponseReturnValue:
    told = people.history(ctx(), officer())
    return render_template("desk/manifests.html", told=told, lines=officer_words.lines)


def _review(choices: Choices, form: SignForm | None = None, refused: Refusal | None = None) -> ResponseReturnValue:
    """The page that shows everything that would be signed. Raises Refusal when that cannot be."""
    shown: Proposal = admission.review(ctx(), officer(), choices)
    tried = form is not None
    form = form or SignForm()
    form.chosen.data, form.digest.data = packed(choices), shown.digest
    there = admission.desk(ctx(), officer())
    before, admitted = there.directory.current, {row.officer for row in shown.admitted}
    return render_template(
        "desk/review.html",
        form=form,
        shown=shown,
        changed=officer_words.lines(shown.changes, before, shown.manifest),
        words={row.officer: words_of(row) for row in shown.admitted},
        suspended=[r.name for r in shown.manifest.readers if r.id in there.suspended - admitted],
        post=officer_words.post,
        reads=officer_words.reads,
        refused=officer_words.sentence(refused) if refused else "",
    ), 422 if tried else 200


def _at(entries: tuple[Any, ...], text: str) -> Any:
    """The entry whose number the button named. Raises Refusal "gone"."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
    if not 0 <= number < len(entries):
        raise Refusal("gone")
    return entries[number]


def _beside(form: DeskForm, refusal: Refusal) -> str:
    """Put a refusal beside the field that it is about, and return ""; or return it for the top of the page."""
    field = refused_field(form, refusal)
    if field is None:
        return officer_words.sentence(refusal)
    complain(field, officer_words.sentence(refusal))
    return ""


def _named(there: admission.Desk, readers: Iterable[Reader]) -> list[tuple[str, str]]:
    """The choices of a list of people, by name; who is suspended is marked, and refused when chosen."""
    told = [(r.id.hex(), f"{r.name} ({_('ditangguhkan')})" if r.id in there.suspended else r.name) for r in readers]
    return sorted(told, key=lambda one: one[1].casefold())
