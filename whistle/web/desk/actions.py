"""What an officer does to a case, one short form each. Where the deed is refused the page comes back with the text."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import casework, holding, routing
from whistle.services.casework import Triage
from whistle.services.listing import case_of
from whistle.services.refusals import Refusal
from whistle.store.database import StoreUnavailable
from whistle.web.desk.blueprint import desk
from whistle.web.desk.case import page
from whistle.web.desk.fields import ActionForm
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.offers import MAKERS, action_words, seen_of
from whistle.web.errors import RETRY_SECONDS
from whistle.web.guard import needs


@desk.post("/kasus/<case>/telaah")
@needs("case.triage")
def triage(case: str) -> ResponseReturnValue:
    def do(form: Any) -> None:
        casework.triage(ctx(), officer(), sixteen(case), form.action, Triage(
            title=form.title.data, category=form.category.data, office=form.office.data, service=form.service.data,
            people=form.people.data or "", amount_asked=form.amount_asked.amount, amount_paid=form.amount_paid.amount,
            priority=form.priority.data, victims=form.victims.data,
        ), form.before)  # fmt: skip

    return perform("triage", case, do)


@desk.post("/kasus/<case>/tanya")
@needs("case.ask")
def ask(case: str) -> ResponseReturnValue:
    return perform("ask", case, lambda form: casework.ask(
        ctx(), officer(), sixteen(case), form.action, form.text.data, form.before
    ))  # fmt: skip


@desk.post("/kasus/<case>/balas")
@needs("case.answer")
def reply(case: str) -> ResponseReturnValue:
    return perform("reply", case, lambda form: casework.reply(
        ctx(), officer(), sixteen(case), form.action, form.text.data, form.before
    ))  # fmt: skip


@desk.post("/kasus/<case>/catat")
@needs("case.note")
def note(case: str) -> ResponseReturnValue:
    return perform(
        "note", case, lambda form: casework.note(ctx(), officer(), sixteen(case), form.action, form.text.data)
    )


@desk.post("/kasus/<case>/unit")
@needs("case.route")
def route(case: str) -> ResponseReturnValue:
    return perform("route", case, lambda form: routing.route(
        ctx(), officer(), sixteen(case), form.action, form.unit.data, form.reason.data, form.before
    ))  # fmt: skip


@desk.post("/kasus/<case>/tahan")
@needs("case.hold")
def hold(case: str) -> ResponseReturnValue:
    return perform("hold", case, lambda form: holding.hold(
        ctx(), officer(), sixteen(case), form.action, form.text.data, form.before
    ))  # fmt: skip


@desk.post("/kasus/<case>/lepas")
@needs("case.release")
def release(case: str) -> ResponseReturnValue:
    return perform("release", case, lambda form: holding.release(
        ctx(), officer(), sixteen(case), form.action, form.text.data, form.before
    ))  # fmt: skip


@desk.post("/kasus/<case>/pindah")
@needs("case.move")
def move(case: str) -> ResponseReturnValue:
    def do(form: Any) -> None:
        parent = form.extra.get("merged_into")
        if parent and case_of(ctx(), officer(), parent) is None:
            raise Refusal("unknown_register", register=parent)
        casework.move(
            ctx(), officer(), sixteen(case), form.action,
            form.to.data, form.reason.data, form.public_text.data or "", form.extra, form.before,
        )  # fmt: skip

    return perform("move", case, do)


def perform(code: str, case: str, do: Callable[[Any], None]) -> ResponseReturnValue:
    """Check the form, do the deed, and go back to the case; or show the page again with what was typed.

    After a deed the answer is a redirect, so a reload repeats nothing; a second sending of the same form carries the
    same action id, which the service has seen.
    """
    form = MAKERS[code](request.form)
    if not form.validate():
        return again(code, case, form, None)
    try:
        do(form)
    except Refusal as refused:
        return again(code, case, form, refused)
    except StoreUnavailable:
        return shown_again(code, case, form)
    return redirect(url_for(".case", case=case, selesai=code, _anchor="selesai"), 303)


def again(code: str, case: str, form: ActionForm, refused: Refusal | None) -> ResponseReturnValue:
    """The case's page with the form as typed. Opening it once more is a look, and is recorded as one."""
    view, before = casework.open_case(ctx(), officer(), sixteen(case)), form.before
    if refused:
        form.seen.data = seen_of(view)  # the page shows it now, so a second sending is a considered one
    return page(view, (code, form), refused, before)


def shown_again(
    code: str, case: str, form: ActionForm, refused: str = "", trouble: str = "unavailable"
) -> ResponseReturnValue:
    """The text on a page of its own: the case no longer waits for it (``refused``), or there is trouble.

    ``trouble``: "unavailable" (the store takes nothing now) or "broken" (a mistake of ours).
    """
    said = action_words(code, form)
    page = render_template(
        "desk/resume.html",
        form=form,
        words=said,
        target=request.path,
        back=url_for(".case", case=case),
        refused=refused,
        trouble="" if refused else trouble,
    )
    if refused:
        return page, 422
    return (page, 503, {"Retry-After": RETRY_SECONDS}) if trouble == "unavailable" else (page, 500)
