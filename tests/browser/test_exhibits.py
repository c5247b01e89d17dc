"""The files of a case in a real browser: attached, opened, looked at on a phone and at a desk, played, printed."""

import io
import os
import random
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from playwright.sync_api import Error, FilePayload, Page, Response, expect

from tests import inspectorate
from tests.attaching import UNKNOWN, believed
from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import signed_in
from tests.browser.test_pages import faults
from tests.clean.making import document, picture, saved
from tests.clean.offices import word
from tests.clean.recordings import sound
from tests.demonstration import Demonstration
from tests.server import Server
from whistle.services.context import Context, build
from whistle.services.exhibits import ticket
from whistle.services.unlock import resume
from whistle.web.desk.session import COOKIE

Open = Callable[..., Page]
PICTURES = os.environ.get("PELUIT_PICTURES")  # a folder to look at the pages in
FILM = "document.querySelector('video')"
PAGES = 21  # one more than are drawn at once
DISGUISED = b"<!doctype html><html><body onload=\"document.title='ran'\"><script>document.title='ran';alert(1)</script>"


def letter() -> bytes:
    """A document of `PAGES` pages."""
    made, others = document("Halaman 1"), [document(f"Halaman {number}") for number in range(2, PAGES + 1)]
    for other in others:
        made.pages.append(other.pages[0])
    return saved(made)


def noisy_film(seconds: int = 12) -> bytes:
    """A film that compresses badly, so that no player loads all of it at once."""
    out, rng = io.BytesIO(), random.Random(7)
    with av.open(out, "w", format="webm") as container:
        quick = {"deadline": "realtime", "cpu-used": "8", "g": "10"}
        stream: Any = container.add_stream("libvpx", rate=10, options=quick)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 480, 360, "yuv420p", 8_000_000
        for _ in range(seconds * 10):
            frame = av.VideoFrame(480, 360, "yuv420p")
            for plane in frame.planes:
                plane.update(rng.randbytes(plane.buffer_size))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def payload(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def open_case(page: Page, number: int) -> None:
    """One of the list's cases, declared for where that is asked first."""
    page.goto("/meja/laporan-masuk")
    page.locator("main a[href*='/meja/kasus/']").nth(number).click()
    declare = page.get_by_role("button", name="Saya tidak punya konflik")
    if declare.count():
        declare.click()
    expect(page.get_by_role("heading", name="Berkas internal")).to_be_visible()


def attach(page: Page, *files: FilePayload) -> None:
    if not page.locator("details#attach").evaluate("node => node.open"):
        page.locator("details#attach > summary").click()
    page.locator("#attach-text").fill("LHP nomor 700/15/LHP, dan foto loket")
    page.locator("#attach-berkas").set_input_files(list(files))
    page.locator("#attach").get_by_role("button", name="Lampirkan berkas").click()


def open_file(page: Page, label: str) -> None:
    """The first opening of a file on the case's page; its sheet follows."""
    page.locator(f"#{label.lower()}").get_by_role("button", name="Buka berkas").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(label)


def drawn(page: Page, where: str) -> list[int]:
    """The widths of the pictures that the browser could draw, once each is in sight."""
    images = page.locator(where)
    for image in images.all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    return [int(image.evaluate("image => image.naturalWidth")) for image in images.all()]


@pytest.mark.parametrize(
    ("number", "javascript", "size", "scheme"),
    [(0, True, PHONE, "light"), (1, True, DESK, "dark"), (2, False, PHONE, "light"), (3, False, DESK, "light")],
    ids=["360", "1280, dark", "360, without JavaScript", "1280, without JavaScript"],
)
def test_an_officer_attaches_files_and_everybody_looks_at_them_at_the_desk(
    open_page: Open,
    problems: Callable[[Page], list[str]],
    demonstration_template: Demonstration,
    number: int,
    javascript: bool,
    size: tuple[int, int],
    scheme: str,
) -> None:
    def looked_at(name: str) -> None:
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size[0]}-{scheme}-{javascript}.png", full_page=True)
        if javascript:  # axe is a script
            assert faults(page, problems) == [], name

    page = signed_in(open_page, demonstration_template, "rahma", javascript=javascript, size=size, color_scheme=scheme)
    open_case(page, number)
    # Given a form that was sent without any file
    attach(page)
    expect(page.locator("#attach-berkas-error")).to_contain_text("Pilih berkasnya")
    looked_at("lampirkan-galat")
    # When the files are chosen
    attach(
        page, payload("loket.jpg", picture("JPEG", 6)), payload("LHP.pdf", letter()), payload("surat.docx", word()),
        payload("suara.mp3", sound("mp3", 3.0)), payload("sertifikat.p7s", UNKNOWN), payload("foto.jpg", DISGUISED),
    )  # fmt: skip
    expect(page.get_by_text("Berkas terlampir.")).to_be_visible()
    expect(page.get_by_role("heading", name="6 lampiran")).to_be_visible()
    looked_at("kasus-belum-dibuka")
    # Then each is opened, and shown as what it is
    case = page.url.partition("?")[0]
    open_file(page, "I-1")
    assert drawn(page, ".exhibit-view img") == [480], "upright"
    looked_at("berkas-foto")
    page.goto(case)
    open_file(page, "I-2")
    assert len(drawn(page, ".exhibit-pages img")) == PAGES - 1
    looked_at("berkas-pdf")
    page.get_by_role("button", name="Lihat halaman").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"I-2: Halaman {PAGES} dari {PAGES}")
    assert min(drawn(page, ".exhibit-pages img")) > 300
    looked_at("berkas-pdf-halaman")
    page.get_by_role("link", name="Sebelumnya", exact=True).click()
    assert min(drawn(page, ".exhibit-pages img")) > 300
    page.goto(case)
    open_file(page, "I-3")
    expect(page.locator(".exhibit-text")).to_be_visible()
    looked_at("berkas-docx")
    page.goto(case)
    open_file(page, "I-4")
    expect(page.locator("audio")).to_be_visible()
    if javascript:
        page.wait_for_function("() => document.querySelector('audio').duration > 2")
    looked_at("berkas-suara")
    for label in ("I-5", "I-6"):
        page.goto(case)
        open_file(page, label)
        expect(page.get_by_text("belum dibersihkan: buka dengan hati-hati")).to_be_visible()
        looked_at(f"berkas-{label}")
    page.get_by_role("link", name="Unduh yang belum dibersihkan").click()
    looked_at("berkas-peringatan")
    with page.expect_download() as download:
        page.get_by_role("button", name="Saya mengerti, unduh").click()
    assert re.fullmatch(r"[0-9L-]+_I-6_asli\.bin|[0-9a-f]{8}_I-6_asli\.bin", download.value.suggested_filename)
    assert Path(download.value.path()).read_bytes() == DISGUISED
    page.goto(case)
    assert drawn(page, ".exhibit-small img") and "belum dibuka" not in page.locator("main").inner_text()
    cards = page.locator(".exhibit-card")
    out = "one => one.scrollWidth - one.clientWidth"
    assert max(card.evaluate(out) for card in cards.all()) <= 0, "nothing sticks out of a card"
    looked_at("kasus-dibuka")


@pytest.mark.parametrize(
    ("number", "javascript", "size"), [(7, False, PHONE), (8, True, DESK)], ids=["360, without JavaScript", "1280"]
)
def test_one_button_opens_all_files_and_leads_back_to_their_list(
    open_page: Open,
    problems: Callable[[Page], list[str]],
    demonstration_template: Demonstration,
    number: int,
    javascript: bool,
    size: tuple[int, int],
) -> None:
    page = signed_in(open_page, demonstration_template, "rahma", javascript=javascript, size=size)
    open_case(page, number)
    attach(
        page, payload("loket.jpg", picture("JPEG", 6)), payload("sertifikat.p7s", UNKNOWN),
        payload("surat.docx", word()),
    )  # fmt: skip
    button = page.get_by_role("button", name="Buka semua berkas")
    expect(button).to_be_visible()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"semua-sebelum-{size[0]}.png", full_page=True)
    # When it is pressed
    button.click()
    # Then what came of it stands at the list, in sight, and the button is gone
    expect(page.get_by_text("Semua berkas sudah dibuka.")).to_be_in_viewport()
    expect(button).to_have_count(0)
    assert len(drawn(page, ".exhibit-small img")) >= 1
    heading = "Membuka I-1, I-2, dan I-3; I-2 belum dapat dibersihkan"
    expect(page.locator(".inside .entry-head b").filter(has_text=heading)).to_have_count(1)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"semua-sesudah-{size[0]}.png", full_page=True)
    if javascript:
        assert faults(page, problems) == []


def test_seeking_in_a_film_asks_for_the_part_that_is_watched(
    open_page: Open, demonstration_template: Demonstration
) -> None:
    film = noisy_film()
    assert len(film) > 8 * 1024 * 1024
    page = signed_in(open_page, demonstration_template, "yusuf", size=DESK)
    open_case(page, 4)
    attach(page, payload("rekaman.webm", film))
    got: list[tuple[int, str]] = []

    def noted(answer: Response) -> None:
        if answer.request.resource_type == "media":
            got.append((answer.status, answer.request.headers.get("range", "")))

    page.on("response", noted)
    open_file(page, "I-1")
    page.wait_for_function(f"() => {FILM}.readyState >= 1")
    first = len(got)
    # When the film is wound to a place near its end
    page.evaluate(f"{FILM}.currentTime = 10.5")
    page.wait_for_function(f"() => {FILM}.currentTime > 10 && !{FILM}.seeking && {FILM}.readyState >= 2")
    # Then the browser was given parts, and what it asked for last begins in the middle, unless it had all by then
    assert {status for status, _ in got} == {206}
    starts = [int(found[1]) for _, asked in got[first:] if (found := re.match(r"bytes=(\d+)-", asked))]
    assert (starts and min(starts) > 0) or page.evaluate(f"{FILM}.buffered.end({FILM}.buffered.length - 1)") > 10, got
    # And whoever asks for the middle is given the middle
    source = page.locator("video").evaluate("one => one.currentSrc")
    part = page.request.get(source, headers={"Range": "bytes=5000000-5000999"})
    assert (part.status, len(part.body())) == (206, 1000)
    assert part.headers["content-range"] == f"bytes 5000000-5000999/{part.headers['content-range'].split('/')[1]}"
    # And paper has the film's still, and no player
    page.emulate_media(media="print")
    expect(page.locator("video")).to_be_hidden()
    expect(page.locator(".exhibit-view.only-paper img")).to_be_visible()
    assert printed(page, "lembar-video") == 1
    page.emulate_media(media="screen")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "berkas-video.png", full_page=True)


@pytest.fixture
def ctx(served: Server) -> Iterator[Context]:
    """The running server's own store, from outside."""
    built = build(inspectorate.settings(served.folder))
    yield built
    built.store.engine.dispose()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>document.title="ran";alert(1)</script></svg>'
PDF = b"%PDF-1.4\n" + DISGUISED


HOSTILE = [
    (DISGUISED, "image/jpeg"), (SVG, "image/png"), (DISGUISED, "video/mp4"), (DISGUISED, "audio/mpeg"),
    (SVG, "image/svg+xml"), (DISGUISED, "text/html"), (PDF, "application/pdf"), (DISGUISED, "text/xml"),
]  # fmt: skip


def test_nothing_in_a_file_runs_when_its_address_is_opened_by_itself(
    open_page: Open, demonstration_template: Demonstration, served: Server, ctx: Context
) -> None:
    """Even if a file of ill will came as far as a ticket, under whatever type."""
    first = signed_in(open_page, demonstration_template, "inspektur")
    cookie = next(one for one in first.context.cookies() if one["name"] == COOKIE)
    officer = resume(ctx, urlsafe_b64decode(cookie["value"] + "="))
    nowhere, happened = "0" * 32, list[str]()
    for data, media in HOSTILE:
        stored = replace(believed(ctx, data).file, media=media)
        address = f"/meja/kasus/{nowhere}/berkas/{nowhere}/isi?t={ticket(officer, stored, 'nama')}"
        page = first.context.new_page()  # on which nobody listens to what the browser's own viewers complain of
        page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
        try:
            page.goto(address)
        except Error as error:
            assert "Download is starting" in error.message and not media.startswith(("image/jp", "image/png")), media
        page.wait_for_timeout(300)
        assert happened == [] and page.title() != "ran", media
        page.close()


def test_a_link_to_a_folded_form_unfolds_it(open_page: Open, demonstration_template: Demonstration) -> None:
    page = signed_in(open_page, demonstration_template, "inspektur", javascript=False, size=PHONE)
    open_case(page, 6)
    box = page.locator("details#note")
    assert box.get_attribute("open") is None
    page.get_by_role("navigation", name="Tindakan di halaman ini").get_by_role("link", name="Catatan internal").click()
    expect(box.locator("[name=text]")).to_be_visible()
    expect(box.locator("summary")).to_be_in_viewport()


def test_of_a_document_one_page_is_printed_and_the_paper_says_so(
    open_page: Open, demonstration_template: Demonstration
) -> None:
    page = signed_in(open_page, demonstration_template, "inspektur", size=DESK)
    open_case(page, 6)
    attach(page, payload("LHP.pdf", letter()))
    open_file(page, "I-1")
    # Given pages that keep their place before they are drawn
    high = "all => all.map(one => one.getBoundingClientRect().height)"
    heights = page.locator(".exhibit-pages img").evaluate_all(high)
    assert len(heights) == PAGES - 1 and max(heights) < 1.1 * min(heights), "nearly: not all paper is A4"
    page.emulate_media(media="print")
    assert [one.is_visible() for one in page.locator(".exhibit-pages img").all()].count(True) == 1
    line = page.get_by_text(f"Dokumen {PAGES} halaman")
    expect(line).to_be_visible()
    assert re.search("[0-9a-f]{64}", line.inner_text())
    assert printed(page, "lembar-pdf") == 1
    page.emulate_media(media="screen")
    expect(line).to_be_hidden()


def printed(page: Page, name: str) -> int:
    """How many pages of paper a sheet takes."""
    edge = dict.fromkeys(("top", "right", "bottom", "left"), "1.5cm")
    sheet = page.pdf(format="A4", margin=edge, path=f"{PICTURES}/{name}.pdf" if PICTURES else None)
    return len(re.findall(rb"/Type\s*/Page[^s]", sheet))


def test_the_sheet_of_a_photo_is_one_page_of_paper(open_page: Open, demonstration_template: Demonstration) -> None:
    page = signed_in(open_page, demonstration_template, "rahma", size=DESK)
    open_case(page, 5)
    attach(page, payload("loket.jpg", picture("JPEG")))
    open_file(page, "I-1")
    drawn(page, ".exhibit-view img")
    assert printed(page, "lembar") == 1
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Unduh yang sudah bersih").is_visible()
    expect(page.get_by_text("Nama dan tanda tangan")).to_be_visible()
