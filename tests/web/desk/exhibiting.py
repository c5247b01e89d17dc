"""What tests of exhibits do in a browser: open a sheet, find what it loads, and see what was recorded."""

import re
from collections.abc import Callable
from html import unescape

from werkzeug.test import TestResponse

from tests.attaching import exhibits_of
from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser
from whistle.store import audit

Sit = Callable[[str], Browser]


def path_of(office: Inspectorate, case: bytes, at: int = 0) -> str:
    return f"/meja/kasus/{case.hex()}/berkas/{exhibits_of(office, case)[at].id.hex()}"


def send(browser: Browser, path: str, page: TestResponse) -> TestResponse:
    return browser.post(path, browser.fill(page, path))


def open_(browser: Browser, path: str) -> TestResponse:
    """The first opening, and the sheet that follows."""
    answer = send(browser, path, browser.get(path))
    assert answer.status_code == 303, answer.text
    return browser.get(path)


def addresses(page: TestResponse, what: str = "isi") -> list[str]:
    """The addresses of bytes on a page."""
    return [unescape(found) for found in re.findall(rf'src="([^"]+/{what}\?[^"]+)"', page.text)]


def actions(office: Inspectorate) -> list[str]:
    """What officers did with files, the newest first."""
    with office.ctx.store.read() as tx:
        return [row.action for row in audit.page(tx, 1000) if row.action.startswith("file-")]
