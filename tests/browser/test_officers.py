"""An officer comes: invited by admin, makes keys on a phone, is compared and signed in, and reads a new report."""

import os
import re
import time
from base64 import b32decode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import sign_in
from tests.browser.test_pages import faults
from tests.browser.test_walk import report
from tests.demonstration import Demonstration, Login
from whistle.crypto import totp

Open = Callable[..., Page]
PASSWORD = "perahu jukung lewat kuin"
PICTURES = os.environ.get("PELUIT_PICTURES")  # a folder to look at the pages in


@pytest.mark.parametrize(
    ("javascript", "size", "scheme"),
    [(True, PHONE, "light"), (True, DESK, "dark"), (False, PHONE, "light")],
    ids=["360", "1280, dark", "360, without JavaScript"],
)
def test_from_an_invitation_to_the_first_report(
    open_page: Open,
    problems: Callable[[Page], list[str]],
    demonstration_template: Demonstration,
    javascript: bool,
    size: tuple[int, int],
    scheme: str,
) -> None:
    demo, options = demonstration_template, {"javascript": javascript, "size": size, "color_scheme": scheme}
    login = f"siti.{size[0]}.{javascript}".lower()

    def looked_at(page: Page, name: str) -> None:
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size[0]}-{scheme}.png", full_page=True)
        if javascript:  # axe is a script
            assert faults(page, problems) == [], name

    # Given an invitation
    admin = sign_in(open_page, demo, "admin", **options)
    admin.goto("/meja/petugas")
    admin.get_by_role("link", name="Undang petugas").click()
    admin.get_by_role("button", name="Buat tautan").click()
    looked_at(admin, "undang-galat")
    admin.get_by_label("Nama masuk").fill(login)
    admin.get_by_label("Nama lengkap dengan gelar").fill("Siti Aminah, S.H.")
    admin.get_by_label("Unit dan peran").select_option("triase")
    admin.get_by_role("button", name="Buat tautan").click()
    link = admin.get_by_label("Tautan").input_value()
    looked_at(admin, "tautan")
    admin.get_by_role("link", name="Sudah saya salin").click()
    looked_at(admin, "petugas-undangan")
    # When the newcomer opens it and makes keys
    newcomer = open_page(link, **options)
    looked_at(newcomer, "buat-kunci")
    secret = b32decode(newcomer.locator("[name=secret]").input_value())
    newcomer.locator("#new").fill(PASSWORD)
    newcomer.locator("#again").fill("lain")
    newcomer.get_by_role("button", name="Buat kunci saya").click()
    looked_at(newcomer, "buat-kunci-galat")
    newcomer.locator("#new").fill(PASSWORD)
    newcomer.locator("#again").fill(PASSWORD)
    newcomer.locator("#code").fill(totp.code(secret, int(time.time())))
    newcomer.get_by_role("button", name="Buat kunci saya").click()
    words = newcomer.locator(".key-words li").all_inner_texts()
    assert len(words) == 6
    looked_at(newcomer, "kunci-dibuat")
    # and the signer compares the words and signs
    signer = sign_in(open_page, demo, "inspektur", **options)
    signer.goto("/meja/petugas/daftar")
    looked_at(signer, "daftar")
    mine = signer.locator(".person", has_text=login)
    assert mine.locator(".key-words li").all_inner_texts() == words
    mine.get_by_role("checkbox").check()
    signer.get_by_role("button", name="Lihat yang akan ditandatangani").click()
    looked_at(signer, "tinjau")
    assert signer.locator(".key-words li").all_inner_texts() == words
    signer.get_by_label("Kata sandi Anda sekarang").fill(demo.officers["inspektur"].password)
    signer.get_by_role("button", name="Tanda tangani sekarang").click()
    expect(signer.get_by_text("Daftar penerima sudah ditandatangani")).to_be_visible()
    looked_at(signer, "petugas-ditandatangani")
    for path, name in (("tugas", "tugas"), ("delegasi", "delegasi"), ("riwayat", "riwayat")):
        signer.goto(f"/meja/petugas/{path}")
        looked_at(signer, name)
    signer.goto("/meja/petugas")
    signer.get_by_role("link", name="Siti Aminah, S.H.").last.click()
    looked_at(signer, "seorang-petugas")
    # Then a report that comes in now is theirs to read
    story = f"Petugas loket minta uang rokok supaya berkas saya jalan. ({login})"
    report(open_page("/lapor", javascript=javascript, size=PHONE), story)
    officers = {**demo.officers, login: Login(login, "penelaah", PASSWORD, newcomer_secret(secret))}
    siti = sign_in(open_page, replace(demo, officers=officers), login, **options)
    siti.goto("/meja/laporan-masuk?stage=DITERIMA&sort=-received")
    siti.get_by_role("link", name=re.compile("Petugas loket minta uang rokok")).first.click()
    siti.get_by_role("button", name="Saya tidak punya konflik").click()
    expect(siti.get_by_text("Petugas loket minta uang rokok").first).to_be_visible()


def newcomer_secret(secret: bytes) -> str:
    from base64 import b32encode

    return b32encode(secret).decode()
