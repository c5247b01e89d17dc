"""The other language is one press away, and takes along what was typed; the Enter key never presses it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import faults
from tests.browser.uploads import STORY, Place, fill_in, running, send
from tests.clean.making import picture


@pytest.fixture(scope="module")
def place_of_module(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with running(chromium, tmp_path_factory.mktemp("language")) as place:
        yield place


@pytest.fixture
def place(place_of_module: Place) -> Iterator[Place]:
    yield place_of_module
    place_of_module.close()


def photo() -> FilePayload:
    return FilePayload(name="layar.png", mimeType="image/png", buffer=picture("PNG"))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_form_that_was_begun_goes_on_in_english_with_text_and_files(
    place: Place, problems: Callable[[Page], list[str]], size: tuple[int, int], javascript: bool
) -> None:
    # Given: a form with a text and a file, and no answer to a question that must be answered.
    page = place.open(size=size, java_script_enabled=javascript)
    page.locator("#story").fill(STORY)
    page.locator("[name=happened][value=uang]").check()
    page.locator("input[type=file]").set_input_files([photo()])
    # When: the button for the other language is pressed.
    page.get_by_role("button", name="English").click()
    # Then: the form is there in English with all of it, and complains about nothing.
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#story")).to_have_value(STORY)
    expect(page.locator("[name=happened][value=uang]")).to_be_checked()
    expect(page.locator("[data-arrived] > ul.files")).to_contain_text("layar.png")
    assert page.locator(".summary").count() == 0
    if javascript:
        assert faults(page, problems) == []
    # And it can be sent from there, or go back.
    page.get_by_role("button", name="Bahasa Indonesia").click()
    fill_in(page)
    (file,) = place.attached(send(page))
    assert file.file.media == "image/png"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_enter_key_goes_on_in_the_same_language(place: Place, javascript: bool) -> None:
    page = place.open(java_script_enabled=javascript)
    fill_in(page)
    page.locator("summary").filter(has_text="Uang atau barang").click()
    page.locator("#in_kind").fill("rokok")
    page.locator("#in_kind").press("Enter")
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()
    expect(page.locator(".answers")).to_contain_text("rokok")


def test_the_keyboard_reaches_the_language_and_not_the_button_that_enter_presses(place: Place) -> None:
    page = place.open(size=DESK)
    names = []
    for _ in range(5):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.innerText.trim()"))
    assert "English" in names and "" not in names


@pytest.mark.parametrize("path", ["/lapor", "/lacak"])
def test_pulling_a_page_down_does_not_load_it_anew(place: Place, path: str) -> None:
    page = place.open(path)
    assert page.evaluate("getComputedStyle(document.documentElement).overscrollBehaviorY") == "contain"
