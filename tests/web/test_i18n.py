"""The address decides the language."""

from datetime import date

import pytest
from flask import Flask

from whistle.domain.labels import Label
from whistle.web import i18n


@pytest.fixture
def app() -> Flask:
    app = Flask("whistle", root_path="whistle")
    i18n.init_app(app)
    for prefix, name in (("", "channel"), ("/en", "channel_en")):
        app.add_url_rule(f"{prefix}/", endpoint=f"{name}.home")
        app.add_url_rule(f"{prefix}/lapor", endpoint=f"{name}.report")
    return app


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "id"), ("/lapor", "id"), ("/en", "en"), ("/en/", "en"), ("/en/lapor", "en"), ("/enak", "id")],
)
def test_addresses_under_en_are_english(app: Flask, path: str, language: str) -> None:
    with app.test_request_context(path, headers={"Accept-Language": "fr"}):
        assert i18n.lang() == language


def test_days_are_written_as_people_write_them(app: Flask) -> None:
    with app.test_request_context("/"):
        assert i18n.day(date(2026, 3, 17)) == "Selasa, 17 Maret 2026"
        assert i18n.day_short(date(2026, 3, 17)) == "17 Mar 2026"
    with app.test_request_context("/en/"):
        assert i18n.day(date(2026, 3, 17)) == "Tuesday, 17 March 2026"


def test_a_label_is_read_in_the_pages_language_and_a_string_as_it_is(app: Flask) -> None:
    label = Label("Diterima", "Received")
    with app.test_request_context("/en/lapor"):
        assert (i18n.text(label), i18n.text("Pasar")) == ("Received", "Pasar")
    with app.test_request_context("/lapor"):
        assert i18n.text(label) == "Diterima"


def test_the_other_language_is_the_same_page_and_home_when_there_is_none(app: Flask) -> None:
    with app.test_request_context("/lapor"):
        assert i18n.other_language() == ("en", "English", "/en/lapor")
    with app.test_request_context("/en/lapor"):
        assert i18n.other_language() == ("id", "Bahasa Indonesia", "/lapor")
    with app.test_request_context("/en/tidak-ada"):
        assert i18n.other_language() == ("id", "Bahasa Indonesia", "/")
