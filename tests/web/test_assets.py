"""Static files: named by content, compressed, and only what lies in their folder."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from tests.inspectorate import settings
from whistle import create_app
from whistle.web.assets import FOLDER


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app("channel", settings(tmp_path_factory.mktemp("assets"))).test_client()


def test_a_page_names_its_stylesheet_by_content_and_the_browser_may_keep_it_for_a_day(client: FlaskClient) -> None:
    address = re.findall(r"/aset/peluit\.css\?v=[0-9a-f]+", client.get("/").text)[0]
    assert client.get(address).headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert client.get("/aset/peluit.css?v=alt").headers["Cache-Control"] == "no-cache"


def test_it_is_compressed_for_whoever_takes_that(client: FlaskClient) -> None:
    packed = client.get("/aset/peluit.css", headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(packed.data) == client.get("/aset/peluit.css").data == (FOLDER / "peluit.css").read_bytes()
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["../guard.py", "%2e%2e/guard.py", "..%2fguard.py", "/etc/passwd", "x.css", ""])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/aset/{path}").status_code in (404, 308)


def test_nothing_static_names_another_server() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(\s*['\"]?(?!data:image/svg)", text), path.name


def test_pictures_are_small_and_without_script() -> None:
    for path in FOLDER.glob("*.svg"):
        text = path.read_text("utf-8")
        assert len(text) < 6_000
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=", text)
