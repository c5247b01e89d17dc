"""How somebody becomes an officer, as a browser does it: invited, enrolled, signed for."""

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from tests.services import staff
from tests.web.desk.conftest import Browser
from whistle.services.setup import Credentials

Sit = Callable[[str], Browser]
SITI = {"login": "siti", "name": "Siti Aminah, S.H.", "place": "triase"}


def invite(browser: Browser, **typed: object) -> TestResponse:
    page = browser.get("/meja/petugas/undang")
    return browser.post("/meja/petugas/undang", browser.fill(page, "/meja/petugas/undang", **{**SITI, **typed}))


def link_of(page: TestResponse) -> str:
    found = re.search(r"http://localhost(/meja/undangan/[\w-]{43})</textarea>", page.text)
    assert found, page.text
    return found[1]


def enrol(browser: Browser, link: str, **typed: object) -> TestResponse:
    page = browser.get(link)
    sent = browser.fill(page, "/meja/undangan", new=staff.PASSWORD, again=staff.PASSWORD)
    secret = staff_secret(str(sent["secret"]))
    sent["code"] = staff.code_of(browser.office, secret)
    answer = browser.post("/meja/undangan", {**sent, **typed})
    if answer.status_code == 200:
        browser.office.credentials["siti"] = Credentials("siti", "", "penelaah", staff.PASSWORD, secret)
    return answer


def again(browser: Browser, link: str, password: str = staff.PASSWORD) -> TestResponse:
    """The link once more, with the password that shows the words."""
    return browser.post("/meja/undangan/kata", {"link": link.rpartition("/")[2], "password": password})


def staff_secret(text: str) -> bytes:
    from base64 import b32decode

    return b32decode(text)


def key_words(page: TestResponse) -> list[str]:
    found = re.search(r'<ol class="key-words">(.*?)</ol>', page.text, re.S)
    assert found, page.text
    return re.findall(r"<li>(\w+)</li>", found[1])


def sign(browser: Browser, review: TestResponse, login: str = "inspektur", **typed: object) -> TestResponse:
    password = browser.office.credentials[login].password
    sent = browser.fill(review, "/meja/petugas/tanda-tangan", **{"password": password, **typed})
    return browser.post("/meja/petugas/tanda-tangan", sent)
