"""An exhibit at the desk: opened, looked at, played, downloaded; nothing in it runs, and every look is recorded."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.attaching import UNKNOWN, believed, exhibits_of, opened, reported, with_files
from tests.clean.making import CANARY, document, picture, saved
from tests.clean.offices import word
from tests.clean.recordings import film
from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser
from whistle.clean import sandbox
from whistle.clean.result import NotCleaned
from whistle.crypto.stream import CHUNK, FileOpener
from whistle.services import casework, evidence, exhibit_making
from whistle.services.exhibits import ticket
from whistle.services.unlock import resume
from whistle.store import audit
from whistle.web.desk import exhibit_view

Sit = Callable[[str], Browser]


def path_of(office: Inspectorate, case: bytes, at: int = 0) -> str:
    return f"/meja/kasus/{case.hex()}/berkas/{exhibits_of(office, case)[at].id.hex()}"


def send(browser: Browser, path: str, page: TestResponse) -> TestResponse:
    return browser.post(path, browser.fill(page, path))


def open_(browser: Browser, path: str) -> TestResponse:
    """The first opening, and the sheet that follows."""
    answer = send(browser, path, browser.get(path))
    assert answer.status_code == 303, answer.text
    return browser.get(path)


def addresses(page: TestResponse, what: str = "isi") -> list[str]:
    """The addresses of bytes on a page."""
    return [unescape(found) for found in re.findall(rf'src="([^"]+/{what}\?[^"]+)"', page.text)]


def actions(office: Inspectorate) -> list[str]:
    """What officers did with files, the newest first."""
    with office.ctx.store.read() as tx:
        return [row.action for row in audit.page(tx, 1000) if row.action.startswith("file-")]


def test_a_photo_is_opened_with_a_click_and_then_stands_in_its_place(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"))
    browser, path = sit("rahma"), path_of(office, case)
    # Given the case, which says that there is a file that nobody has opened
    before = browser.get(f"/meja/kasus/{case.hex()}")
    assert "1 lampiran" in before.text and "belum dibuka" in before.text and addresses(before) == []
    assert "beberapa detik" in before.text
    # When it is opened from there
    answer = send(browser, path, before)
    assert answer.status_code == 303 and answer.headers["Location"] == path
    sheet = browser.get(path)
    # Then its sheet shows it, clean, with who had it in hand
    (shown,) = set(addresses(sheet))
    photo = browser.get(shown)
    assert photo.mimetype == "image/jpeg" and photo.data[:3] == b"\xff\xd8\xff" and CANARY.encode() not in photo.data
    assert "dibersihkan" in sheet.text and "lokasi" in sheet.text and "Rahma Yuliani membuka berkas ini" in sheet.text
    assert len(set(re.findall(r"<code>([0-9a-f]{64})</code>", sheet.text))) in (1, 2)
    # And the case shows a small picture of it, and says in the file who opened it
    after = browser.get(f"/meja/kasus/{case.hex()}")
    (small,) = addresses(after)
    assert browser.get(small).mimetype == "image/jpeg"
    assert "Membuka P-1 dan membersihkannya" in after.text and "belum dibuka" not in after.text


def test_each_look_and_each_download_is_recorded_before_a_byte_goes_out(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), original=True)
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path)
    assert actions(office) == ["file-look", "file-prepare", "file-look"]
    browser.get(addresses(sheet)[0])
    send(browser, f"{path}/unduh", sheet)
    send(browser, f"{path}/asli", browser.get(f"{path}/asli"))
    assert actions(office)[:3] == ["file-original", "file-look", "file-download"]
    # And the auditor reads it in words, with the mark that stands on the sheet
    mark = exhibits_of(office, case)[0].mark.hex()[:8]
    log = sit("auditor").get("/meja/audit").text
    assert f'Melihat berkas: <a href="/meja/audit?kasus={mark}"><code>{mark}</code></a>' in log and mark in sheet.text
    for words in ("Membuka dan membersihkan berkas", "Unduh yang bersih", "Unduh aslinya (belum dibersihkan)"):
        assert words in log
    assert path.rpartition("/")[2] not in log and "baris di halaman ini utuh" in log
    assert 'value="file-look"' in log


def test_downloads_have_our_names_and_are_never_shown_in_place(office: Inspectorate, sit: Sit) -> None:
    sent = picture("JPEG")
    case = with_files(office, sent, original=True)
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path)
    clean = send(browser, f"{path}/unduh", sheet)
    raw = send(browser, f"{path}/asli", browser.get(f"{path}/asli"))
    assert clean.headers["Content-Disposition"] == 'attachment; filename="001-11-2026_P-1.jpg"'
    assert raw.headers["Content-Disposition"] == 'attachment; filename="001-11-2026_P-1_asli.jpg"'
    for answer in (clean, raw):
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "dari saya" not in str(answer.headers)
    assert raw.data == sent and CANARY.encode() not in clean.data
    # The sender's own name is on the sheet, where it cannot turn the words around it
    assert "<bdi>dari saya.jpg</bdi>" in sheet.text


def test_what_is_not_clean_comes_only_after_a_warning(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, UNKNOWN)
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path)
    assert "belum dibersihkan: buka dengan hati-hati" in sheet.text and addresses(sheet) == []
    assert f'action="{path}/unduh"' not in sheet.text
    warning = browser.get(f"{path}/asli")
    assert "siapa pelapornya" in warning.text and "tanpa jaringan" in warning.text
    assert browser.post(f"{path}/asli", {}).status_code == 303, "without the warning's own token"
    answer = send(browser, f"{path}/asli", warning)
    assert answer.data == UNKNOWN and answer.headers["Content-Disposition"].endswith('P-1_asli.bin"')


def test_where_there_is_nothing_but_the_clean_file_no_warning_leads_further(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("PNG"))
    browser, path = sit("rahma"), path_of(office, case)
    assert f"{path}/asli" not in open_(browser, path).text
    assert browser.get(f"{path}/asli").headers["Location"] == path


GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize("media", ["image/jpeg", "video/mp4"])
def test_bytes_go_out_in_an_empty_sandbox(media: str, office: Inspectorate, sit: Sit) -> None:
    """Whatever is in a file that an entry calls so."""
    answer = _asked_for(media, office, sit)
    assert answer.headers["Content-Type"] == media
    assert answer.headers["Content-Disposition"].startswith('inline; filename="')
    policy = answer.headers["Content-Security-Policy"]
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "allow-" not in policy
    assert {name: answer.headers[name] for name in GUARDED} == GUARDED


@pytest.mark.parametrize(
    "media",
    ["image/svg+xml", "text/html", "application/pdf", "text/plain", "audio/amr", "image/jpeg; charset=x\r\nX: y"],
)
def test_what_no_browser_shows_safely_goes_out_as_a_recorded_download_only(
    media: str, office: Inspectorate, sit: Sit
) -> None:
    answer = _asked_for(media, office, sit)
    assert answer.status_code == 404 and "document.title" not in answer.text


def _asked_for(media: str, office: Inspectorate, sit: Sit) -> TestResponse:
    """The answer to a ticket for a file of ill will, which an entry says is of that type."""
    stored = replace(believed(office.ctx, b"<script>document.title = 'ran'</script>").file, media=media)
    case = with_files(office, picture("JPEG"))
    browser = sit("rahma")
    return browser.get(f"{path_of(office, case)}/isi?t={_ticket(browser, office, stored)}")


def _ticket(browser: Browser, office: Inspectorate, stored: evidence.Stored) -> str:
    """A ticket of the browser's session."""
    secret = urlsafe_b64decode(f"{browser.cookie()}=")
    return ticket(resume(office.ctx, secret), stored, "nama")


@pytest.fixture
def large(office: Inspectorate, sit: Sit) -> tuple[Browser, str, bytes]:
    """A browser, an address of bytes, and the bytes: three chunks and a piece."""
    data = bytes(range(256)) * 12_500
    assert 3 * CHUNK < len(data) < 4 * CHUNK
    case, browser = with_files(office, picture("JPEG")), sit("rahma")
    text = _ticket(browser, office, believed(office.ctx, data).file)
    return browser, f"{path_of(office, case)}/isi?t={text}", data


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-", 0, None), ("bytes=0-99", 0, 100), (f"bytes={CHUNK - 5}-{CHUNK + 4}", CHUNK - 5, CHUNK + 5),
     (f"bytes={2 * CHUNK}-", 2 * CHUNK, None), ("bytes=-10", -10, None)],
)  # fmt: skip
def test_a_player_gets_the_part_that_it_asks_for(
    asked: str, start: int, stop: int | None, large: tuple[Browser, str, bytes]
) -> None:
    browser, address, data = large
    part = data[start:stop]
    for method in ("GET", "HEAD"):
        answer = browser.client.open(address, method=method, headers={"Range": asked})
        assert answer.status_code == 206 and answer.content_length == len(part)
        first = start % len(data)
        assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(data)}"
        assert answer.data == (part if method == "GET" else b"")


def test_the_whole_file_and_what_lies_behind_it(large: tuple[Browser, str, bytes]) -> None:
    browser, address, data = large
    whole = browser.get(address)
    assert (whole.status_code, whole.data) == (200, data) and whole.headers["Accept-Ranges"] == "bytes"
    head = browser.client.head(address)
    assert (head.status_code, head.content_length, head.data) == (200, len(data), b"")
    behind = browser.client.get(address, headers={"Range": f"bytes={len(data)}-"})
    assert behind.status_code == 416 and behind.headers["Content-Range"] == f"bytes */{len(data)}" and not behind.data
    several = browser.client.get(address, headers={"Range": "bytes=0-1,4-5"})
    assert several.status_code == 200


def test_only_the_chunks_of_a_range_are_decrypted(
    large: tuple[Browser, str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, address, _ = large
    decrypt, opened = FileOpener.open, list[int]()

    def noted(opener: FileOpener, index: int, sealed: bytes) -> bytes:
        opened.append(index)
        return decrypt(opener, index, sealed)

    monkeypatch.setattr(FileOpener, "open", noted)
    assert browser.client.get(address, headers={"Range": f"bytes={2 * CHUNK + 5}-{2 * CHUNK + 50}"}).data
    assert opened == [2]
    opened.clear()
    assert browser.get(address).data
    assert opened == [0, 1, 2, 3], "each once"


def test_bytes_are_for_the_session_that_looked(office: Inspectorate, sit: Sit, nobody: Browser) -> None:
    case = with_files(office, picture("JPEG"))
    browser, path = sit("rahma"), path_of(office, case)
    (address,) = set(addresses(open_(browser, path)))
    assert browser.get(address).status_code == 200
    assert sit("rahma").get(address).status_code == 404  # another session of the same officer
    assert sit("inspektur").get(address).status_code == 404
    assert sit("auditor").get(address).status_code == 403
    assert nobody.get(address).status_code == 303
    assert browser.get(f"{path}/isi").status_code == browser.get(f"{path}/isi?t=x").status_code == 404


def test_who_is_no_reader_finds_no_exhibit_and_who_has_not_declared_is_asked_first(
    office: Inspectorate, sit: Sit
) -> None:
    case = with_files(office, picture("JPEG"))
    path, stranger, colleague = path_of(office, case), sit("hendra"), sit("yusuf")
    home = f"/meja/kasus/{case.hex()}"
    form = {"csrf": stranger.fill(stranger.get("/meja/akun"), "/meja/keluar")["csrf"]}
    for way in ("", "/asli"):
        assert stranger.get(f"{path}{way}").status_code == 404
    for way in ("", "/unduh", "/asli"):
        assert stranger.post(f"{path}{way}", form).status_code == 404
    theirs = {"csrf": colleague.fill(colleague.get(home), f"{home}/nyatakan")["csrf"]}
    assert colleague.get(path).headers["Location"] == home
    for way in ("", "/unduh", "/asli"):
        assert colleague.post(f"{path}{way}", theirs).headers["Location"] == home
    assert actions(office) == []


def test_that_a_colleague_opened_a_file_stops_no_decision(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"))
    casework.declare(office.ctx, office.officer("yusuf"), case)
    browser, home = sit("rahma"), f"/meja/kasus/{case.hex()}"
    form = browser.fill(browser.get(home), f"{home}/tanya", text="Kapan?")
    opened(office, case, login="yusuf")
    assert browser.post(f"{home}/tanya", form).status_code == 303


def test_nothing_is_opened_or_handed_out_without_the_sessions_own_token(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), UNKNOWN)
    opened(office, case, 1)
    browser, before = sit("rahma"), actions(office)
    unopened, raw = path_of(office, case), path_of(office, case, 1)
    for address in (unopened, f"{raw}/unduh", f"{raw}/asli"):
        for csrf in ("", "x" * 88):
            assert browser.post(address, {"csrf": csrf}).status_code == 303
    assert actions(office) == before


def test_a_document_is_read_page_by_page_without_leaving_the_desk(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhibit_making, "PAGES", 1)
    paper, more = document("Satu"), document("Dua")
    paper.pages.append(more.pages[0])
    case = with_files(office, saved(paper))
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path)
    assert len(addresses(sheet)) == 1 and "Halaman 2 sampai 2" in sheet.text
    form = browser.fill(sheet, f"{path}/halaman")
    second = browser.client.get(f"{path}/halaman", query_string={"t": str(form["t"]), "n": "2"})
    (drawn,) = addresses(second, "gambar")
    answer = browser.get(drawn)
    assert answer.mimetype == "image/jpeg" and answer.data[:3] == b"\xff\xd8\xff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="001-11-2026_P-1_2.jpg"'
    # A number that is no page leads to one
    for typed, shown in (("99", "2 dari 2"), ("x", "1 dari 2"), ("", "1 dari 2")):
        page = browser.client.get(f"{path}/halaman", query_string={"t": str(form["t"]), "n": typed})
        assert page.status_code == 200 and shown in page.text
    # And a page that cannot be drawn now is said, with what to do
    monkeypatch.setattr(sandbox, "look", _busy)
    failed = browser.get(drawn)
    assert failed.status_code == 422 and "Muat ulang beberapa menit lagi" in failed.text


def _busy(*_: object) -> None:
    raise NotCleaned("busy")


def test_the_text_of_an_office_document_is_read_on_the_sheet(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, word())
    made = opened(office, case).made
    assert made and made.text
    browser, path = sit("rahma"), path_of(office, case)
    sheet = browser.get(path).text
    found = re.search(r'own-words exhibit-text">(.*?)</div>', sheet, re.S)
    assert found and len(found[1].encode()) >= 10 and CANARY not in found[1]
    monkeypatch.setattr(exhibit_view, "TEXT_SHOWN", 5)
    assert len(re.search(r'exhibit-text">(.*?)</div>', browser.get(path).text, re.S)[1]) <= 5  # type: ignore[index]


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_a_film_is_played_on_its_sheet_and_only_there_may_media_load(
    kind: str, office: Inspectorate, sit: Sit
) -> None:
    case = with_files(office, film(kind))
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path)
    assert re.search(r"<video[^>]* controls preload=\"metadata\" src=", sheet.text)
    assert "media-src 'self'" in sheet.headers["Content-Security-Policy"]
    assert "script-src 'self'" in sheet.headers["Content-Security-Policy"]
    assert "media-src" not in browser.get(f"/meja/kasus/{case.hex()}").headers["Content-Security-Policy"]
    address, still = addresses(sheet)
    assert browser.get(still).mimetype == "image/jpeg", "for paper"
    part = browser.client.get(address, headers={"Range": "bytes=0-9"})
    assert part.status_code == 206 and part.mimetype == f"video/{kind}" and len(part.data) == 10


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_that_is_gone_is_said_with_whom_to_call(when: str, office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, saved(document()))
    browser, path = sit("rahma"), path_of(office, case)
    shown = open_(browser, path) if when == "after" else browser.get(path)
    (file,) = exhibits_of(office, case)
    for one in (*file.attachment.stored, *(file.made.stored if file.made else ())):
        office.ctx.blobs.remove(one.id)
    sheet = browser.get(path)
    assert sheet.status_code == 200 and "tidak dapat dibaca" in sheet.text and "cadangan" in sheet.text
    assert "<img" not in sheet.text and f'action="{path}/unduh"' not in sheet.text
    if when == "before":
        answer = send(browser, path, shown)
    else:
        answer = send(browser, f"{path}/unduh", shown)
        assert browser.get(addresses(shown)[0]).status_code == 409
    assert answer.status_code == 409 and "tidak dapat dibaca" in answer.text
    assert f'href="/meja/kasus/{case.hex()}"' in answer.text


def test_what_was_too_much_for_now_is_tried_again_from_the_sheet(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, picture("JPEG"))
    browser, path = sit("rahma"), path_of(office, case)
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "clean", _busy)
        sheet = open_(browser, path)
    assert "Coba bersihkan lagi" in sheet.text and addresses(sheet) == []
    assert send(browser, path, sheet).status_code == 303
    assert addresses(browser.get(path))


def test_a_file_of_ill_will_shows_nothing_of_itself(office: Inspectorate, sit: Sit) -> None:
    page = b"<html><script>alert(1)</script>"
    case = reported(office, [believed(office.ctx, page)])
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path)
    assert "alert(1)" not in sheet.text and addresses(sheet) == []
    assert "belum dibersihkan" in sheet.text


def test_the_forms_address_typed_leads_to_the_sheet(office: Inspectorate, sit: Sit) -> None:
    path = path_of(office, with_files(office, picture("JPEG")))
    assert sit("rahma").get(f"{path}/unduh").headers["Location"] == path
