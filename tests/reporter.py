"""A reporter with an old phone and no JavaScript, at the real server: the form, the look, the receipt, the way back."""

import http.client
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.nojs import Browser, Page
from whistle.crypto.receipt import Receipt, parse

ANSWERS: dict[str, str | list[str]] = {"happened": "uang", "service": "kependudukan", "office": "DISDUKCAPIL"}
WORD = re.compile(r">\s*([a-z]{4,7})\s*<")


class NotAcknowledged(Exception):
    """No receipt reached the reporter: the connection broke, or a page said that nothing was stored."""


@dataclass
class Draft:
    """The look page: everything is typed, nothing is sent. Sending it again is what a reporter does on weak signal."""

    browser: Browser
    page: Page
    asked: int = field(default=0)
    answers: dict[str, str | list[str]] = field(default_factory=dict)  # what is decided on the look page

    def send(self) -> Receipt:
        """Press "kirim". Raises NotAcknowledged."""
        self.asked += 1
        try:
            answer = self.browser.send(self.page, self.page.form("story"), self.answers)
        except (OSError, http.client.HTTPException) as error:
            raise NotAcknowledged(type(error).__name__) from error
        if answer.status >= 500:
            raise NotAcknowledged(str(answer.status))
        return receipt_on(answer)


def write(browser: Browser, story: str, files: Sequence[tuple[str, bytes]] = (), **answers: str | list[str]) -> Draft:
    """Fill in the form, choose ``files``, look at it. Raises OSError or HTTPException when the server is away."""
    form = browser.get("/lapor")
    assert form.status == 200, (form.status, form.text[:300])
    looked = browser.send(form, form.form("story"), {**ANSWERS, **answers, "story": story}, files=files)
    assert looked.status == 200, (looked.status, looked.text[:2000])
    return Draft(browser, looked)


def receipt_on(page: Page) -> Receipt:
    """The eight words of a receipt page."""
    assert page.status == 200, (page.status, page.text[:2000])
    words = " ".join(WORD.findall(page.body))
    assert len(words.split()) == 8, f"not eight words on the receipt page: {words!r}"
    return parse(words)


def follow(browser: Browser, receipt: Receipt) -> Page:
    """Come back with the words."""
    page = browser.get("/lacak")
    return browser.send(page, page.form("kata"), {"kata": " ".join(receipt.words)})


def say(
    browser: Browser, page: Page, text: str, question: bool = False, files: Sequence[tuple[str, bytes]] = ()
) -> Page:
    """Write into the general box of a case page, or answer its first open question."""
    form = page.form("teks")
    asked = next(value for name, value in form.buttons if name == "pertanyaan" and (value != "pesan") == question)
    behind = f"-{asked}" if question else ""
    return browser.send(page, form, {f"teks{behind}": text}, asked, files, into=f"berkas{behind}")
