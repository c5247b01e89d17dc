"""What every answer says to the browser."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.inspectorate import settings
from whistle import create_app
from whistle.web.headers import HEADERS

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'none'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Both surfaces, not set up: half of the pages answer that they are not available."""
    return create_app("both", settings(tmp_path_factory.mktemp("headers")))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


ANSWERS = [
    ("GET", "/"), ("GET", "/lapor"), ("POST", "/lapor"), ("POST", "/lapor/kirim"), ("POST", "/lacak"),
    ("PUT", "/lapor"), ("GET", "/tidak-ada"), ("GET", "/en"), ("GET", "/en/bantuan"), ("GET", "/aset/peluit.css"),
    ("GET", "/aset/tidak-ada"), ("GET", "/meja/masuk"), ("POST", "/meja/masuk"), ("GET", "/meja/tidak-ada"),
    ("OPTIONS", "/lapor"),
]  # fmt: skip
FORMS = [("GET", "/lapor"), ("POST", "/lapor"), ("POST", "/lapor/kirim")]  # with files


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_every_answer_carries_the_headers(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code < 600
    takes_files = (method, path) in FORMS
    more = "; connect-src 'self'; media-src blob:" if takes_files else ""
    assert answer.headers["Content-Security-Policy"] == POLICY + more
    assert f"microphone=({'self' if takes_files else ''})" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == ("same-origin" if "/meja/masuk" in path else "no-referrer")
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    if not path.startswith("/aset/"):
        assert answer.headers["Cache-Control"] == "no-store"
    for name in HEADERS:
        assert len(answer.headers.getlist(name)) == 1


def test_no_answer_says_what_serves_it(client: FlaskClient) -> None:
    for method, path in ANSWERS:
        answer = client.open(path, method=method)
        assert not {"Server", "X-Powered-By", "ETag", "Last-Modified", "Via"} & {*answer.headers.keys()}


def test_an_error_in_our_code_carries_the_headers_too(tmp_path: Path) -> None:
    app = create_app("channel", settings(tmp_path))
    app.view_functions["channel.home"] = lambda: 1 / 0
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "ZeroDivision" not in answer.text and "Keluar cepat" in answer.text
