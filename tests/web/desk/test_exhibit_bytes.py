"""The bytes of an exhibit as a page or a player gets them: nothing in them runs, and parts are parts."""

from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from tests.attaching import believed, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser
from tests.web.desk.exhibiting import Sit, path_of
from whistle.crypto.stream import CHUNK, FileOpener
from whistle.services import evidence
from whistle.services.exhibits import ticket
from whistle.services.unlock import resume

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
