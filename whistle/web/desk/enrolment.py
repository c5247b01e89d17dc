"""The invited person's page: password, second factor, keys, and the six words to read aloud. Nobody is signed in here.

Looking (GET) uses nothing up; making the keys is a POST without the token in its address. Once they are made, the words
are shown again to whoever knows the password. The token stands in no log of
ours (see deploy/), and no request of these pages carries it in a Referer.
"""

import base64

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.crypto import totp
from whistle.services import account, enrolment
from whistle.services.enrolment import Link, LinkGone
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.web import qr
from whistle.web.desk import officer_words
from whistle.web.desk.account_forms import complain
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx
from whistle.web.desk.officer_forms import EnrolForm, KeyWordsForm, refused_field
from whistle.web.desk.say import _
from whistle.web.guard import anonymous_desk

REFERRER = "strict-origin"  # the origin without the path; with "no-referrer" older browsers send "Origin: null"


@desk.get("/undangan/<token>", endpoint="enrolment")
@anonymous_desk
def look_at_link(token: str) -> ResponseReturnValue:
    g.desk_referrer = REFERRER
    try:
        link = enrolment.look(ctx(), token)
    except LinkGone:
        return _gone()
    if link.made:
        return _made_before(KeyWordsForm(data={"link": token}), link)
    form = EnrolForm(data={"link": token, "secret": base64.b32encode(totp.new_secret()).decode()})
    return _form(form, link)


@desk.post("/undangan")
@anonymous_desk
def make_keys() -> ResponseReturnValue:
    """The page with the words; a second sending of the form leads to the link's page."""
    g.desk_referrer = REFERRER
    form = EnrolForm(request.form)
    token = form.link.data or ""
    try:
        link = enrolment.look(ctx(), token)
        if not link.made:
            if not form.factor:
                form.secret.data = base64.b32encode(totp.new_secret()).decode()
            words = _made(form, token) if form.validate() else None
            if words is None:
                return _form(form, link, 422)
            if words:
                return render_template("desk/enrolled.html", person=link.person, words=words)
    except LinkGone:
        return _gone()
    return redirect(url_for(".enrolment", token=token), 303)


@desk.post("/undangan/kata", endpoint="key_words")
@anonymous_desk
def words_again() -> ResponseReturnValue:
    g.desk_referrer = REFERRER
    form = KeyWordsForm(request.form)
    token = form.link.data or ""
    try:
        link = enrolment.look(ctx(), token)
        words = _again(form, token) if form.validate() else None
    except LinkGone:
        return _gone()
    if words is None:
        return _made_before(form, link, 422)
    return render_template("desk/enrolled.html", person=link.person, words=words)


@desk.get("/undangan")
@anonymous_desk
def no_link() -> ResponseReturnValue:
    """A form's address reloaded as a page: the way back is the link itself."""
    return _gone()


def _made(form: EnrolForm, token: str) -> tuple[str, ...] | None:
    """The words of the keys, none when they were made before; None after a complaint."""
    try:
        return enrolment.enrol(ctx(), token, form.new.data or "", form.factor, form.code.data or "")
    except Refusal as refused:
        field = refused_field(form, refused)
        complain(field if field is not None else form.code, officer_words.sentence(refused))
        return None


def _again(form: KeyWordsForm, token: str) -> tuple[str, ...] | None:
    """The words of the keys that the password opens; None after a complaint."""
    try:
        return enrolment.words_again(ctx(), token, form.password.data or "")
    except WrongPassword as wrong:
        form.refuse(wrong)
        return None


def _form(form: EnrolForm, link: Link, status: int = 200) -> ResponseReturnValue:
    uri = totp.provisioning_uri(form.factor, link.person.login, account.ISSUER)
    offer = {"secret": _in_fours(form.secret.data or ""), "uri": uri}
    return render_template(
        "desk/enrol.html",
        form=form,
        person=link.person,
        post=officer_words.post(link.person.role, link.person.unit),
        offer=offer,
        drawn=qr.svg(uri, _("Kode QR untuk aplikasi autentikator")),
    ), status


def _made_before(form: KeyWordsForm, link: Link, status: int = 200) -> ResponseReturnValue:
    return render_template("desk/enrolled_before.html", form=form, person=link.person), status


def _gone() -> ResponseReturnValue:
    return render_template("desk/link_gone.html"), 410


def _in_fours(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
