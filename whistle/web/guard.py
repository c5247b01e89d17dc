"""Deny by default: every route says who may come, and an application with a route that does not say it never starts.

Three declarations exist, one of which stands above every view:

- ``@public``: a page of the channel, or a static file. Knows nobody.
- ``@anonymous_desk``: a page of the desk for somebody who is not signed in yet (or not any more).
- ``@needs("case.open")``: a page of the desk for roles that hold this permission (`whistle.domain.roles`).

The declaration only says; the desk's own gate (``web/desk/blueprint.py``) asks it before every request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from flask import Flask, current_app

from whistle.domain.roles import PERMISSIONS

View = TypeVar("View", bound=Callable[..., Any])
ACCESS = "__peluit_access__"
DESK = ("desk", "desk_en")


@dataclass(frozen=True)
class Access:
    """Who may come to a view. ``permission`` only for kind "needs"."""

    kind: Literal["public", "anonymous_desk", "needs"]
    permission: str | None = None


def public(view: View) -> View:
    """Everyone, without being known: the channel and static files."""
    return _declare(view, Access("public"))


def anonymous_desk(view: View) -> View:
    """Someone who is not signed in at the desk yet."""
    return _declare(view, Access("anonymous_desk"))


def needs(permission: str) -> Callable[[View], View]:
    """Officers whose role holds ``permission``. Raises ValueError for a permission that no table knows."""
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission!r} is no permission of whistle.domain.roles")
    return lambda view: _declare(view, Access("needs", permission))


def access_of(view: Callable[..., Any] | None) -> Access | None:
    """What a view declares, or None."""
    access = getattr(view, ACCESS, None)
    return access if isinstance(access, Access) else None


def permission_of(endpoint: str | None) -> str | None:
    """The permission that the endpoint's view needs, or None where nobody has to be signed in.

    Raises LookupError for an endpoint that declares nothing, so that a gap refuses instead of letting through.
    """
    access = access_of(current_app.view_functions.get(endpoint or ""))
    if access is None:
        raise LookupError("this route declares nobody who may come")
    return access.permission


def check(app: Flask) -> None:
    """Refuse to start with a route that declares nothing, or with a public page inside the desk.

    Raises RuntimeError that names the route.
    """
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions.get(rule.endpoint))
        if access is None:
            raise RuntimeError(f"{rule.rule} declares nobody who may come: use @public, @anonymous_desk or @needs(...)")
        in_desk = rule.endpoint.partition(".")[0] in DESK
        if in_desk == (access.kind == "public"):
            raise RuntimeError(f"{rule.rule}: {access.kind} has no place {'in' if in_desk else 'outside'} the desk")


def _declare(view: View, access: Access) -> View:
    if access_of(view) is not None:
        raise RuntimeError(f"{view.__name__} already declares who may come")
    setattr(view, ACCESS, access)
    return view
