"""An officer at the desk, in a browser."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from tests.demonstration import Demonstration


def sign_in(open_page: Callable[..., Page], demo: Demonstration, login: str, **options: object) -> Page:
    """Sign in as ``login``; a code that was used a moment ago is waited out, as an officer would."""
    page = open_page("/meja", **options)
    who = demo.officers[login]
    for _ in range(3):
        page.fill("#login", login)
        page.fill("#password", who.password)
        page.fill("#code", who.code(int(time.time())))
        with page.expect_navigation():
            page.get_by_role("button", name="Masuk", exact=True).click()
        if not page.locator("#password").count():
            return page
        page.wait_for_timeout(int((30 - time.time() % 30) * 1000) + 500)
    raise AssertionError(page.content()[:3000])


def open_first(page: Page) -> None:
    """The first case of the list, declared for where that is asked first."""
    with page.expect_navigation():
        page.locator("main a[href*='/meja/kasus/']").first.click()
    declare = page.get_by_role("button", name="Saya tidak punya konflik")
    if declare.count():
        with page.expect_navigation():
            declare.click()
