"""An officer at the desk, in a browser."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Cookie, Page

from tests.demonstration import Demonstration
from whistle.crypto.totp import STEP, WINDOW

_used: dict[tuple[str, str], int] = {}  # the step of the last code, by the server's address and the login
_sessions: dict[tuple[str, str], list[Cookie]] = {}  # that are still open, by the same


def sign_in(open_page: Callable[..., Page], demo: Demonstration, login: str, **options: object) -> Page:
    """Sign in as ``login``, with the oldest code that is still good: more often than once in 30 seconds, then."""
    page = open_page("/meja", **options)
    _sign_in(page, demo, login)
    return page


def signed_in(open_page: Callable[..., Page], demo: Demonstration, login: str, **options: object) -> Page:
    """As `sign_in`, with the session that an earlier test of this server left, where there is one: no code, no wait."""
    page = open_page("/meja", **options)
    place = (urlsplit(page.url).netloc, login)
    if place in _sessions:
        page.context.add_cookies(_sessions[place])  # type: ignore[arg-type]
        page.goto("/meja")
    if page.locator("#password").count():
        _sign_in(page, demo, login)
    _sessions[place] = page.context.cookies()
    return page


def _sign_in(page: Page, demo: Demonstration, login: str) -> None:
    who, place = demo.officers[login], (urlsplit(page.url).netloc, login)
    for _ in range(3):
        step = max(int(time.time() + 5) // STEP - WINDOW, _used.get(place, 0) + 1)
        page.wait_for_timeout(max(0.0, (step - WINDOW) * STEP - time.time()) * 1000)
        _used[place] = step
        page.fill("#login", login)
        page.fill("#password", who.password)
        page.fill("#code", who.code(step * STEP))
        with page.expect_navigation():
            page.get_by_role("button", name="Masuk", exact=True).click()
        if not page.locator("#password").count():
            return
    raise AssertionError(page.content()[:3000])


def open_first(page: Page) -> None:
    """The first case of the list, declared for where that is asked first."""
    with page.expect_navigation():
        page.locator("main a[href*='/meja/kasus/']").first.click()
    declare = page.get_by_role("button", name="Saya tidak punya konflik")
    if declare.count():
        with page.expect_navigation():
            declare.click()
