"""Deny by default."""

from pathlib import Path

import pytest
from flask import Blueprint, Flask

from tests.inspectorate import settings
from whistle import create_app
from whistle.domain.roles import PERMISSIONS
from whistle.web import guard


def view() -> str:
    return ""


def app_with(rule_view: object, blueprint: str = "channel") -> Flask:
    app = Flask("whistle", static_folder=None)
    pages = Blueprint(blueprint, __name__)
    pages.add_url_rule("/x", "x", rule_view)  # type: ignore[arg-type]
    app.register_blueprint(pages)
    return app


def test_a_route_that_declares_nothing_does_not_start() -> None:
    with pytest.raises(RuntimeError, match="/x declares nobody"):
        guard.check(app_with(view))


@pytest.mark.parametrize(
    ("declare", "blueprint"),
    [
        (guard.public, "desk"),
        (guard.public, "desk_en"),
        (guard.anonymous_desk, "channel"),
        (guard.needs("case.open"), "channel"),
    ],
)
def test_a_public_page_in_the_desk_or_a_desks_page_outside_does_not_start(declare: object, blueprint: str) -> None:
    with pytest.raises(RuntimeError, match="has no place"):
        guard.check(app_with(declare(lambda: ""), blueprint))  # type: ignore[operator]


def test_a_permission_that_no_table_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="case.opne"):
        guard.needs("case.opne")


def test_a_view_declares_once() -> None:
    with pytest.raises(RuntimeError, match="already"):
        guard.public(guard.anonymous_desk(lambda: ""))


def test_asking_for_the_permission_of_an_undeclared_route_never_lets_through() -> None:
    app = app_with(view)
    with app.app_context():
        for endpoint in ("channel.x", "nowhere", None):
            with pytest.raises(LookupError):
                guard.permission_of(endpoint)


@pytest.mark.parametrize("surface", ["channel", "desk", "both"])
def test_every_route_of_every_surface_declares_who_may_come(surface: str, tmp_path: Path) -> None:
    app = create_app(surface, settings(tmp_path))  # type: ignore[arg-type]
    guard.check(app)
    kinds = {guard.access_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}
    assert all(kind is not None for kind in kinds)
    assert {kind.permission for kind in kinds if kind and kind.permission} <= PERMISSIONS


def test_a_surface_has_only_its_own_routes(tmp_path: Path) -> None:
    channel = create_app("channel", settings(tmp_path))
    desk = create_app("desk", settings(tmp_path))
    paths = {app: {rule.rule for rule in app.url_map.iter_rules()} for app in (channel, desk)}
    assert not any("/meja" in path for path in paths[channel])
    assert not any("lapor" in path and "meja" not in path for path in paths[desk])
    assert paths[channel] & paths[desk] == {"/aset/<path:filename>", "/"}  # the desk's own "/" leads to /meja
