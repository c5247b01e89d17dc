"""A lost phone and keys for a newcomer, in a real browser, with JavaScript and without."""

import time
from base64 import b32decode
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import admitting, inspectorate
from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import sign_in
from tests.browser.test_pages import faults
from tests.demonstration import Demonstration
from tests.inspectorate import Inspectorate
from tests.server import Server
from whistle.crypto import totp
from whistle.domain.clock import SystemClock
from whistle.services.context import Context, Trust
from whistle.services.setup import Credentials
from whistle.store.database import Store, make_engine

Open = Callable[..., Page]


def beside(served: Server, demo: Demonstration) -> Inspectorate:
    """The served inspectorate from beside the server, on the machine's own clock."""
    config = inspectorate.settings(served.folder)
    ctx = Context(Store(make_engine(config.database_url)), Trust(config.keys_dir), SystemClock(), config)  # type: ignore[arg-type]
    everybody = demo.officers.values()
    known = {o.login: Credentials(o.login, o.login, o.role, o.password, b32decode(o.totp)) for o in everybody}
    return Inspectorate(ctx, SystemClock(), known, {})  # type: ignore[arg-type]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_lost_phone_is_replaced_with_a_colleagues_words(
    open_page: Open, problems: Callable[[Page], list[str]], demonstration_template: Demonstration, javascript: bool
) -> None:
    login = "hendra" if javascript else "lestari"
    who = demonstration_template.officers[login]
    # Given an officer whose phone is lost, who asks a colleague
    phone = open_page("/meja/masuk", javascript=javascript, size=PHONE)
    phone.get_by_role("link", name="Ponsel hilang atau ganti?").click()
    assert not javascript or faults(phone, problems) == []
    colleague = sign_in(open_page, demonstration_template, "rahma", javascript=javascript, size=DESK)
    colleague.goto("/meja/akun")
    assert not javascript or faults(colleague, problems) == []
    colleague.get_by_role("link", name="Bantu rekan masuk").click()
    name = "Hendra Saputra, Irban Wilayah I" if javascript else "Lestari Handayani, Irban Wilayah II"
    colleague.get_by_label("Rekan yang kehilangan ponsel").select_option(label=name)
    colleague.get_by_label("Kata sandi Anda sekarang").fill(demonstration_template.officers["rahma"].password)
    assert not javascript or faults(colleague, problems) == []
    colleague.get_by_role("button", name="Buat kata-kata").click()
    words = colleague.locator(".said-words").inner_text()
    assert not javascript or faults(colleague, problems) == []
    # When they sign in with the words and scan the new code
    phone.locator("#login").fill(login)
    phone.locator("#password").fill(who.password)
    phone.locator("#words").fill(words.upper())
    phone.get_by_role("button", name="Masuk", exact=True).click()
    expect(phone.get_by_role("heading", name="Pasang aplikasi autentikator")).to_be_visible()
    assert not javascript or faults(phone, problems) == []
    phone.goto("/meja/laporan-masuk")
    expect(phone.get_by_role("heading", name="Pasang aplikasi autentikator")).to_be_visible()
    secret = b32decode(phone.locator(".steps code").text_content().replace(" ", ""))  # type: ignore[union-attr]
    phone.locator("#code").fill(totp.code(secret, int(time.time())))
    phone.get_by_role("button", name="Pakai aplikasi ini").click()
    # Then the desk is open, and says who helped
    expect(phone.get_by_role("heading", name="Akun saya")).to_be_visible()
    expect(phone.get_by_text("memberi kata-kata pengganti ponsel untuk Anda")).to_be_visible()
    assert not javascript or faults(phone, problems) == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_newcomer_is_given_the_cases_that_were_there_before(
    open_page: Open,
    problems: Callable[[Page], list[str]],
    served: Server,
    demonstration_template: Demonstration,
    javascript: bool,
) -> None:
    # Given a newcomer to triage, admitted by signature
    office = beside(served, demonstration_template)
    login = "siti" if javascript else "tuti"
    admitting.admit(office, admitting.keyed(office, login, "penelaah", "triase"))
    page = sign_in(open_page, demonstration_template, "yusuf", javascript=javascript, size=DESK)
    page.goto("/meja/laporan-masuk")
    page.get_by_role("link", name="Kunci untuk rekan").click()
    line = page.locator("section", has_text=f"Baru {login.title()}")
    assert not javascript or faults(page, problems) == []
    # When the colleague clicks once; without JavaScript as often as it takes
    line.get_by_role("button", name="Beri kunci").click()
    if not javascript:
        while line.get_by_role("button", name="Lanjutkan").count():
            line.get_by_role("button", name="Lanjutkan").click()
    expect(line.get_by_text("kasus diberi kunci.")).to_contain_text("Selesai", timeout=60_000)
    assert not javascript or faults(page, problems) == []
    # Then the newcomer's list holds them
    who = office.credentials[login]
    newcomer = open_page("/meja", javascript=javascript, size=PHONE)
    newcomer.fill("#login", login)
    newcomer.fill("#password", who.password)
    newcomer.fill("#code", totp.code(who.totp_secret, int(time.time())))
    newcomer.get_by_role("button", name="Masuk", exact=True).click()
    expect(newcomer.locator("table.cases tbody tr").first).to_be_visible()
    office.ctx.store.engine.dispose()
