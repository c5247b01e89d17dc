"""Who works at the desk: read only. Officers are admitted by a signed manifest, not by a form."""

from flask import render_template
from flask.typing import ResponseReturnValue

from whistle.domain.roles import ROLES
from whistle.services import oversight
from whistle.web.desk import choices
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer
from whistle.web.guard import needs
from whistle.web.i18n import lang


@desk.get("/petugas")
@needs("officers.view")
def officers() -> ResponseReturnValue:
    people = oversight.officers(ctx(), officer())
    return render_template(
        "desk/officers.html",
        people=people,
        units=dict(choices.units()),
        roles={code: role.label.text(lang()) for code, role in ROLES.items()},
        described=ROLES,
    )
