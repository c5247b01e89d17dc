"""What phones and pages record is heard at the desk, whatever container and encoding it came in."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.desk import sign_in
from tests.browser.test_exhibits import attach, open_case, open_file, payload
from tests.clean.recordings import sound, voice
from tests.demonstration import Demonstration

AUDIO = "document.querySelector('audio')"


def test_a_recording_of_any_kind_is_played_and_wound_on(
    open_page: Callable[..., Page], demonstration_template: Demonstration
) -> None:
    page = sign_in(open_page, demonstration_template, "inspektur", size=PHONE)
    open_case(page, 7)
    names = ("suara.amr", "suara.3gp", "suara.mp4", "suara.webm")
    data = (sound("amr", 3.0), *(voice(kind, 3.0) for kind in ("3gp", "mp4", "webm")))
    attach(page, *(payload(name, one) for name, one in zip(names, data, strict=True)))
    case = page.url.partition("?")[0]
    for number, name in enumerate(names, 1):
        page.goto(case)
        open_file(page, f"I-{number}")
        expect(page.locator("audio")).to_be_visible()
        expect(page.locator("video")).to_have_count(0)
        page.wait_for_function(f"() => {AUDIO}.readyState >= 1 || {AUDIO}.error")
        page.evaluate(f"{AUDIO}.currentTime = 2")
        page.wait_for_function(f"() => {AUDIO}.currentTime >= 2 && !{AUDIO}.seeking && {AUDIO}.readyState >= 2")
        assert page.evaluate(f"{AUDIO}.error") is None and page.evaluate(f"{AUDIO}.duration") > 2.5, name
