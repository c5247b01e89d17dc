"""A voice is recorded after a plain warning, heard before it is chosen, and the microphone is let go at once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import CHROMIUM, DESK, PHONE
from tests.browser.test_pages import faults
from tests.browser.uploads import Place, chosen, fill_in, running, send

KEEP = """const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); window.tracks = [];
    navigator.mediaDevices.getUserMedia = async (what) => {
      const stream = await real(what); window.tracks.push(...stream.getTracks()); return stream;
    };"""


@pytest.fixture(scope="module")
def listening(chromium: Browser) -> Iterator[Browser]:
    """A Chromium whose microphone is a beep, and which lets pages have it."""
    args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--no-sandbox"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=args)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def place_of_module(listening: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with running(listening, tmp_path_factory.mktemp("recorder")) as place:
        yield place


@pytest.fixture
def place(place_of_module: Place) -> Iterator[Place]:
    yield place_of_module
    place_of_module.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def record(page: Page, seconds: int = 2) -> None:
    """Past the warning, until the clock shows so much."""
    press(page, "Rekam suara")
    press(page, "Mulai merekam")
    expect(page.locator("[data-clock]")).to_have_text(f"0:0{seconds}", timeout=10_000)


def microphones(page: Page) -> list[str]:
    """The state of each that the page ever had, "live" or "ended"."""
    states: list[str] = page.evaluate("window.tracks.map(track => track.readyState)")
    return states


AWAKE = """window.locks = []; Object.defineProperty(navigator, 'wakeLock', { value: { request: async (kind) => {
      const lock = { kind, released: false, release: async () => { lock.released = true; } };
      window.locks.push(lock); return lock;
    } } });"""
LOCKS = "window.locks.map(lock => `${lock.kind} ${lock.released}`)"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_a_recording_is_heard_and_goes_with_the_report(place: Place, size: tuple[int, int]) -> None:
    page = place.open(size=size, before=KEEP)
    fill_in(page)
    press(page, "Rekam suara")
    expect(page.get_by_text("Suara Anda bisa dikenali. Kalau ragu, tulis saja.")).to_be_visible()
    assert microphones(page) == []
    press(page, "Tidak jadi")
    record(page)
    assert microphones(page) == ["live"]
    press(page, "Berhenti")
    sound = page.locator("audio")
    expect(sound).to_be_visible()
    sound.evaluate("sound => sound.play()")
    page.wait_for_function("sound => sound.currentTime > 0.2 && !sound.error", arg=sound.element_handle())
    assert microphones(page) == ["ended"]
    press(page, "Pakai rekaman ini")
    expect(page.locator("input[name=berkas-ada]")).to_have_count(1, timeout=30_000)
    expect(page.locator("[data-arrived] > ul.files")).to_contain_text("rekaman-1.webm")
    assert chosen(page) == []
    (file,) = place.attached(send(page))
    assert file.file.media in ("audio/webm", "video/webm") and file.state == "clean"
    assert place.content(file.file)[:4] == b"\x1aE\xdf\xa3"  # EBML: what Matroska and WebM begin with


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "made"])
def test_a_form_does_not_go_without_a_recording_that_nobody_decided_on(place: Place, stopped: bool) -> None:
    page = place.open(before=KEEP)
    fill_in(page)
    record(page, 1)
    if stopped:
        press(page, "Berhenti")
        expect(page.locator("audio")).to_be_visible()
    press(page, "Lihat dulu sebelum dikirim")
    expect(page.get_by_role("alert")).to_have_text("Rekaman belum dipilih: pakai atau buang dulu.")
    expect(page.get_by_role("button", name="Pakai rekaman ini")).to_be_focused()
    expect(page.locator("audio")).to_be_in_viewport()
    assert microphones(page) == ["ended"]
    press(page, "Pakai rekaman ini")
    press(page, "Lihat dulu sebelum dikirim")
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()
    expect(page.get_by_text("rekaman-1.webm")).to_be_visible()


def test_a_form_that_is_held_up_by_a_recording_does_not_wait_for_a_file_too(place: Place) -> None:
    page = place.open()
    page.route("**/lapor/unggah/bagian", lambda route: None)  # for ever on its way
    page.locator("input[type=file]").set_input_files(FilePayload(name="a.bin", mimeType="", buffer=b"berkas"))
    record(page, 1)
    press(page, "Lihat dulu sebelum dikirim")
    expect(page.get_by_role("alert")).to_have_text("Rekaman belum dipilih: pakai atau buang dulu.")


NO_SOUND = """navigator.mediaDevices.getUserMedia = async () => {
      const sound = new AudioContext(); await sound.suspend();
      const { stream } = sound.createMediaStreamDestination(); window.tracks = stream.getTracks(); return stream;
    };"""


def test_a_microphone_that_gives_no_sound_is_said_and_holds_nothing_up(place: Place) -> None:
    page = place.open(before=NO_SOUND)
    fill_in(page)
    press(page, "Rekam suara")
    press(page, "Mulai merekam")
    page.wait_for_timeout(2_200)
    expect(page.locator("[data-clock]")).to_have_text("0:00")  # nothing was recorded, and the clock does not say so
    press(page, "Berhenti")
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada suara yang terekam.")
    expect(page.get_by_role("button", name="Coba lagi")).to_be_focused()
    assert microphones(page) == ["ended"]
    press(page, "Lihat dulu sebelum dikirim")
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()


def test_a_form_that_cuts_off_a_recording_without_sound_says_so_and_goes_at_the_next_press(place: Place) -> None:
    page = place.open(before=NO_SOUND)
    fill_in(page)
    press(page, "Rekam suara")
    press(page, "Mulai merekam")
    press(page, "Lihat dulu sebelum dikirim")
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada suara yang terekam.")
    press(page, "Lihat dulu sebelum dikirim")
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()


# Sound comes, and nothing is heard in it: Opus makes some 300 bytes a second of that.
STILLNESS = """navigator.mediaDevices.getUserMedia = async () => {
      const sound = new AudioContext(); await sound.resume();
      const still = sound.createConstantSource(); still.offset.value = 0;
      const out = sound.createMediaStreamDestination(); still.connect(out); still.start(); return out.stream;
    };"""


def test_a_recording_of_a_second_in_a_still_room_is_kept(place: Place) -> None:
    page = place.open(before=STILLNESS)
    fill_in(page)
    record(page, 1)
    press(page, "Berhenti")
    expect(page.locator("audio")).to_be_visible()
    press(page, "Pakai rekaman ini")
    expect(page.locator("input[name=berkas-ada]")).to_have_count(1, timeout=30_000)
    (sent,) = place.carried(page)
    assert sent.size < 1000  # as little as a beginning without sound may have
    (file,) = place.attached(send(page))
    assert place.content(file.file)[:4] == b"\x1aE\xdf\xa3"


def test_a_browser_that_fails_to_record_lets_the_microphone_go(place: Place) -> None:
    fails = "window.MediaRecorder = class { constructor() { throw new DOMException('', 'NotSupportedError'); } };"
    page = place.open(before=KEEP + fails)
    press(page, "Rekam suara")
    press(page, "Mulai merekam")
    expect(page.get_by_role("alert")).to_contain_text("Mikrofon tidak bisa dipakai")
    assert microphones(page) == ["ended"]


def test_each_recording_has_a_number_of_its_own(place: Place) -> None:
    page = place.open()
    fill_in(page)
    for count in (1, 2):
        press(page, "Rekam suara")
        if count == 1:
            press(page, "Mulai merekam")
        expect(page.locator("[data-clock]")).to_have_text("0:01")
        press(page, "Berhenti")
        press(page, "Pakai rekaman ini")
        expect(page.locator("ul.files .file-name").filter(has_text=f"rekaman-{count}.webm")).to_have_count(1)


def test_the_screen_stays_bright_while_something_is_recorded_and_no_longer(place: Place) -> None:
    page = place.open(before=AWAKE)
    record(page, 1)
    assert page.evaluate(LOCKS) == ["screen false"]
    press(page, "Berhenti")
    expect(page.locator("audio")).to_be_visible()
    assert page.evaluate(LOCKS) == ["screen true"]


def test_a_pause_does_not_count_and_what_is_thrown_away_is_not_there(place: Place) -> None:
    page = place.open(before=KEEP)
    record(page, 1)
    press(page, "Jeda")
    clock = page.locator("[data-clock]").text_content()
    page.wait_for_timeout(2_200)
    assert page.locator("[data-clock]").text_content() == clock
    press(page, "Lanjut merekam")
    expect(page.locator("[data-clock]")).to_have_text("0:03", timeout=10_000)
    press(page, "Berhenti")
    press(page, "Buang rekaman")
    expect(page.get_by_role("button", name="Rekam suara")).to_be_visible()
    assert page.locator("audio").get_attribute("src") is None
    assert chosen(page) == [] and page.locator("input[name=berkas-ada]").count() == 0
    press(page, "Rekam suara")  # who was warned once is not warned again
    expect(page.get_by_role("button", name="Berhenti")).to_be_visible()


def test_a_page_that_is_not_seen_does_not_listen(place: Place) -> None:
    page = place.open(before=KEEP)
    record(page, 1)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert microphones(page) == ["ended"]
    expect(page.locator("audio")).to_be_visible()  # what was said until then is not lost
    expect(page.get_by_text("Rekaman berhenti karena layar padam atau halaman ditinggalkan")).to_be_visible()
    press(page, "Buang rekaman")
    page.evaluate("delete document.hidden")
    press(page, "Rekam suara")
    expect(page.locator("[data-clock]")).to_have_text("0:01")
    press(page, "Berhenti")
    expect(page.locator("audio")).to_be_visible()
    assert page.get_by_text("Rekaman berhenti karena").is_hidden()  # that was the one before


def test_leaving_quickly_lets_the_microphone_go(place: Place) -> None:
    page = place.open(before=KEEP)
    page.route("https://www.bmkg.go.id/**", lambda route: route.fulfill(status=204))  # the page stays, to be asked
    record(page, 1)
    with page.expect_request("https://www.bmkg.go.id/"):
        page.get_by_role("link", name="Keluar cepat").first.click()
    place.wrong.remove("https://www.bmkg.go.id/")
    assert microphones(page) == ["ended"]


def test_who_does_not_allow_it_is_told_what_else_to_do(place: Place) -> None:
    refuse = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));"
    page = place.open(before=refuse)
    press(page, "Rekam suara")
    press(page, "Mulai merekam")
    expect(page.get_by_role("alert")).to_contain_text("Mikrofon tidak bisa dipakai")
    expect(page.get_by_role("button", name="Coba lagi")).to_be_visible()


@pytest.mark.parametrize("missing", ["delete window.MediaRecorder", "delete window.DataTransfer", ""])
def test_a_browser_that_cannot_record_shows_no_button(place: Place, missing: str) -> None:
    page = place.open(before=missing, java_script_enabled=bool(missing))
    expect(page.locator("#bukti")).to_be_visible()
    assert page.get_by_role("button", name="Rekam suara").count() == 0


def test_only_a_page_with_a_form_for_files_may_listen(place: Place) -> None:
    page = place.open("/")
    assert not page.evaluate("document.featurePolicy.allowsFeature('microphone')")
    page.goto("/lapor")
    assert page.evaluate("document.featurePolicy.allowsFeature('microphone')")
    assert not page.evaluate("document.featurePolicy.allowsFeature('camera')")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_every_state_of_it_has_no_fault(
    place: Place, problems: Callable[[Page], list[str]], size: tuple[int, int]
) -> None:
    page = place.open(size=size)
    press(page, "Rekam suara")
    assert faults(page, problems) == []
    press(page, "Mulai merekam")
    expect(page.locator("[data-clock]")).to_have_text("0:01")
    assert faults(page, problems) == []
    press(page, "Berhenti")
    expect(page.locator("audio")).to_be_visible()
    assert faults(page, problems) == []


def test_the_keyboard_stays_in_the_recorder(place: Place) -> None:
    page = place.open()
    page.get_by_role("button", name="Rekam suara").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mulai merekam")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Jeda")).to_be_focused()
