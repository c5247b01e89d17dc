"""Close a case; and the second person's page, which shows what is to be approved before it asks."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import casework
from whistle.services.closing import approve as approve_closing
from whistle.services.closing import close as close_case
from whistle.services.closing import give_back as give_closing_back
from whistle.services.refusals import Refusal
from whistle.services.views import CaseView
from whistle.services.work import Seen
from whistle.store.database import StoreUnavailable
from whistle.web.desk.actions import shown_again
from whistle.web.desk.answers import answers
from whistle.web.desk.blueprint import desk
from whistle.web.desk.case import page
from whistle.web.desk.closing_form import ClosingForm, filled
from whistle.web.desk.closing_words import closing_words
from whistle.web.desk.fields import ActionForm
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.offers import MAKERS, new_form, seen_of, words
from whistle.web.desk.refusals import sentence
from whistle.web.guard import needs


@desk.get("/kasus/<case>/tutup")
@needs("case.close")
def closing_page(case: str) -> ResponseReturnValue:
    view = casework.open_case(ctx(), officer(), sixteen(case))
    if not view.declared or not view.may_close or view.summary is None:
        return redirect(url_for(".case", case=case), 303)
    so_far = {"amount_levied": view.summary.amount_paid, "victims": view.summary.victims}
    if view.given_back:
        so_far = filled(view.given_back.closing)
    return _closing(view, new_form("close", view, data=so_far), None)


@desk.post("/kasus/<case>/tutup")
@needs("case.close")
def close(case: str) -> ResponseReturnValue:
    form = ClosingForm(request.form)
    refused = None
    if form.validate():
        try:
            now = close_case(ctx(), officer(), sixteen(case), form.action, form.closing(), form.before)
        except Refusal as refusal:
            refused = refusal
        except StoreUnavailable:
            return shown_again("close", case, form)
        else:
            return _done(case, "closed" if now else "proposed")
    return _closing(casework.open_case(ctx(), officer(), sixteen(case)), form, refused)


@desk.get("/kasus/<case>/tutup/periksa")
@needs("case.approve")
def approval(case: str) -> ResponseReturnValue:
    view = casework.open_case(ctx(), officer(), sixteen(case))
    if not view.declared or view.closing is None:
        return redirect(url_for(".case", case=case), 303)
    return _approval(view, {}, None)


@desk.post("/kasus/<case>/tutup/setujui")
@needs("case.approve")
def approve(case: str) -> ResponseReturnValue:
    return _decide("approve", case)


@desk.post("/kasus/<case>/tutup/kembalikan")
@needs("case.approve")
def give_back(case: str) -> ResponseReturnValue:
    return _decide("give_back", case)


@desk.get("/kasus/<case>/tutup/<any(setujui, kembalikan):_decision>")
@needs("case.approve")
def back_to_approval(case: str, _decision: str) -> ResponseReturnValue:
    """A form's address typed or reloaded as a page leads back to what is to be decided."""
    return redirect(url_for(".approval", case=case), 303)


def _decide(code: str, case: str) -> ResponseReturnValue:
    form, refused = MAKERS[code](request.form), None
    if form.validate():
        try:
            if code == "approve":
                approve_closing(ctx(), officer(), sixteen(case), form.action, form["note"].data or "", form.before)
            else:
                give_closing_back(ctx(), officer(), sixteen(case), form.action, form["reason"].data, form.before)
        except Refusal as refusal:
            refused = refusal
        except StoreUnavailable:
            return shown_again(code, case, form)
        else:
            return _done(case, code)
    view = casework.open_case(ctx(), officer(), sixteen(case))
    if not view.declared:
        return page(view, None, refused)
    if view.closing is None and not any(form[name].data for name in ("note", "reason") if name in form):
        return page(view, None, refused, form.before)
    before = form.before if refused else None
    if refused:
        form.seen.data = seen_of(view)
    if view.closing is None:
        return shown_again(code, case, form, sentence(refused) if refused else "")
    return _approval(view, {code: form}, refused, before)


def _closing(view: CaseView, form: ActionForm, refused: Refusal | None) -> ResponseReturnValue:
    if not view.declared:
        return page(view, None, refused)
    status, before = 422 if refused or form.errors else 200, form.before if refused else None
    if refused:
        form.seen.data = seen_of(view)
    said = sentence(refused) if refused else ""
    return render_template(
        "desk/close.html",
        case=view,
        form=form,
        words=words("close"),
        refused=said,
        before=before,
        answers=answers(view.complaint) if view.complaint else [],
    ), status


def _approval(
    view: CaseView, tried: dict[str, ActionForm], refused: Refusal | None, before: Seen | None = None
) -> ResponseReturnValue:
    assert view.closing is not None  # noqa: S101 - the callers looked
    return render_template(
        "desk/approve.html",
        case=view,
        rows=closing_words(view.closing),
        may_approve=view.may_approve,
        approve=(tried.get("approve") or new_form("approve", view)).named("approve"),
        give_back=(tried.get("give_back") or new_form("give_back", view)).named("give_back"),
        approve_words=words("approve"),
        give_back_words=words("give_back"),
        refused=sentence(refused) if refused else "",
        before=before,
    ), 422 if tried or refused else 200


def _done(case: str, code: str) -> ResponseReturnValue:
    return redirect(url_for(".case", case=case, selesai=code), 303)
