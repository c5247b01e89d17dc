"""Admin invites: the form, the link that is shown once, and its withdrawal."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import invitations
from whistle.services.invitations import Person
from whistle.services.refusals import Refusal
from whistle.web import qr
from whistle.web.desk import officer_words
from whistle.web.desk.account_forms import complain
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer, sixteen
from whistle.web.desk.officer_forms import InviteForm, PlainForm, place_of, places, refused_field
from whistle.web.desk.say import _
from whistle.web.guard import needs


@desk.get("/petugas/undang")
@needs("officers.invite")
def invitation_page() -> ResponseReturnValue:
    """``nama_masuk``, ``nama`` and ``unit`` fill the form in for somebody who is here already."""
    asked = request.args
    place = asked.get("unit", "")
    known = place if place in {code for code, _name in places()} else ""
    form = InviteForm(data={"login": asked.get("masuk", ""), "name": asked.get("nama", ""), "place": known})
    return render_template("desk/invite.html", form=form)


@desk.post("/petugas/undang")
@needs("officers.invite")
def invite() -> ResponseReturnValue:
    """The link stands in this one answer and nowhere else: it is not stored, so no later page can show it."""
    form = InviteForm(request.form)
    if form.validate():
        person = Person(form.login.data or "", form.name.data or "", *form.role_and_unit)
        try:
            token = invitations.invite(ctx(), officer(), person)
        except Refusal as refused:
            field = refused_field(form, refused)
            complain(field if field is not None else form.login, officer_words.sentence(refused))
        else:
            return _link(person, token)
    return render_template("desk/invite.html", form=form), 422


@desk.post("/petugas/<who>/batalkan")
@needs("officers.invite")
def withdraw(who: str) -> ResponseReturnValue:
    """Of one that is gone already nothing is left to withdraw."""
    if not PlainForm(request.form).validate():
        return redirect(url_for(".officers"), 303)
    try:
        invitations.withdraw(ctx(), officer(), sixteen(who))
    except Refusal:
        return redirect(url_for(".officers"), 303)
    return redirect(url_for(".officers", selesai="dibatalkan"), 303)


def _link(person: Person, token: str) -> ResponseReturnValue:
    address = url_for(".enrolment", token=token, _external=True)
    return render_template(
        "desk/invited.html",
        person=person,
        post=officer_words.post(person.role, person.unit),
        address=address,
        drawn=qr.svg(address, _("Kode QR yang membuka tautan ini"), scale=4),
        days=invitations.DAYS,
        again=url_for(
            ".invitation_page", masuk=person.login, nama=person.name, unit=place_of(person.role, person.unit)
        ),
    )
