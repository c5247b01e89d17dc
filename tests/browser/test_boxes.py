"""The page of a case has several boxes: what stands in one is not lost when another one is sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import faults
from tests.clean.making import picture
from tests.demonstration import Demonstration

Open = Callable[..., Page]
ANSWER, MESSAGE = "Pagi, sebelum jam sembilan.", "Ada yang bertanya siapa yang melapor."


def with_a_question(open_page: Open, demo: Demonstration, **options: object) -> tuple[Page, Locator, Locator]:
    """A case that waits for its reporter; the boxes of its question and of messages."""
    page = open_page("/lacak", **options)
    page.locator("#kata").fill(next(iter(demo.receipts.values())))
    page.get_by_role("button", name="Buka laporan saya").click()
    boxes = page.locator("[data-box]")
    expect(boxes).to_have_count(2)
    return page, boxes.first, boxes.last


def file(name: str) -> FilePayload:
    return FilePayload(name=name, mimeType="image/png", buffer=picture("PNG"))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_answer_that_was_begun_survives_the_message_that_is_sent_first(
    open_page: Open,
    demonstration_template: Demonstration,
    problems: Callable[[Page], list[str]],
    size: tuple[int, int],
    javascript: bool,
) -> None:
    # Given: an answer with a file, not sent, and a message with another one.
    page, answer, message = with_a_question(open_page, demonstration_template, size=size, javascript=javascript)
    for box, text, name in ((answer, ANSWER, "jawaban.png"), (message, MESSAGE, "pesan.png")):
        box.locator("textarea").fill(text)
        box.locator("input[type=file]").set_input_files([file(name)])
    # When: the message is sent.
    page.get_by_role("button", name="Kirim pesan").click()
    # Then: it went with its file alone, and the answer stands in its box with its own.
    done = page.get_by_role("status").filter(has_text="Tulisan Anda sudah kami terima")
    expect(done).to_contain_text("pesan.png")
    expect(done).to_contain_text("Isi kotak yang lain belum terkirim")
    expect(answer.locator("textarea")).to_have_value(ANSWER)
    expect(message.locator("textarea")).to_have_value("")
    expect(answer.locator("[data-arrived] > ul.files")).to_contain_text("jawaban.png")
    assert "jawaban.png" not in done.inner_text() and message.locator("[name^=berkas-ada]").count() == 0
    expect(page.locator(".thread")).not_to_contain_text(ANSWER)
    if javascript:
        assert faults(page, problems) == []
    # When: the page is read in English.
    page.get_by_role("button", name="English").click()
    # Then: it is all there still, and so it is after the Enter key.
    for _ in range(2):
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(answer.locator("textarea")).to_have_value(ANSWER)
        expect(answer.locator("[data-arrived] > ul.files")).to_contain_text("jawaban.png")
        answer.locator("[name=buang]").press("Enter")
        page.wait_for_load_state()


def test_a_box_waits_for_the_files_of_the_other_too(open_page: Open, demonstration_template: Demonstration) -> None:
    page, answer, message = with_a_question(open_page, demonstration_template)
    held: list[Callable[[], None]] = []
    page.route("**/lapor/unggah/bagian", lambda route: held.append(route.continue_))
    answer.locator("input[type=file]").set_input_files([file("jawaban.png")])
    message.locator("textarea").fill(MESSAGE)
    while not held:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Kirim pesan").click()
    # Then: what the page waits for is in sight, wherever it is.
    expect(answer.locator("[data-wait]")).to_be_in_viewport()
    held[0]()
    expect(page.get_by_role("status").filter(has_text="Tulisan Anda sudah kami terima")).to_be_visible()
    expect(answer.locator("[data-arrived] > ul.files")).to_contain_text("jawaban.png")
