"""Without a line nothing is sent and nothing is lost, and a receipt on paper does not say what was sent."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_in_trouble import STORY, fits, look

Open = Callable[..., Page]


def test_without_a_line_a_form_stays_and_says_so(open_page: Open, problems: Callable[[Page], list[str]]) -> None:
    page = open_page("/lapor", size=PHONE)
    page.get_by_label("Diminta uang", exact=True).check()
    page.locator("#story").fill(STORY)
    # When the line is gone and the button is pressed
    page.context.set_offline(True)
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    said = page.get_by_text("Tidak ada sambungan")
    expect(said).to_be_visible()
    assert fits(page) and problems(page) == []
    expect(page.locator("#story")).to_have_value(STORY)
    # Then it goes on as soon as there is one again
    page.context.set_offline(False)
    expect(said).to_be_hidden()
    look(page)


def test_a_printed_receipt_does_not_say_which_files_were_sent(open_page: Open) -> None:
    page = open_page("/lapor", size=PHONE)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "bukti-saya.xyz", "mimeType": "text/plain", "buffer": b"isi" * 100}
    )
    expect(page.get_by_text("bukti-saya.xyz").first).to_be_visible()
    page.get_by_label("Tetap kirim apa adanya").first.check()
    look(page)
    page.get_by_role("button", name="Kirim dengan aman").click()
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    expect(page.get_by_text("bukti-saya.xyz")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("bukti-saya.xyz")).to_be_hidden()
