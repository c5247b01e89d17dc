"""Every route as every role and as nobody: what is not declared is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import inspectorate
from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import FROM_HERE, Browser
from whistle import create_app
from whistle.domain.roles import ROLES
from whistle.web.desk.blueprint import desk
from whistle.web.guard import access_of, check, needs

LOGINS = {person.role: person.login for person in reversed(inspectorate.staff())}
VALUES = {
    "case": "00" * 16, "file": "00" * 16, "who": "00" * 16, "month": "2026-09", "_action": "catat",
    "_decision": "setujui", "token": "x" * 43, "_deed": "pulihkan", "which": "00" * 16,
}  # fmt: skip


def routes(app: Flask) -> list[tuple[str, str, Any]]:
    """(method, path, access) of every page of the desk."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in ("desk", "desk_en"):
            continue
        path = adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})
        access = access_of(app.view_functions[rule.endpoint])
        found += [(method, path, access) for method in sorted(rule.methods & {"GET", "POST"})]
    return found


def test_the_logins_cover_every_role(office: Inspectorate) -> None:
    assert {office.credentials[login].role for login in LOGINS.values()} == set(ROLES)


def test_the_desk_has_pages_in_both_languages(desk_app: Flask) -> None:
    paths = {path for _, path, _ in routes(desk_app)}
    assert {"/meja", "/en/meja", "/meja/laporan-masuk", "/en/meja/laporan-masuk"} <= paths
    assert {path for path in paths if path.startswith("/en/")} == {
        f"/en{path}" for path in paths if not path.startswith("/en/")
    }


def test_nobody_gets_past_sign_in(desk_app: Flask, nobody: Browser) -> None:
    for method, path, access in routes(desk_app):
        if access.kind == "anonymous_desk":
            continue
        answer = nobody.client.open(path, method=method, headers=FROM_HERE)
        if method == "GET":
            assert answer.status_code == 303 and "/meja/masuk" in answer.headers["Location"], path
        else:
            assert answer.status_code == 403 and 'name="password"' in answer.text, path


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_may_and_nothing_else(role: str, desk_app: Flask, sit: Callable[[str], Browser]) -> None:
    browser = sit(LOGINS[role])
    for method, path, access in routes(desk_app):
        if access.kind == "anonymous_desk":
            continue
        answer = browser.client.open(path, method=method, headers=FROM_HERE)
        if access.permission in ROLES[role].permissions:
            assert answer.status_code != 403, (method, path)
            assert answer.status_code < 500, (method, path)
        else:
            assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_a_link_that_its_role_cannot_open(role: str, sit: Callable[[str], Browser]) -> None:
    import re

    browser = sit(LOGINS[role])
    home = browser.client.get("/meja", follow_redirects=True)
    links = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/meja[^"#]*)"', home.text)}
    assert links
    for link in links:
        assert browser.client.get(link.replace("&amp;", "&"), follow_redirects=True).status_code == 200, link


def test_not_my_case_and_no_such_case_look_the_same(office: Inspectorate, sit: Callable[[str], Browser]) -> None:
    _, _, case = office.report()
    browser = sit("hendra")
    other, none = (browser.get(f"/meja/kasus/{id_}") for id_ in (case.hex(), "00" * 16))
    assert other.status_code == none.status_code == 404
    assert strip(other.text, case.hex()) == strip(none.text, "00" * 16)
    assert browser.get("/meja/kasus/kosong").status_code == 404
    assert browser.get(f"/meja/kasus/{case.hex().upper()}").status_code == 404


def test_a_route_that_declares_nothing_does_not_start(office: Inspectorate) -> None:
    app = create_app("desk", office.ctx.settings)
    app.add_url_rule("/meja/lupa", "desk.forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="/meja/lupa"):
        check(app)


def test_a_permission_that_no_role_table_knows_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="case.everything"):
        needs("case.everything")
    assert desk.name == "desk"


def strip(page: str, id_: str) -> str:
    """A page without what differs from request to request."""
    import re

    return re.sub(r'name="csrf" value="[^"]*"', "", page).replace(id_, "")
