"""Files go while the form is filled in; a broken line costs a part of one, and nothing that was typed."""

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import faults
from tests.browser.uploads import STORY, Place, chosen, fill_in, running, send
from tests.clean.making import CANARY, UPRIGHT, exif, picture
from whistle.crypto.stream import CHUNK

PARTS = "**/lapor/unggah/bagian"
BOX = os.urandom(3 * CHUNK + 77)  # of no kind that is cleaned, so that it is kept as it came
HASTE = "const real = setTimeout; window.setTimeout = (fn, ms) => real(fn, ms / 100);"
NO_PAUSE_ENDS = "const real = setTimeout; window.setTimeout = (fn) => real(fn, 1e8);"


@pytest.fixture(scope="module")
def place_of_module(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with running(chromium, tmp_path_factory.mktemp("uploads")) as place:
        yield place


@pytest.fixture
def place(place_of_module: Place) -> Iterator[Place]:
    yield place_of_module
    place_of_module.close()


def photo(width: int, height: int, orientation: int = 1) -> bytes:
    """A photo as a phone takes it, red above and blue below as its sensor lay, with all that betrays its owner."""
    made = Image.new("RGB", (width, height), "blue")
    made.paste("red", (0, 0, width, height // 2))
    out = io.BytesIO()
    made.save(out, "JPEG", exif=exif(orientation))
    return out.getvalue()


def choose(page: Page, *files: tuple[str, str, bytes]) -> None:
    """(name, type, bytes) of each file."""
    payloads = [FilePayload(name=name, mimeType=kind, buffer=data) for name, kind, data in files]
    page.locator("input[type=file]").first.set_input_files(payloads)


def box(name: str = "kotak.bin") -> tuple[str, str, bytes]:
    return name, "application/octet-stream", BOX


def says(page: Page, words: str) -> None:
    """What stands beside a file on its way; a screen reader is told the same."""
    expect(page.locator("[data-text]").filter(has_text=words)).to_be_visible()
    expect(page.locator("[data-upload] > [role=status]")).to_contain_text(words)


def arrived(page: Page, count: int = 1) -> None:
    """All files are in the form's list, and none waits for the form to send it."""
    expect(page.locator("ul.files input[name=berkas-ada]")).to_have_count(count, timeout=30_000)
    assert chosen(page) == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_large_photo_is_made_smaller_on_the_phone_and_holds_nothing_but_the_picture(
    place: Place, size: tuple[int, int]
) -> None:
    page = place.open(size=size)
    fill_in(page)
    choose(page, ("IMG_2041.jpg", "image/jpeg", photo(4000, 3000, UPRIGHT)))
    arrived(page)
    (sent,) = place.carried(page)
    assert CANARY.encode() not in place.content(sent)
    item = page.locator("[data-arrived] > ul.files")
    expect(item).to_contain_text("Lokasi dan data HP tidak ikut: foto diperkecil di HP Anda.")
    (file,) = place.attached(send(page))
    shown = Image.open(io.BytesIO(place.content(file.file)))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (1500, 2000), {})
    left, right = shown.getpixel((100, 1000)), shown.getpixel((1400, 1000))
    assert isinstance(left, tuple) and isinstance(right, tuple)
    assert left[2] > 200 > 60 > left[0] and right[0] > 200 > 60 > right[2]  # turned as it was held


def test_a_photo_that_is_small_enough_goes_as_it_is_and_is_cleaned_at_the_server(place: Place) -> None:
    page, small = place.open(), picture("PNG")
    choose(page, ("layar.png", "image/png", small))
    arrived(page)
    (sent,) = place.carried(page)
    assert place.content(sent) == small
    expect(page.locator("[data-arrived] > ul.files")).to_contain_text("Sudah dibersihkan")


def test_a_screenshot_stays_as_large_as_it_must_be_to_be_read(place: Place) -> None:
    """A PNG, or what is much longer than wide: a chat of many screens, of which 2,000 px would leave nothing."""
    page, sent = place.open(), list[bytes]()
    for kind, size in [("png", (1500, 2400)), ("jpeg", (900, 2700)), ("webp", (900, 2700))]:
        out = io.BytesIO()
        Image.new("RGB", size, "white").save(out, kind)
        sent.append(out.getvalue())
        choose(page, (f"obrolan.{kind}", f"image/{kind}", out.getvalue()))
        arrived(page, len(sent))
    assert [place.content(one) for one in place.carried(page)] == sent


def test_whoever_wants_the_original_kept_sends_it_and_is_told_when_it_is_too_late(place: Place) -> None:
    page, large = place.open(), photo(2400, 1800)
    choose(page, ("dulu.jpg", "image/jpeg", large))
    arrived(page)
    page.get_by_text("Simpan juga aslinya?").click()
    page.locator("#bukti-asli").check()
    expect(page.locator(".details-body [role=status]")).to_contain_text("Foto yang tadi sudah diperkecil")
    expect(page.get_by_text("Foto yang tadi sudah diperkecil")).to_be_visible()
    choose(page, ("kini.jpg", "image/jpeg", large))
    arrived(page, 2)
    before, now = place.carried(page)
    assert place.content(before) != large and place.content(now) == large
    fill_in(page)
    smaller, whole = place.attached(send(page))
    assert smaller.original is None and whole.original is not None
    assert place.content(whole.original) == large


@pytest.mark.parametrize("lie", ["255", "Math.random() * 255"])
def test_a_browser_that_hides_what_is_drawn_sends_the_photo_as_it_is(place: Place, lie: str) -> None:
    """As Tor Browser does: what came out of its canvas would be no photo."""
    hides = f"""const real = CanvasRenderingContext2D.prototype.getImageData;
        CanvasRenderingContext2D.prototype.getImageData = function (...where) {{
          const seen = real.apply(this, where); seen.data.forEach((_, at) => {{ seen.data[at] = {lie}; }}); return seen;
        }};"""
    page, large = place.open(before=hides), photo(2400, 1800)
    choose(page, ("foto.jpg", "image/jpeg", large))
    arrived(page)
    assert [place.content(sent) for sent in place.carried(page)] == [large]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_line_that_breaks_in_the_middle_goes_on_by_itself_and_takes_nothing_that_was_typed(
    place: Place, size: tuple[int, int]
) -> None:
    page = place.open(size=size, before=NO_PAUSE_ENDS)
    sent: list[str] = []

    def breaks(route: Route) -> None:
        sent.append(route.request.headers["peluit-part"])
        if len(sent) == 2:
            page.context.set_offline(True)
            route.abort()
        else:
            route.continue_()

    page.route(PARTS, breaks)
    choose(page, box())
    page.locator("#story").fill(STORY)
    says(page, "Sambungan terputus")
    assert chosen(page) == ["kotak.bin"]
    expect(page.get_by_role("button", name="Lanjutkan kotak.bin")).to_be_visible()
    page.context.set_offline(False)
    arrived(page)
    assert sent == ["0", "1", "1", "2", "3"]
    assert [place.content(one) for one in place.carried(page)] == [BOX]
    assert page.locator("#story").input_value() == STORY


def test_whoever_does_not_want_to_wait_for_the_next_try_presses_a_button(place: Place) -> None:
    page = place.open(before=NO_PAUSE_ENDS)
    broken = [True]
    page.route(PARTS, lambda route: route.abort() if broken[0] else route.continue_())
    choose(page, box())
    button = page.get_by_role("button", name="Lanjutkan kotak.bin")
    button.click()
    says(page, "Sambungan terputus")
    broken[0] = False
    button.click()
    arrived(page)


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(place: Place) -> None:
    page, steps, lost = place.open(), list[str](), list[str]()

    def loses(route: Route) -> None:
        step = route.request.url.rpartition("/")[2] + route.request.headers.get("peluit-part", "")
        steps.append(step)
        if step in lost or step not in ("bagian1", "selesai"):
            route.continue_()
            return
        lost.append(step)
        route.fetch()  # it arrives, and nobody hears of it
        route.abort()

    page.route("**/lapor/unggah/**", loses)
    choose(page, box())
    arrived(page)
    assert lost == ["bagian1", "selesai"]
    assert steps.count("bagian1") == 1  # it was asked what is there, before a part is sent once more
    assert [place.content(one) for one in place.carried(page)] == [BOX]


def test_a_file_that_is_still_cleaned_is_asked_for_with_patience_and_not_sent_again(place: Place) -> None:
    page, steps = place.open(before=HASTE), list[str]()
    making = '{"code": "making", "says": "Berkas sedang dibersihkan…", "there": 4}'

    def slow(route: Route) -> None:
        steps.append(route.request.url.rpartition("/")[2])
        if steps[-1] == "selesai" and steps.count("selesai") <= 8:  # more often than a file is tried
            route.fulfill(status=202, body=making, content_type="application/json; charset=utf-8")
        else:
            route.continue_()

    page.route(re.compile("/lapor/unggah"), slow)
    choose(page, box())
    arrived(page)
    assert steps.count("unggah") == 1 and steps.count("bagian") == 4 and steps.count("selesai") == 9
    assert [place.content(one) for one in place.carried(page)] == [BOX]


def test_workers_that_are_killed_in_the_middle_cost_no_file(place: Place) -> None:
    page = place.open()
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 700_000}
    network.send("Network.emulateNetworkConditions", slow)
    choose(page, box())
    bar = page.get_by_role("progressbar", name="kotak.bin")
    page.wait_for_function("bar => bar.value > 30", arg=bar.element_handle())
    killed = place.server.workers()
    for pid in killed:
        os.kill(pid, 9)
    assert bar.evaluate("bar => bar.value") < 100
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    arrived(page)
    (sent,) = place.carried(page)
    assert hashlib.sha256(place.content(sent)).digest() == sent.sha256 == hashlib.sha256(BOX).digest()
    assert killed and not set(killed) & set(place.server.workers())


def test_what_is_cancelled_is_gone_here_and_there(place: Place) -> None:
    page, before = place.open(), set(place.ctx.blobs.ids())
    page.route(PARTS, lambda route: route.abort() if route.request.headers["peluit-part"] == "2" else route.continue_())
    choose(page, box())
    says(page, "Sambungan terputus")
    assert len(set(place.ctx.blobs.ids()) - before) == 2
    with page.expect_response("**/lapor/unggah/batal"):
        page.get_by_role("button", name="Batalkan kotak.bin").click()
    assert set(place.ctx.blobs.ids()) == before
    assert chosen(page) == [] and page.get_by_role("progressbar").count() == 0


def test_the_form_waits_for_its_files_and_goes_on_by_itself(place: Place) -> None:
    page, held = place.open(), list[Route]()
    fill_in(page)
    page.route(PARTS, lambda route: held.append(route))
    choose(page, ("kwitansi.png", "image/png", picture("PNG")))
    look_at_once(page, held)
    waits = page.get_by_role("alert")
    expect(waits).to_contain_text("Masih ada berkas yang sedang dikirim")
    assert waits.evaluate("node => node.parentNode.id") == "laporan"  # beside the button, and not far above it
    held[0].continue_()
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()
    expect(page.get_by_text("kwitansi.png")).to_be_visible()


def look_at_once(page: Page, held: list[Route]) -> None:
    """Press the form's button while a part is held up."""
    while not held:
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()


def test_whoever_cannot_wait_goes_on_without_the_file(place: Place) -> None:
    page = place.open()
    fill_in(page)
    page.route(PARTS, lambda route: route.abort())
    choose(page, box())
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    page.get_by_role("button", name="Lanjut tanpa berkas itu").click()
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()
    assert page.get_by_text("kotak.bin").count() == 0
    assert place.attached(send_on(page)) == []


def send_on(page: Page) -> str:
    page.get_by_role("button", name="Kirim dengan aman").click()
    expect(page.locator(".words li")).to_have_count(8)
    return " ".join(page.locator(".words li").all_inner_texts())


def test_a_file_that_asks_something_is_not_passed_over_by_a_form_that_waited(place: Place) -> None:
    page, held = place.open(), list[Route]()
    fill_in(page)
    page.route(PARTS, lambda route: held.append(route) if not held else route.continue_())
    choose(page, box())
    look_at_once(page, held)
    held[0].continue_()
    arrived(page)
    expect(page.locator("ul.files > li").filter(has_text="Tetap kirim apa adanya")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("belum lanjut: “kotak.bin” perlu Anda putuskan dulu")
    expect(page.locator("[data-upload] > [role=status]")).to_contain_text("kotak.bin: Perlu Anda putuskan:")
    expect(page.get_by_role("heading", name="Buat laporan")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Tetap kirim apa adanya")).to_have_accessible_description("kotak.bin")
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()


def test_a_form_that_waited_says_which_file_did_not_arrive(place: Place) -> None:
    page, held = place.open(), list[Route]()
    fill_in(page)
    page.route(PARTS, lambda route: held.append(route))
    choose(page, box())
    look_at_once(page, held)
    held[0].fulfill(status=413, body='{"code": "large", "says": "Lebih besar dari 200 MB.", "there": 0}')
    row = page.locator("ul.files > li").filter(has_text="Lebih besar dari 200 MB.")
    expect(row).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("belum lanjut: “kotak.bin” tidak sampai")
    row.get_by_role("button", name="Hapus dari daftar kotak.bin").click()
    assert row.count() == 0


def test_what_the_script_gives_up_on_goes_with_the_form(place: Place) -> None:
    page = place.open()
    fill_in(page)
    page.route(PARTS, lambda route: route.fulfill(status=403, body="proxy"))
    choose(page, ("kwitansi.png", "image/png", picture("PNG")))
    says(page, "Berkas ini tetap terpilih")
    assert chosen(page) == ["kwitansi.png"]
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()
    expect(page.get_by_text("kwitansi.png")).to_be_visible()
    assert len(place.carried(page)) == 1


def test_a_server_that_cannot_store_is_asked_again_and_not_for_ever(place: Place) -> None:
    page, asked = place.open(before=HASTE), list[str]()
    refusal = '{"code": "unavailable", "says": "penuh", "there": 0}'

    def full(route: Route) -> None:
        asked.append(route.request.headers["peluit-part"])
        route.fulfill(status=503, body=refusal)

    page.route(PARTS, full)
    choose(page, ("kwitansi.png", "image/png", picture("PNG")))
    says(page, "Berkas ini tetap terpilih")
    assert asked == ["0"] * 4 and chosen(page) == ["kwitansi.png"]


def test_a_file_that_the_phone_cannot_read_any_more_is_said_and_does_not_break_the_form(place: Place) -> None:
    """A browser that sends a form with such a file shows an error page of its own, and what was typed is lost."""
    gone = "Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError'));"
    page = place.open(before=gone)
    page.route(PARTS, lambda route: route.abort())
    choose(page, box())
    says(page, "tidak bisa dibaca lagi di HP Anda")
    assert chosen(page) == []


def test_what_no_form_takes_either_is_said_and_not_left_to_it(place: Place) -> None:
    page = place.open()
    small = [(f"{n}.png", "image/png", picture("PNG")) for n in range(10)]
    choose(page, ("kosong.jpg", "image/jpeg", b""), *small, ("satu-lagi.png", "image/png", picture("PNG")))
    beside = page.locator("[data-text]")
    expect(beside.filter(has_text="berkasnya kosong")).to_be_visible()
    expect(beside.filter(has_text="paling banyak 10 berkas. Sisanya")).to_have_count(1)
    arrived(page, 10)
    expect(page.get_by_role("list", name="Berkas yang sudah sampai").get_by_role("listitem")).to_have_count(10)


def test_a_file_goes_with_a_message_too(place: Place) -> None:
    page = place.open()
    fill_in(page)
    words = send(page)
    page.goto("/lacak")
    page.locator("#kata").fill(words)
    page.get_by_role("button", name="Buka laporan saya").click()
    choose(page, ("foto.jpg", "image/jpeg", photo(2400, 1800)))
    arrived(page)
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.get_by_text("Berkas Anda sudah kami terima")).to_be_visible()
    (file,) = place.attached(words)
    assert Image.open(io.BytesIO(place.content(file.file))).size == (2000, 1500)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_page_with_a_file_on_its_way_has_no_fault(
    place: Place, problems: Callable[[Page], list[str]], size: tuple[int, int]
) -> None:
    page = place.open(size=size)
    page.route(PARTS, lambda route: route.abort() if route.request.headers["peluit-part"] == "1" else route.continue_())
    choose(page, box("nama-yang-panjang-sekali-" * 6 + ".bin"))
    says(page, "Sambungan terputus")
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    assert page.get_by_role("progressbar").get_attribute("value") == "33"
    assert faults(page, problems) == []


def test_without_javascript_the_form_sends_its_files_itself(place: Place) -> None:
    page = place.open(java_script_enabled=False)
    fill_in(page)
    choose(page, ("kwitansi.png", "image/png", picture("PNG")))
    assert page.get_by_role("progressbar").count() == 0
    (file,) = place.attached(send(page))
    assert file.state == "clean"
