"""Every page as a person meets it: nothing sticks out, nothing is too small, nothing that axe-core objects to."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import open_first, sign_in
from tests.demonstration import Demonstration

Open = Callable[..., Page]
CHANNEL = [
    "/",
    "/lapor",
    "/lacak",
    "/bantuan",
    "/lapor/selesai",
    "/en/",
    "/en/lapor",
    "/en/lacak",
    "/en/bantuan",
    "/tidak-ada",
]
DESK_PAGES = ["/meja", "/meja/laporan-masuk", "/meja/laporan/2026-10", "/meja/petugas", "/en/meja/laporan-masuk"]
MEASURE = """() => {
  const seen = node => { const b = node.getBoundingClientRect(); return b.width > 1 && b.height > 1 };
  const style = node => getComputedStyle(node);
  const own = node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
  const shown = node => seen(node) && style(node).visibility !== "hidden" && !node.closest("svg");
  const name = node => node.outerHTML.slice(0, 120);
  const small = [...document.querySelectorAll("body *")].filter(node => shown(node) && own(node))
    .filter(node => parseFloat(style(node).fontSize) < 16).map(name);
  const box = node => { const label = node.closest("label") || document.querySelector(`label[for="${node.id}"]`);
    return [node, label].filter(Boolean).map(n => n.getBoundingClientRect()) };
  const controls = "button, select, textarea, summary, input:not([type=hidden]), a.button";
  const targets = [...document.querySelectorAll(controls)].filter(shown)
    .filter(node => !box(node).some(b => b.height >= 43.5)).map(name);
  return {wide: document.documentElement.scrollWidth - window.innerWidth, small, targets};
}"""


def faults(page: Page, problems: Callable[[Page], list[str]]) -> list[str]:
    page.wait_for_load_state()  # after a button was pressed the next page may still be on its way
    for details in page.locator("details:not([open]) > summary").all():
        if details.is_visible():
            details.click()
    found = page.evaluate(MEASURE)
    told = [f"under 16 px: {node}" for node in found["small"]] + [f"under 44 px: {node}" for node in found["targets"]]
    if found["wide"] > 0:
        told.append(f"{found['wide']} px wider than the screen")
    return told + problems(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
@pytest.mark.parametrize("path", CHANNEL)
def test_a_page_of_the_channel_has_no_fault(
    open_page: Open, problems: Callable[[Page], list[str]], path: str, size: tuple[int, int]
) -> None:
    assert faults(open_page(path, size=size), problems) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_the_steps_of_a_report_have_no_fault(
    open_page: Open, problems: Callable[[Page], list[str]], size: tuple[int, int], scheme: str
) -> None:
    page = open_page("/lapor", size=size, color_scheme=scheme)
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    assert page.get_by_role("alert").is_visible()
    assert faults(page, problems) == []
    page.locator("[name=happened][value=uang]").check()
    page.locator("[name=service]").select_option("kependudukan")
    page.locator("[name=office]").select_option("DISDUKCAPIL")
    page.locator("#story").fill("Nama saya Siti, nomor saya 0812 3456 7890, antrean A-023. " + "panjang" * 60)
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    expect(page.locator("mark").nth(1)).to_be_visible()
    assert faults(page, problems) == []
    page.get_by_role("button", name="Kirim dengan aman").click()
    assert faults(page, problems) == []
    words = " ".join(page.locator(".words li").all_inner_texts())
    page.goto("/lacak")
    page.locator("#kata").fill("satu dua")
    page.get_by_role("button", name="Buka laporan saya").click()
    assert faults(page, problems) == []
    page.locator("#kata").fill(words)
    page.get_by_role("button", name="Buka laporan saya").click()
    assert faults(page, problems) == []


def test_letters_of_twice_the_size_fit_the_phone_too(open_page: Open) -> None:
    page = open_page("/")

    def wider() -> int:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    for path in ("/", "/bantuan", "/lacak", "/lapor/selesai", "/lapor"):
        page.goto(path)
        assert wider() <= 0, path
    page.locator("[name=happened][value=uang]").check()
    page.locator("[name=service]").select_option("kependudukan")
    page.locator("[name=office]").select_option("DISDUKCAPIL")
    page.locator("#story").fill("Diminta uang di loket, nomor saya 0812 3456 7890.")
    with page.expect_navigation():
        page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    assert wider() <= 0
    with page.expect_navigation():
        page.get_by_role("button", name="Kirim dengan aman").click()
    assert wider() <= 0
    words = " ".join(page.locator(".words li").all_inner_texts())
    page.goto("/lacak")
    page.locator("#kata").fill(words)
    with page.expect_navigation():
        page.get_by_role("button", name="Buka laporan saya").click()
    assert wider() <= 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_the_desk_has_no_fault(
    open_page: Open, problems: Callable[[Page], list[str]], demonstration_template: Demonstration, size: tuple[int, int]
) -> None:
    page = open_page("/meja", size=size)
    assert faults(page, problems) == []
    page = sign_in(open_page, demonstration_template, "inspektur", size=size)
    for path in DESK_PAGES:
        page.goto(path)
        assert faults(page, problems) == [], path
    page.goto("/meja/laporan-masuk?attention=approve")
    page.locator("a[href*='/kasus/']").first.click()
    assert faults(page, problems) == []
    if page.get_by_role("button", name="Saya tidak punya konflik").count():
        page.get_by_role("button", name="Saya tidak punya konflik").click()
        assert faults(page, problems) == []
    page.get_by_role("link", name="Periksa dan putuskan").click()
    assert faults(page, problems) == []
    page.goto("/meja/laporan-masuk?stage=TELAAH")
    open_first(page)
    page.get_by_role("link", name="Tutup laporan").first.click()
    page.get_by_role("button", name="Tutup").last.click()
    assert faults(page, problems) == []


@pytest.mark.parametrize("login", ["auditor", "admin"])
def test_the_pages_of_those_who_read_nothing_have_no_fault(
    open_page: Open, problems: Callable[[Page], list[str]], demonstration_template: Demonstration, login: str
) -> None:
    page = sign_in(open_page, demonstration_template, login, size=PHONE)
    for path in ["/meja", "/meja/audit" if login == "auditor" else "/meja/petugas", "/meja/laporan-masuk"]:
        page.goto(path)
        assert faults(page, problems) == [], path


def test_the_keyboard_shows_where_it_is(open_page: Open) -> None:
    page = open_page("/lapor")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert outline >= 2


def test_leaving_quickly_leads_to_the_neutral_site_without_saying_where_from(open_page: Open) -> None:
    page = open_page("/lapor")
    link = page.get_by_role("link", name="Keluar cepat").first
    assert link.get_attribute("href") == "https://www.bmkg.go.id/"
    assert "noreferrer" in (link.get_attribute("rel") or "")
    assert page.title() == "Layanan warga"
