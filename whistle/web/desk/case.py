"""One case: before anything is read, the question about conflict; then thread and file side by side."""

from collections import defaultdict

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.domain.categories import CATEGORIES
from whistle.services import casework, retention
from whistle.services.refusals import Refusal
from whistle.services.views import CaseView
from whistle.services.work import Seen
from whistle.web.desk.answers import answers
from whistle.web.desk.blueprint import desk
from whistle.web.desk.exhibit_words import cards
from whistle.web.desk.fields import ActionForm
from whistle.web.desk.forms import DeclareForm, OpenForm
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.offers import done_words, move_offers, offers, unit_button, usual_unit
from whistle.web.desk.refusals import sentence
from whistle.web.guard import needs


@desk.get("/kasus/<case>")
@needs("case.open")
def case(case: str) -> ResponseReturnValue:
    return page(casework.open_case(ctx(), officer(), sixteen(case)))


@desk.get("/kasus/<case>/<any(telaah, tanya, balas, catat, lampirkan, unit, pindah, tahan, lepas, nyatakan):_action>")
@needs("case.open")
def back_to_case(case: str, _action: str) -> ResponseReturnValue:
    """A form's address typed or reloaded as a page leads back to the case."""
    return redirect(url_for(".case", case=case), 303)


@desk.post("/kasus/<case>/nyatakan")
@needs("case.open")
def declare(case: str) -> ResponseReturnValue:
    """The officer says that there is no conflict of interest; from here on the case may be read."""
    if DeclareForm(request.form).validate():
        casework.declare(ctx(), officer(), sixteen(case))
    return redirect(url_for(".case", case=case), 303)


def page(
    view: CaseView,
    tried: tuple[str, ActionForm] | None = None,
    refused: Refusal | None = None,
    before: Seen | None = None,
) -> ResponseReturnValue:
    """The case's page; with the form that came back and why, when one did.

    What was written after ``before`` is marked as new.
    """
    status = 200 if tried is None and refused is None else 422
    said = sentence(refused) if refused else ""
    if not view.declared:
        return render_template("desk/declare.html", case=view, form=DeclareForm(), refused=said), status
    return render_template(
        "desk/case.html",
        case=view,
        answers=answers(view.complaint) if view.complaint else [],
        offers=offers(view, officer(), tried),
        listed=retention.listed(ctx(), officer(), view.id) if view.summary and view.summary.closed else None,
        tried=tried,
        refused=said,
        came_back=_form_id(*tried) if tried else "",
        before=before,
        done=done_words(request.args.get("selesai", "")) if status == 200 else "",
        moves=move_offers(view, officer(), tried),
        may_close=view.may_close and officer().may("case.close"),
        unit_button=unit_button,
        categories=CATEGORIES.values(),
        exhibits=defaultdict(list, cards(view)),
        open_form=OpenForm(),
        usual_unit=usual_unit(view.summary) if view.summary else "",
        today=ctx().clock.today(),
    ), status


def _form_id(code: str, form: ActionForm) -> str:
    """The id under which the case's page shows a form."""
    return f"move-{form['to'].data.lower()}" if code == "move" else code
