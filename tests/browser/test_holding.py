"""A case is held and released at its page, on a phone and on a desk."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import signed_in
from tests.demonstration import Demonstration

PICTURES = os.environ.get("PELUIT_PICTURES")  # a folder to look at the pages in
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("size", "number"), [(PHONE, 7), (DESK, 8)], ids=["360", "1280"])
def test_a_case_is_held_and_released_at_its_page(
    open_page: Callable[..., Page],
    demonstration_template: Demonstration,
    problems: Callable[[Page], list[str]],
    size: tuple[int, int],
    number: int,
) -> None:
    page = signed_in(open_page, demonstration_template, "inspektur", size=size)
    open_case(page, number)
    form = page.locator("details#hold")
    # Given a form that is folded, below the other actions
    assert form.get_attribute("open") is None
    assert problems(page) == []
    seen(page, "tahan-0", size)
    # When the case is held
    page.get_by_role("navigation", name="Tindakan di halaman ini").get_by_role("link", name="Tahan penghapusan").click()
    form.locator("[name=text]").fill("Diminta jaksa dengan surat nomor R-12/X/2026.\nSampai perkaranya diputus.")
    seen(page, "tahan-1", size)
    form.get_by_role("button", name="Tahan penghapusan").click()
    # Then its page says so at the top, and offers to lift it
    notice = page.locator(".case-head .notice", has_text="Penghapusan ditahan")
    expect(notice).to_contain_text("surat nomor R-12/X/2026")
    expect(page.locator("details#hold")).to_have_count(0)
    assert problems(page) == [] and page.evaluate(WIDER) == 0
    seen(page, "tahan-2", size)
    # When it is released
    release = page.locator("details#release")
    release.locator("summary").click()
    release.locator("[name=text]").fill("Perkaranya sudah diputus.")
    seen(page, "tahan-3", size)
    release.get_by_role("button", name="Lepas penahanan").click()
    # Then nothing of it is left at the top
    expect(page.get_by_text("Penahanan dilepas.")).to_be_visible()
    expect(notice).to_have_count(0)
    seen(page, "tahan-4", size)


def open_case(page: Page, number: int) -> None:
    """One of the list's cases, declared for where that is asked first."""
    page.goto("/meja/laporan-masuk")
    with page.expect_navigation():
        page.locator("main a[href*='/meja/kasus/']").nth(number).click()
    declare = page.get_by_role("button", name="Saya tidak punya konflik")
    if declare.count():
        with page.expect_navigation():
            declare.click()
    expect(page.get_by_role("heading", name="Berkas internal")).to_be_visible()


def seen(page: Page, name: str, size: tuple[int, int]) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{size[0]}.png", full_page=True)
