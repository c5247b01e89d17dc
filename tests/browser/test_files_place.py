"""Where chosen files stand on the form: under the question and the button that chose them, with a heading."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import faults
from tests.browser.uploads import Place, fill_in, running
from tests.clean.making import picture

PICTURES = os.environ.get("PELUIT_PICTURES")  # a folder to look at the pages in
UNKNOWN = ("surat.p7s", b"\x00\x01 of no kind that is cleaned" * 30)
PHOTO = ("foto-loket.png", picture("PNG"))
LIST = "Berkas yang sudah sampai"


@pytest.fixture(scope="module")
def place_of_module(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with running(chromium, tmp_path_factory.mktemp("uploads")) as place:
        yield place


@pytest.fixture
def place(place_of_module: Place) -> Iterator[Place]:
    yield place_of_module
    place_of_module.close()


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    kind = "application/octet-stream"
    payloads = [FilePayload(name=name, mimeType=kind, buffer=data) for name, data in files]
    page.locator("#bukti").set_input_files(payloads)


def looked_at(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def top(where: Locator) -> float:
    found = where.bounding_box()
    assert found
    return found["y"]


def in_order(page: Page, *more: Locator) -> None:
    """The question, where files are chosen, ``more``, the heading and the list stand under each other."""
    heading, files = page.get_by_text(LIST, exact=True), page.get_by_role("list", name=LIST)
    places = [top(one) for one in (page.locator("label[for=bukti]"), page.locator("#bukti"), *more, heading, files)]
    assert places == sorted(places) and len(set(places)) == len(places)


def test_nothing_is_said_of_a_list_before_a_file_was_chosen(place: Place) -> None:
    page = place.open()
    expect(page.get_by_text(LIST)).to_be_hidden()
    looked_at(page, "berkas-tanpa")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_files_that_the_script_sent_stand_under_the_button_that_chose_them(
    place: Place, problems: Callable[[Page], list[str]], size: tuple[int, int]
) -> None:
    page = place.open(size=size)
    # Given one file that came, and one that asks for a decision
    choose(page, PHOTO, UNKNOWN)
    expect(page.get_by_role("list", name=LIST).get_by_role("listitem")).to_have_count(2, timeout=30_000)
    # Then both stand under the question with a heading, and the recorder stays where files are chosen
    in_order(page, page.get_by_role("button", name="Rekam suara"))
    assert faults(page, problems) == []
    looked_at(page, f"berkas-dua-{size[0]}")
    # And what is still on its way is above those, nearer to where it was chosen
    page.route("**/lapor/unggah/bagian", lambda route: route.abort())
    choose(page, ("rekaman-loket.mp3", b"\x00" * 5000))
    waiting = page.get_by_role("list", name="Berkas yang belum sampai")
    expect(waiting).to_contain_text("Sambungan terputus")
    in_order(page, waiting)
    looked_at(page, f"berkas-di-jalan-{size[0]}")


def test_ten_files_stand_in_one_list(place: Place) -> None:
    page = place.open()
    choose(page, *[(f"foto-{n}.png", PHOTO[1]) for n in range(10)])
    expect(page.get_by_role("list", name=LIST).get_by_role("listitem")).to_have_count(10, timeout=60_000)
    in_order(page)
    looked_at(page, "berkas-sepuluh")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_without_javascript_the_page_that_comes_back_has_them_there_too_with_what_is_wrong(
    place: Place, size: tuple[int, int]
) -> None:
    page = place.open(java_script_enabled=False, size=size)
    fill_in(page)
    # Given a form that was sent with a file that came, and one that is empty
    choose(page, PHOTO, ("kosong.jpg", b""))
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    # Then the complaint stands between the question and the button, and leads there, and the file under it
    complaint = page.locator(".troubles")
    expect(complaint).to_contain_text("kosong.jpg")
    label, button = top(page.locator("label[for=bukti]")), top(page.locator("#bukti"))
    assert label < top(complaint) < button
    described = page.locator("#bukti").get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described.split()[-1]}").locator(".troubles").count() == 1
    in_order(page)
    looked_at(page, f"berkas-galat-{size[0]}")
