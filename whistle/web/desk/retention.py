"""What is over: choose and sign a list, sign a colleague's, stop one. Nothing is deleted here (`services.purging`)."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.domain.retention import KEEPS, WAIT
from whistle.services import retention
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.web.desk.account_forms import ReentryForm
from whistle.web.desk.blueprint import desk
from whistle.web.desk.fields import BoxesField, DeskForm
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.retention_words import apart_words, done_words, sentence
from whistle.web.guard import needs

SAID = {"usul": "proposed", "setuju": "signed"}  # what was just done, and how the list stands while that is news


class ProposeForm(ReentryForm):
    """Which cases; each box is one that the page shows."""

    cases = BoxesField(validate_choice=False)  # what a colleague listed meanwhile is told in words


class ListForm(DeskForm):
    """Only the token: to take a list back, or to stop it."""


@desk.route("/penyimpanan", methods=["GET", "POST"])
@needs("retention.propose")
def retention_page() -> ResponseReturnValue:
    """What is over, and the lists. A POST signs a list as the first of two."""
    there = retention.desk(ctx(), officer())
    form, refused = ProposeForm(request.form), ""
    form.cases.choices = [(line.case.hex(), "") for line in there.over]
    chosen = form.cases.data or ()
    if "semua" in request.args:
        chosen = [line.case.hex() for line in there.over]
    if request.method == "POST" and form.validate():
        try:
            made = retention.propose(ctx(), officer(), map(sixteen, chosen), form.password.data or "")
            return redirect(url_for(".retention_list", which=made.hex(), selesai="usul"), 303)
        except WrongPassword as wrong:
            form.refuse(wrong)
        except Refusal as refusal:
            refused = sentence(refusal)
    return render_template(
        "desk/retention.html",
        there=there,
        form=form,
        refused=refused,
        chosen=chosen,
        apart_words=apart_words,
        done=done_words(request.args.get("selesai", "")),
        keeps=sorted(KEEPS.values(), key=lambda keep: keep.years),
        wait=WAIT.days,
    ), 422 if refused or form.errors else 200


@desk.route("/penyimpanan/<which>", methods=["GET", "POST"])
@needs("retention.propose")
def retention_list(which: str) -> ResponseReturnValue:
    """One list with its cases. A POST signs it as the second person, who may."""
    form, refused = ReentryForm(request.form), ""
    if request.method == "POST" and form.validate():
        try:
            retention.approve(ctx(), officer(), sixteen(which), form.password.data or "")
            return redirect(url_for(".retention_list", which=which, selesai="setuju"), 303)
        except WrongPassword as wrong:
            form.refuse(wrong)
        except Refusal as refusal:
            refused = sentence(refusal)
    return _list(which, form, refused)


@desk.post("/penyimpanan/<which>/tarik")
@needs("retention.propose")
def retention_withdraw(which: str) -> ResponseReturnValue:
    return _undone(which, "tarik", lambda: retention.withdraw(ctx(), officer(), sixteen(which)))


@desk.post("/penyimpanan/<which>/hentikan")
@needs("retention.propose")
def retention_stop(which: str) -> ResponseReturnValue:
    return _undone(which, "henti", lambda: retention.stop(ctx(), officer(), sixteen(which)))


def _undone(which: str, said: str, undo: Callable[[], None]) -> ResponseReturnValue:
    plain = ListForm(request.form)
    if not plain.validate():
        return _list(which, ReentryForm(), "", plain)
    try:
        undo()
    except Refusal as refusal:
        return _list(which, ReentryForm(), sentence(refusal))
    return redirect(url_for(".retention_page", selesai=said), 303)


def _list(which: str, form: ReentryForm, refused: str, plain: ListForm | None = None) -> ResponseReturnValue:
    plain = plain or ListForm()
    try:
        shown, lines = retention.review(ctx(), officer(), sixteen(which))
    except Refusal as refusal:  # a colleague took it back meanwhile
        return render_template("desk/retention_gone.html", refused=sentence(refusal)), 404
    return render_template(
        "desk/retention_list.html",
        shown=shown,
        lines=lines,
        form=form,
        plain=plain,
        refused=refused,
        done=done_words(said) if SAID.get(said := request.args.get("selesai", "")) == shown.state else "",
        why=apart_words(shown.why),
        wait=WAIT.days,
        city=ctx().settings.city,
        now=ctx().clock.now(),
    ), 422 if refused or form.errors or plain.errors else 200
