"""The whole job in a real browser: a report, a receipt, the desk, a question, an answer, a closing, the figures."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import sign_in
from tests.demonstration import Demonstration

Open = Callable[..., Page]
STORY = (
    "Di loket dua saya diminta seratus ribu supaya kartu keluarga selesai hari itu juga. Ada tarifnya di bawah meja."
)


def report(page: Page, story: str) -> str:
    """Fill in the form as a person in a hurry, look, send, note the words."""
    page.get_by_label("Diminta uang", exact=True).check()
    page.get_by_label("Ini soal layanan apa?").select_option("kependudukan")
    page.get_by_label("Di kantor mana?").select_option("DISDUKCAPIL")
    page.locator("#story").fill(story)
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()
    expect(page.get_by_role("heading", name="Siapa yang akan bisa membaca")).to_be_visible()
    page.get_by_role("button", name="Kirim dengan aman").click()
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    words = page.locator(".words li").all_inner_texts()
    assert len(words) == 8
    return " ".join(words)


def come_back(page: Page, words: str) -> None:
    page.goto("/lacak")
    page.locator("#kata").fill(words.upper().replace(" ", "-"))
    page.get_by_role("button", name="Buka laporan saya").click()
    expect(page.get_by_role("heading", name="Laporan Anda", exact=True)).to_be_visible()


def act(page: Page, folded: str, fill: dict[str, str], button: str) -> None:
    """Open one of the desk's folded forms, fill it in, press its button."""
    box = page.locator(f"details#{folded}")
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()
    for name, value in fill.items():
        field = box.locator(f"[name={name}]").first
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    box.get_by_role("button", name=button).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_report_goes_from_a_phone_to_the_desk_and_its_answer_comes_back(
    open_page: Open, demonstration_template: Demonstration, javascript: bool
) -> None:
    # Given a citizen on a small phone who reports without a name
    story = f"{STORY} ({'dengan' if javascript else 'tanpa'} skrip)"
    phone = open_page("/", javascript=javascript, size=PHONE)
    phone.get_by_role("link", name="Buat laporan").first.click()
    words = report(phone, story)
    phone.get_by_role("link", name="Saya sudah menulis kodenya").click()
    assert phone.context.cookies() == []
    # When triage finds it, declares, classifies and asks
    desk = sign_in(open_page, demonstration_template, "rahma", javascript=javascript, size=DESK)
    desk.goto("/meja/laporan-masuk?stage=DITERIMA&sort=-received")
    desk.get_by_role("link", name=re.compile("Di loket dua saya diminta seratus ribu")).first.click()
    desk.get_by_role("button", name="Saya tidak punya konflik").click()
    expect(desk.get_by_text(story)).to_be_visible()
    title = "Uang percepatan kartu keluarga"
    act(desk, "triage", {"title": title, "category": "pungli", "amount_asked": "100.000"}, "Simpan telaah")
    expect(desk.get_by_role("heading", name=title)).to_be_visible()
    act(desk, "ask", {"text": "Apakah petugas memberi tanda terima?"}, "Kirim pertanyaan ke pelapor")
    # Then the citizen reads the question and answers it
    come_back(phone, words)
    expect(phone.get_by_text("Apakah petugas memberi tanda terima?").first).to_be_visible()
    phone.get_by_label("Jawaban Anda").fill("Tidak ada tanda terima.")
    phone.get_by_role("button", name="Kirim jawaban").click()
    expect(phone.get_by_text("Tulisan Anda sudah kami terima")).to_be_visible()
    # When triage closes what cannot be proven
    desk.reload()
    expect(desk.get_by_text("Tidak ada tanda terima.")).to_be_visible()
    desk.get_by_role("link", name="Tutup laporan").first.click()
    desk.get_by_label("Tidak cukup bukti").check()
    desk.locator("[name=summary]").fill("Tidak ditemukan saksi lain.")
    desk.locator("[name=answer]").fill("Kami tidak menemukan bukti yang cukup. Loket sudah kami awasi.")
    desk.get_by_role("button", name=re.compile("Tutup")).click()
    # Then the citizen reads the answer in plain words
    come_back(phone, words)
    expect(phone.get_by_text("Kami tidak menemukan bukti yang cukup. Loket sudah kami awasi.")).to_be_visible()
    assert "?" not in phone.url
    assert not set(words.split()) & set(re.split(r"[/?&=-]", phone.url))


def test_pimpinan_reads_the_months_figures(open_page: Open, demonstration_template: Demonstration) -> None:
    page = sign_in(open_page, demonstration_template, "inspektur", size=DESK)
    page.goto("/meja/laporan/2026-10")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Oktober 2026")


def test_the_same_report_sent_by_a_double_tap_is_one_report(open_page: Open) -> None:
    page = open_page("/lapor", javascript=True)
    page.get_by_label("Diminta uang", exact=True).check()
    page.get_by_label("Ini soal layanan apa?").select_option("pasar")
    page.get_by_label("Di kantor mana?").select_option("TIDAKTAHU")
    page.locator("#story").fill("Lapak saya dimintai sepuluh ribu tanpa karcis setiap pagi.")
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    page.get_by_role("button", name="Kirim dengan aman").dblclick()
    page.wait_for_timeout(1_500)  # both taps' answers have come; the second one stays
    expect(page.locator(".words li")).to_have_count(8)
    first = page.locator(".words li").all_inner_texts()
    page.reload()
    assert page.locator(".words li").all_inner_texts() == first
    assert len(first) == 8
    expect(page.get_by_text("tidak tercatat dua kali")).to_be_visible()


def test_the_english_walk_stays_in_english(open_page: Open) -> None:
    page = open_page("/en/lapor", locale="en-GB")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("[name=happened][value=uang]").check()
    page.locator("[name=service]").select_option("sekolah")
    page.locator("[name=office]").select_option("DISDIK")
    page.locator("#story").fill("The school asks for money to enrol my daughter.")
    page.locator("form#laporan button[type=submit]").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("button[value=kirim]").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".words li").count() == 8
