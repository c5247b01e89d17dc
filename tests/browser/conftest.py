"""A real Chromium, one for each process of the run, and pages that notice what a page must not do."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.server import Server

CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
PHONE, DESK = (360, 740), (1280, 900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    options = ["--no-sandbox"] if os.geteuid() == 0 else []  # its sandbox refuses to run as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, served: Server) -> Iterator[Callable[..., Page]]:
    """Open a page of the running server in a fresh profile: ``open_page("/lapor", javascript=False, size=DESK)``.

    At the end of the test, anything that was asked of another server, any line in the console and any error in a
    script makes it fail.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_(path: str = "/", *, javascript: bool = True, size: tuple[int, int] = PHONE, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=served.base,
            java_script_enabled=javascript,
            viewport={"width": size[0], "height": size[1]},
            locale=options.pop("locale", "id-ID"),
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: r.url.startswith((served.base, "data:")) or wrong.append(f"asked {r.url}"))
        page.on("console", lambda m: m.type == "error" and _is_ours(m.text) and wrong.append(f"said {m.text}"))
        page.on("pageerror", lambda e: wrong.append(f"failed {e}"))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


def _is_ours(text: str) -> bool:
    """Chromium also complains about every answer that is no 200, which tests ask for on purpose."""
    return not text.startswith("Failed to load resource: the server responded with a status of")


@pytest.fixture
def problems() -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page, a line each (WCAG 2.2 AA and best practice)."""
    source = AXE.read_text()

    def check(page: Page) -> list[str]:
        page.evaluate(source)  # as a debugger would: the page's own policy lets no script of ours in
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{v['id']}: {v['help']}: {n['html'][:160]}" for v in result["violations"] for n in v["nodes"]]

    return check
