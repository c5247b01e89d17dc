"""Admin invites: the form, the link that is shown once, and its withdrawal."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import invitations
from whistle.services.invitations import Person, Stake
from whistle.services.refusals import Refusal
from whistle.web import qr
from whistle.web.desk import officer_words
from whistle.web.desk.account_forms import complain
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.officer_forms import InviteForm, UninviteForm, place_of, places, refused_field
from whistle.web.desk.say import _
from whistle.web.guard import needs


@desk.get("/petugas/undang")
@needs("officers.invite")
def invitation_page() -> ResponseReturnValue:
    """``masuk``, ``nama`` and ``unit`` fill the form in for somebody who is here already."""
    asked = request.args
    place = asked.get("unit", "")
    known = place if place in {code for code, _name in places()} else ""
    form = InviteForm(data={"login": asked.get("masuk", ""), "name": asked.get("nama", ""), "place": known})
    return _page(form)


@desk.post("/petugas/undang")
@needs("officers.invite")
def invite() -> ResponseReturnValue:
    """The link stands in this one answer and nowhere else: it is not stored, so no later page can show it.

    Whatever it would replace is asked first. So the page of the link, loaded again, says that the link was made.
    """
    form = InviteForm(request.form)
    if form.validate():
        try:
            stake = invitations.at_stake(ctx(), officer(), form.person)
            token = invitations.invite(ctx(), officer(), form.person, form.agreed.data or "")
            return _link(form.person, token, stake)
        except Refusal as refused:
            if refused.code != "at_stake":
                field = refused_field(form, refused)
                complain(field if field is not None else form.login, officer_words.sentence(refused))
    return _page(form, 422)


@desk.get("/petugas/<who>/batalkan")
@needs("officers.invite")
def withdrawal(who: str) -> ResponseReturnValue:
    """What ends with an invitation. Of one that is gone already nothing is left to withdraw."""
    invited = sixteen(who)
    waiting = next((one for one in invitations.waiting(ctx(), officer()) if one.officer == invited), None)
    if waiting is None:
        return redirect(url_for(".officers"), 303)
    form = UninviteForm(data={"made": "y" if waiting.state == "made" else ""})
    post = officer_words.post(waiting.person.role, waiting.person.unit)
    return render_template("desk/withdraw.html", form=form, one=waiting, post=post)


@desk.post("/petugas/<who>/batalkan")
@needs("officers.invite")
def withdraw(who: str) -> ResponseReturnValue:
    """Keys that were made after the page was shown are asked about."""
    form, invited = UninviteForm(request.form), sixteen(who)
    if not form.validate():
        return redirect(url_for(".withdrawal", who=who), 303)
    try:
        invitations.withdraw(ctx(), officer(), invited, made=bool(form.made.data))
    except Refusal:
        return redirect(url_for(".withdrawal", who=who), 303)
    return redirect(url_for(".officers", selesai="dibatalkan"), 303)


def _page(form: InviteForm, status: int = 200) -> ResponseReturnValue:
    """The form, with what a link for whoever is typed would replace."""
    try:
        stake = invitations.at_stake(ctx(), officer(), form.person)
    except Refusal:  # what was typed names nobody yet
        stake = None
    form.agreed.data = stake.mark if stake else ""
    return render_template("desk/invite.html", form=form, stake=stake, post=officer_words.post), status


def _link(person: Person, token: str, stake: Stake) -> ResponseReturnValue:
    address = url_for(".enrolment", token=token, _external=True)
    return render_template(
        "desk/invited.html",
        person=person,
        renewed=stake.there,
        post=officer_words.post(person.role, person.unit),
        address=address,
        drawn=qr.svg(address, _("Kode QR yang membuka tautan ini"), scale=4),
        days=invitations.DAYS,
        again=url_for(
            ".invitation_page", masuk=person.login, nama=person.name, unit=place_of(person.role, person.unit)
        ),
    )
