"""The store is gone: what people see says so, keeps what they typed, and is a page like any other."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import open_first, sign_in
from tests.demonstration import Demonstration
from tests.server import Server

Open = Callable[..., Page]
Check = Callable[[Page], list[str]]
STORY = "Di loket dua saya diminta seratus ribu supaya kartu keluarga selesai hari itu juga."
PICTURES = os.environ.get("PELUIT_PICTURES")


@contextlib.contextmanager
def store_gone(served: Server) -> Iterator[None]:
    """The database's files are moved away, and come back."""
    away = served.folder / "away"
    away.mkdir(exist_ok=True)
    files = list(served.folder.glob("peluit.db*"))
    for path in files:
        path.rename(away / path.name)
    try:
        yield
    finally:
        for path in files:
            (away / path.name).rename(path)


def look(page: Page) -> None:
    """As far as the last button before the report is sent."""
    page.get_by_label("Diminta uang", exact=True).check()
    page.get_by_label("Ini soal layanan apa?").select_option("kependudukan")
    page.get_by_label("Di kantor mana?").select_option("DISDUKCAPIL")
    page.locator("#story").fill(STORY)
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()
    page.wait_for_load_state()  # whole: what is stopped next is not this page's own way here


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_report_that_was_not_sent_stands_on_a_page_that_sends_it_again(
    open_page: Open, served: Server, problems: Check, size: tuple[int, int]
) -> None:
    page = open_page("/lapor", javascript=size == DESK, size=size)
    look(page)
    with store_gone(served):
        for button in ("Kirim dengan aman", "Coba kirim lagi"):
            page.get_by_role("button", name=button).click()
            expect(page.get_by_role("heading", name="Laporan Anda belum terkirim")).to_be_visible()
            expect(page.get_by_text(STORY)).to_be_visible()
            expect(page.get_by_text("dua menit lagi")).to_be_visible()
        assert fits(page)
        keep_picture(page, f"belum-terkirim-{size[0]}")
        if size == DESK:
            assert problems(page) == []
        # And it can still be changed
        page.get_by_role("button", name="Ubah").click()
        expect(page.locator("#story")).to_have_value(STORY)
        page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    page.get_by_role("button", name="Kirim dengan aman").click()
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()


def test_an_officer_reads_that_it_was_not_stored_and_sends_it_again(
    open_page: Open, served: Server, demonstration_template: Demonstration, problems: Check
) -> None:
    page = sign_in(open_page, demonstration_template, "rahma", size=DESK)
    page.goto("/meja/laporan-masuk")
    open_first(page)
    box = page.locator("details#note")
    box.locator("summary").first.click()
    box.locator("[name=text]").fill("Ketikan yang panjang.")
    with store_gone(served):
        box.locator("button").click()
        expect(page.get_by_role("heading", name="Belum tersimpan")).to_be_visible()
        expect(page.locator("[name=text]")).to_have_value("Ketikan yang panjang.")
        assert fits(page) and problems(page) == []
        keep_picture(page, "belum-tersimpan-1280")
        other = open_page("/meja/masuk", size=PHONE)
        other.locator("#login").fill("rahma")
        other.locator("#password").fill("salah")
        other.locator("#code").fill("000000")
        other.get_by_role("button", name="Masuk", exact=True).click()
        expect(other.get_by_text("dua menit lagi")).to_be_visible()
        assert fits(other) and problems(other) == []
        keep_picture(other, "belum-bisa-masuk-360")
    page.locator("main form button").first.click()
    expect(page.get_by_text("Ketikan yang panjang.")).to_be_visible()


def test_a_connection_that_breaks_while_sending_is_mended_by_loading_again(open_page: Open, served: Server) -> None:
    """Nothing of ours can be shown then; the browser has the form still, and sends it once more."""
    page = open_page("/lapor", javascript=False)
    look(page)
    workers = served.workers()
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Kirim dengan aman").click(no_wait_after=True)
    page.wait_for_timeout(300)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    heading = page.get_by_role("heading", name="Laporan Anda sudah kami terima")
    for _ in range(20):
        page.wait_for_timeout(500)
        if heading.count():
            break
        with contextlib.suppress(Error):
            page.reload(timeout=5000)
    expect(heading).to_be_visible()
