"""The channel over a small real inspectorate, and a phone without JavaScript."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.inspectorate import STORY, Inspectorate, Prepared, act
from whistle import create_app
from whistle.crypto.receipt import parse
from whistle.services import casework
from whistle.store import cases

QUESTION = "Kira-kira pagi atau siang? Tidak perlu jam pastinya."
ANSWERS = {"happened": "uang", "service": "kependudukan", "office": "DISDUKCAPIL", "story": STORY}
Fields = dict[str, str | list[str]]


class Phone:
    """Opens pages, fills forms in, and keeps every answer for what must hold of all of them."""

    def __init__(self, app: Flask, city: Inspectorate) -> None:
        self.client: FlaskClient = app.test_client()
        self.city = city

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, fields: Fields) -> TestResponse:
        return self.client.post(path, data=fields)

    def draft(self, **answers: str | list[str]) -> Fields:
        """A filled-in form with the token of a fresh page."""
        return {**ANSWERS, "kunci": hidden(self.get("/lapor"), "kunci"), **answers}

    def send(self, **answers: str | list[str]) -> tuple[Fields, str]:
        """Send a report; its form, and the words of the receipt."""
        draft = self.draft(**answers)
        return draft, words_on(self.post("/lapor/kirim", draft))

    def reports(self) -> int:
        """How many reports are stored."""
        with self.city.ctx.store.read() as tx:
            return sum(cases.counts(tx, self.reader()).values())

    def reader(self) -> bytes:
        return self.city.officer("rahma").id


def hidden(page: TestResponse, name: str, form: str = "") -> str:
    """The value of a hidden input, in the form that is sent to ``form`` when several are there."""
    start = page.text.index(f'action="{form}"') if form else 0
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page.text[start:])
    assert found, f"{name} is not on the page"
    return unescape(found[1])


def words_on(page: TestResponse) -> str:
    """The eight words of a receipt page."""
    assert page.status_code == 200, page.text
    found = re.search(r'<ol class="words">(.*?)</ol>', page.text, re.S)
    assert found, page.text
    words = re.findall(r"<li>([a-z]+)</li>", found[1])
    assert len(words) == 8
    return " ".join(words)


def typed(page: TestResponse, name: str) -> list[str]:
    """What stands in the text areas, inputs and hidden inputs of this name."""
    areas = re.findall(rf'<textarea[^>]* name="{name}"[^>]*>\n(.*?)</textarea>', page.text, re.S)
    inputs = re.findall(rf'<input[^>]* name="{name}" value="([^"]*)"', page.text)
    return [unescape(value) for value in (*areas, *inputs)]


def case_of(phone: Phone, words: str) -> bytes:
    """The id of the case that the words open."""
    keys = phone.city.keys(parse(words))
    with phone.city.ctx.store.read() as tx:
        row = cases.case_by_lookup(tx, keys.lookup_hash)
    assert row is not None
    return row.id


def said(page: TestResponse) -> str:
    """The page's text without tags, white space made one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture(scope="session")
def city(prepared: Callable[[str], Prepared], tmp_path_factory: pytest.TempPathFactory) -> Inspectorate:
    return prepared("sqlite").copy(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="session")
def channel_app(city: Inspectorate) -> Flask:
    app = create_app("channel", city.ctx.settings)
    app.extensions["peluit"] = city.ctx
    return app


@pytest.fixture
def phone(channel_app: Flask, city: Inspectorate) -> Iterator[Phone]:
    """A phone; the city's clock, which all tests share, is put back afterwards."""
    instant = city.clock.instant
    yield Phone(channel_app, city)
    city.clock.instant = instant


@pytest.fixture
def others(phone: Phone) -> set[bytes]:
    """What other tests left in the store of files."""
    return set(phone.city.ctx.blobs.ids())


@pytest.fixture
def words(phone: Phone) -> str:
    """Words of a report that was just sent."""
    return phone.send()[1]


@pytest.fixture
def asked(phone: Phone, words: str) -> str:
    """Words of a report to which the desk has put a question."""
    case = case_of(phone, words)
    rahma = phone.city.officer("rahma")
    casework.declare(phone.city.ctx, rahma, case)
    triage = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan", amount_asked=50_000)
    casework.triage(phone.city.ctx, rahma, case, act(), triage)
    casework.ask(phone.city.ctx, rahma, case, act(), QUESTION)
    return words
