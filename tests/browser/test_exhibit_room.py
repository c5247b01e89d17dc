"""An exhibit's sheet does not jump while its pictures are still on their way."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import sign_in
from tests.browser.test_exhibits import PICTURES, attach, open_case, open_file, payload
from tests.clean.making import UPRIGHT, document, picture, saved, scene
from tests.demonstration import Demonstration

FACTS = "document.querySelector('.exhibit-facts').getBoundingClientRect().top + scrollY"


@pytest.mark.parametrize(("size", "number"), [(PHONE, 5), (DESK, 6)], ids=["360", "1280"])
def test_what_stands_below_a_picture_stands_there_before_it_came(
    open_page: Callable[..., Page], demonstration_template: Demonstration, size: tuple[int, int], number: int
) -> None:
    page = sign_in(open_page, demonstration_template, "yusuf", size=size)
    open_case(page, number)
    paper = document()
    paper.pages[0].MediaBox = [0, 0, 800, 400]  # and no page of A4, for which there was room before
    large = io.BytesIO()
    scene((1500, 2500)).save(large, "JPEG")  # higher than any window
    photos = payload("foto.jpg", picture("JPEG", UPRIGHT)), payload("poster.jpg", large.getvalue())
    attach(page, *photos, payload("LHP.pdf", saved(paper)))
    case, held = page.url.partition("?")[0], list[Route]()
    for label in ("I-1", "I-2", "I-3"):
        page.goto(case)
        open_file(page, label)
        # Given that the bytes of the picture do not come until they are let through
        held.clear()
        page.route("**/isi?*", lambda route: held.append(route))
        page.reload(wait_until="domcontentloaded")
        expect(page.locator(".exhibit-facts")).to_be_visible()
        page.wait_for_timeout(200)
        before = page.evaluate(FACTS)
        assert held
        # When they come
        for route in held:
            route.continue_()
        page.unroute("**/isi?*")
        image = page.locator(".exhibit-view img, .exhibit-pages img").first
        image.evaluate("image => image.decode()")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"ruang-{label}-{size[0]}.png", full_page=True)
        # Then nothing below has moved, and the picture is not pressed into its room
        assert page.evaluate(FACTS) == pytest.approx(before, abs=1), label
        wide, high, as_it_is = image.evaluate("i => [i.width, i.height, i.naturalWidth / i.naturalHeight]")
        pressed = image.evaluate("i => getComputedStyle(i).objectFit") != "contain"
        assert not pressed or wide / high == pytest.approx(as_it_is, rel=0.02), label
