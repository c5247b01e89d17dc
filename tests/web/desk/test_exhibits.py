"""An exhibit at the desk: opened, looked at, played; and what is said where that fails."""

import re

import pytest

from tests.attaching import believed, exhibits_of, opened, reported, with_files
from tests.clean.making import CANARY, document, picture, saved
from tests.clean.offices import word
from tests.clean.recordings import film
from tests.inspectorate import Inspectorate
from tests.web.desk.exhibiting import Sit, addresses, open_, path_of, send
from whistle.clean import sandbox
from whistle.clean.result import NotCleaned
from whistle.services import exhibit_making
from whistle.web.desk import exhibit_view


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
def test_a_film_is_played_on_its_sheet_and_only_there_may_media_load(kind: str, office: Inspectorate, sit: Sit) -> None:
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
