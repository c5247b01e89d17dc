"""A desk over a small real inspectorate, and browsers in which its officers sit."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from tests.inspectorate import Inspectorate, Prepared
from whistle import create_app
from whistle.crypto import totp
from whistle.web.desk.session import COOKIE

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """A browser at the desk: it sends what a real one sends with a form, and reads forms back."""

    def __init__(self, app: Flask, office: Inspectorate) -> None:
        self.client: FlaskClient = app.test_client()
        self.office = office

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, data: dict[str, object], headers: dict[str, str] | None = None) -> TestResponse:
        return self.client.post(path, data=data, headers=FROM_HERE if headers is None else headers)

    def sign_in(self, login: str, /, **more: object) -> TestResponse:
        """Sign in with a fresh code; the clock moves on, since each code is good for one sign-in."""
        self.office.clock.advance(timedelta(seconds=31))
        return self.post("/meja/masuk", {**self.credentials(login), **more})

    def credentials(self, login: str) -> dict[str, object]:
        who = self.office.credentials[login]
        code = totp.code(who.totp_secret, int(self.office.clock.now().timestamp()))
        return {"login": login, "password": who.password, "code": code}

    def fill(self, page: TestResponse, action: str, **typed: object) -> dict[str, object]:
        """The hidden inputs of the form on ``page`` that is sent to ``action``, and what is ``typed``."""
        return {**hidden_of(form_of(page, action)), **typed}

    def cookie(self) -> str | None:
        found = self.client.get_cookie(COOKIE)
        return found.value if found else None


def form_of(page: TestResponse, action: str) -> str:
    """The first form of the page that is sent to ``action``."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.S)
    assert found, f"there is no form to {action}"
    return found[0]


def hidden_of(form: str) -> dict[str, str]:
    """Its hidden inputs."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
    return {unescape(i["name"]): unescape(i.get("value", "")) for i in inputs if i.get("type") == "hidden"}


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates that are compiled once for all the applications of a run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def _any_desk(
    prepared: Callable[[str], Prepared], compiled: FileSystemBytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """The desk, made once: its addresses take longer to make than many a test to run."""
    app = create_app("desk", prepared("sqlite").copy(tmp_path_factory.mktemp("desk")).ctx.settings)
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def office(prepared: Callable[[str], Prepared], tmp_path: Path) -> Iterator[Inspectorate]:
    office = prepared("sqlite").copy(tmp_path / "office")
    yield office
    office.ctx.store.engine.dispose()


@pytest.fixture
def desk_app(_any_desk: Flask, office: Inspectorate) -> Iterator[Flask]:
    """The desk alone, over this test's office and on its clock; what a test leaves in it goes."""
    app = _any_desk
    extensions, config, words = dict(app.extensions), dict(app.config), dict(app.jinja_env.globals)
    app.extensions["peluit"] = office.ctx
    app.jinja_env.globals["file_limits"] = office.ctx.settings
    yield app
    for kept, before in ((app.extensions, extensions), (app.config, config), (app.jinja_env.globals, words)):
        kept.clear()
        kept.update(before)


@pytest.fixture
def nobody(desk_app: Flask, office: Inspectorate) -> Browser:
    return Browser(desk_app, office)


@pytest.fixture
def sit(desk_app: Flask, office: Inspectorate) -> Callable[[str], Browser]:
    """Seat an officer before a browser of their own, signed in."""

    def seat(login: str) -> Browser:
        browser = Browser(desk_app, office)
        answer = browser.sign_in(login)
        assert answer.status_code == 303, answer.text
        return browser

    return seat
