"""What was typed on a case's page is not lost by a look at something else."""

from collections.abc import Callable

from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import DESK
from tests.browser.desk import open_first, signed_in
from tests.demonstration import Demonstration

TEXT = "Pelapor menyebut loket dua."


def test_leaving_a_page_with_something_typed_is_asked_about_and_sending_it_is_not(
    open_page: Callable[..., Page], demonstration_template: Demonstration
) -> None:
    page = signed_in(open_page, demonstration_template, "rahma", size=DESK)
    page.goto("/meja/laporan-masuk")
    open_first(page)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    # Given a page on which nothing was typed: it is left without a word
    address = page.url
    page.get_by_role("link", name="Semua laporan").click()
    expect(page.locator("#saringan")).to_be_visible()
    page.goto(address)
    assert asked == []
    # When something was typed, then whoever stays has it still
    page.locator("details#note summary").first.click()
    page.locator("details#note [name=text]").fill(TEXT)
    page.get_by_role("link", name="Semua laporan").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and page.url == address
    expect(page.locator("details#note [name=text]")).to_have_value(TEXT)
    # And sending it asks nothing
    page.locator("details#note button").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    assert asked == ["beforeunload"]
