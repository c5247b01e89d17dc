"""Take README's pictures of the running demonstration: `make pictures`, or this module with a folder.

With ``--all`` every page is taken at both widths, with JavaScript on and off, light and dark, to be looked at.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, DESK, PHONE
from tests.browser.desk import sign_in
from tests.demonstration import Demonstration, prepared_once
from tests.server import Server, serving

README = {"beranda", "lapor", "kode", "laporan-saya", "meja", "perkara", "laporan"}
STORY = (
    "Saya mengurus kartu keluarga di loket dua. Petugas bilang bisa selesai hari ini kalau ada seratus ribu, "
    "padahal di dinding tertulis gratis. Saya diberi nomor antrean A-023 dan disuruh menunggu di tangga."
)


class Camera:
    """Opens pages of one server and keeps their pictures: whole pages, or the first screen of ``only`` some."""

    def __init__(
        self, browser: Browser, server: Server, folder: Path, only: frozenset[str] = frozenset(), **options: object
    ) -> None:
        self.browser, self.server, self.folder, self.only, self.options = browser, server, folder, only, options

    def open(self, path: str = "/", *, size: tuple[int, int] = PHONE, **more: object) -> Page:
        context = self.browser.new_context(
            base_url=self.server.base,
            viewport={"width": size[0], "height": size[1]},
            locale="id-ID",
            **{**self.options, **more},
        )
        page = context.new_page()
        page.goto(path)
        return page

    def take(self, page: Page, name: str) -> None:
        if self.only and name not in self.only:
            return
        width = page.viewport_size["width"] if page.viewport_size else 0
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=not self.only)


def channel(camera: Camera, size: tuple[int, int]) -> None:
    """Home, form, errors, look, receipt, the way back, help."""
    page = camera.open("/", size=size)
    camera.take(page, "beranda")
    page.goto("/lapor")
    camera.take(page, "lapor")
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    camera.take(page, "lapor-galat")
    page.locator("[name=happened][value=uang]").check()
    page.locator("[name=service]").select_option("kependudukan")
    page.locator("[name=office]").select_option("DISDUKCAPIL")
    page.locator("#story").fill(STORY)
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    camera.take(page, "periksa")
    page.get_by_role("button", name="Kirim dengan aman").click()
    camera.take(page, "kode")
    page.goto("/lapor/selesai")
    camera.take(page, "selesai")
    for path, name in (("/lacak", "lacak"), ("/bantuan", "bantuan"), ("/tidak-ada", "tidak-ada")):
        page.goto(path)
        camera.take(page, name)


def follow_up(camera: Camera, demo: Demonstration, size: tuple[int, int]) -> None:
    """A case that waits for its reporter."""
    page = camera.open("/lacak", size=size)
    page.locator("#kata").fill(next(iter(demo.receipts.values())))
    page.get_by_role("button", name="Buka laporan saya").click()
    camera.take(page, "laporan-saya")


def desk(camera: Camera, demo: Demonstration, size: tuple[int, int]) -> None:
    """Sign-in, home, list, a case before and after declaring, a closing to approve, the month's figures."""
    page = camera.open("/meja", size=size)
    camera.take(page, "masuk")
    page = sign_in(camera.open, demo, "inspektur", size=size)
    camera.take(page, "meja-beranda")
    for path, name in (
        ("/meja/laporan-masuk", "meja"),
        ("/meja/laporan-masuk?text=tidakadayangcocok", "meja-kosong"),
        ("/meja/laporan/2026-10", "laporan"),
        ("/meja/petugas", "petugas"),
        ("/meja/laporan-masuk?attention=approve", "menunggu"),
    ):
        page.goto(path)
        camera.take(page, name)
    page.locator("a[href*='/kasus/']").first.click()
    camera.take(page, "nyatakan")
    declare = page.get_by_role("button", name="Saya tidak punya konflik")
    if declare.count():
        declare.click()
    camera.take(page, "perkara")
    page.get_by_role("link", name="Periksa dan putuskan").click()
    camera.take(page, "setuju")
    page.goto("/meja/laporan-masuk?stage=TELAAH")
    page.locator("a[href*='/kasus/']").first.click()
    if declare.count():
        declare.click()
    page.get_by_role("link", name="Tutup laporan").first.click()
    camera.take(page, "tutup")


def main(folder: Path, everything: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        demo = prepared_once(Path(scratch))
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        with serving(demo.folder, Path(scratch) / "log") as server:
            if not everything:
                camera = Camera(browser, server, folder, frozenset(README))
                channel(camera, PHONE)
                follow_up(camera, demo, PHONE)
                desk(camera, demo, DESK)
                return
            looks = {"terang": {}, "gelap": {"color_scheme": "dark"}, "tanpa-skrip": {"java_script_enabled": False}}
            for look, options in looks.items():
                for size in (PHONE, DESK):
                    camera = Camera(browser, server, folder / look, **options)
                    channel(camera, size)
                    follow_up(camera, demo, size)
                    if look != "tanpa-skrip":
                        desk(camera, demo, size)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--all" in sys.argv)
