"""The overseer's pages as the overseer meets them, on a phone and at a desk, on paper, without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import sign_in
from tests.browser.test_pages import faults
from tests.demonstration import Demonstration

Open = Callable[..., Page]
PAGES = ["/meja/audit", "/meja/audit/cetak", "/meja/audit/banding?nomor=1&sidik=00", "/en/meja/audit"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_the_audit_pages_have_no_fault(
    open_page: Open, problems: Callable[[Page], list[str]], demonstration_template: Demonstration, size: tuple[int, int]
) -> None:
    page = sign_in(open_page, demonstration_template, "auditor", size=size)
    for path in PAGES:
        page.goto(path)
        assert faults(page, problems) == [], path


def test_a_head_is_printed_and_later_found_to_fit_without_javascript(
    open_page: Open, demonstration_template: Demonstration, tmp_path: Path
) -> None:
    # Given an auditor who printed the head of the log
    page = sign_in(open_page, demonstration_template, "auditor", javascript=False)
    page.goto("/meja/audit")
    page.get_by_role("link", name="Cetak kepala catatan").click()
    number = page.locator(".big-number").inner_text()
    digest = re.sub(r"\s+", " ", page.locator(".digest").inner_text())
    # When it is typed back later, and the whole chain is checked
    page.goto("/meja/audit")
    page.get_by_label("Nomor baris", exact=True).fill(number)
    page.get_by_label("Sidik", exact=True).fill(digest)
    page.get_by_role("button", name="Bandingkan").click()
    # Then it fits, and the page says until where everything was checked
    assert "Cocok" in page.locator(".notice").inner_text()
    page.goto("/meja/audit")
    for _ in range(20):
        button = page.get_by_role("button", name=re.compile("pemeriksaan|Periksa dari"))
        button.click()
        if "Seluruh rantai utuh" in page.locator("#rantai").inner_text():
            break
    assert "Seluruh rantai utuh" in page.locator("#rantai").inner_text()


def test_the_printed_head_fits_on_one_sheet(
    open_page: Open, demonstration_template: Demonstration, tmp_path: Path
) -> None:
    page = sign_in(open_page, demonstration_template, "auditor", size=DESK)
    page.goto("/meja/audit/cetak")
    sheet = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1
