"""An officer at the real server, with a browser that runs no script: sign in, open a case, fill in one of its forms."""

import time
from dataclasses import dataclass

from tests.nojs import Browser, Form, Page
from whistle.crypto import totp
from whistle.services.setup import Credentials


@dataclass
class Desk:
    """A browser with a session at the desk."""

    browser: Browser
    login: str

    def case(self, case: bytes) -> Page:
        """A case's page, or the question about conflict that stands before it."""
        return self.browser.get(path_of(case))

    def declare(self, case: bytes) -> Page:
        """Say that there is no conflict, where that is asked."""
        page = self.case(case)
        asked = [form for form in page.forms if form.action.endswith("/nyatakan")]
        return self.browser.send(page, asked[0], {}) if asked else page

    def act(self, page: Page, deed: str, answers: dict[str, str | list[str]], button: str = "") -> Page:
        """Fill in the form of ``page`` that is sent to the deed's address ("catat", "tanya", "tutup/setujui")."""
        return self.browser.send(page, form_to(page, deed, answers.get("to")), dict(answers), button)


def path_of(case: bytes) -> str:
    """The address of a case."""
    return f"/meja/kasus/{case.hex()}"


def form_to(page: Page, deed: str, to: object = None) -> Form:
    """The form of ``page`` for a deed; with ``to``, the one that moves the case to that stage."""
    found = [form for form in page.forms if form.action.endswith(f"/{deed}")]
    if to is not None:
        found = [form for form in found if ("to", to) in form.values]
    assert found, f"{page.url} ({page.status}) has no form to {deed} {to or ''}: {page.text[:800]}"
    return found[0]


def sign_in(base: str, who: Credentials, unix: float | None = None, timeout: float = 30) -> Desk:
    """Sign in with the code of now, or of ``unix``. An officer signs in once in 30 seconds: a code counts once."""
    browser = Browser(base, timeout=timeout, keeps_cookies=True)
    page = try_to_sign_in(browser, who, time.time() if unix is None else unix)
    assert page.status == 200 and browser.cookies, (page.status, page.text[:500])
    return Desk(browser, who.login)


def try_to_sign_in(browser: Browser, who: Credentials, unix: float) -> Page:
    """Send the sign-in form with the code of ``unix``; whatever page comes."""
    page = browser.get("/meja/masuk")
    code = totp.code(who.totp_secret, int(unix))
    return browser.send(page, page.form("password"), {"login": who.login, "password": who.password, "code": code})
