"""When the store takes nothing, or we made a mistake: a form of the desk comes back with what was typed in it.

Not even the session can be looked up then, so this asks nothing of it. The page shows to whoever sent a form what that
request itself held, and only when a page of this desk sent it.
"""

from typing import cast

from flask import request
from flask.typing import ResponseReturnValue
from wtforms.csrf.core import CSRFTokenField

from whistle.casefile.manifest import ManifestRefused
from whistle.services.context import NotSetUp
from whistle.store.errors import StoreUnavailable
from whistle.web import errors
from whistle.web.desk import pending
from whistle.web.desk.actions import shown_again
from whistle.web.desk.blueprint import SAFE, desk
from whistle.web.desk.offers import MAKERS
from whistle.web.origin import comes_from_here


@desk.errorhandler(StoreUnavailable)
@desk.errorhandler(NotSetUp)
@desk.errorhandler(ManifestRefused)
def not_now(error: Exception) -> ResponseReturnValue:
    """Nothing was stored: say so, and when to try again."""
    return _kept("unavailable") or errors.not_available(error)


@desk.errorhandler(500)
def broken(error: Exception) -> ResponseReturnValue:
    """A mistake of ours; the transaction it happened in changed nothing."""
    return _kept("broken") or errors.broken(error)


def _kept(trouble: str) -> ResponseReturnValue | None:
    """The form of a case that was sent, as it was typed; None when none was."""
    case = (request.view_args or {}).get("case")
    if case is None or request.method in SAFE or not comes_from_here(request):
        return None
    sent = pending.sent_now()
    if sent is None:
        return None
    form = MAKERS[sent.action](request.form)
    csrf = cast(CSRFTokenField, form["csrf"])
    csrf.current_token = request.form.get("csrf", "")  # the session's, which nobody can look up now
    return shown_again(sent.action, case, form, trouble=trouble)
