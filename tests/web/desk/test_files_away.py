"""The store of files does not answer while the database does: an exhibit's sheet still says all that is known of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.attaching import exhibits_of, opened, with_files
from tests.clean.making import document, picture, saved
from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser
from tests.web.desk.exhibiting import addresses, open_, path_of, send
from whistle.store.blobs_folder import BlobFolder

Sit = Callable[[str], Browser]
AWAY = "Tempat penyimpanan berkas sedang tidak menjawab."


@contextmanager
def away(office: Inspectorate) -> Iterator[None]:
    """The folder of files is not what is at its place, as with a disk that came off."""
    blobs = office.ctx.blobs
    assert isinstance(blobs, BlobFolder)
    elsewhere = blobs.folder.rename(blobs.folder.with_name("elsewhere"))
    blobs.folder.write_bytes(b"no folder")
    yield
    blobs.folder.unlink()
    elsewhere.rename(blobs.folder)


@pytest.mark.parametrize("data", [picture("JPEG"), saved(document())], ids=["picture", "document"])
def test_the_sheet_says_all_but_the_file_and_leads_to_itself_again(data: bytes, office: Inspectorate, sit: Sit) -> None:
    # Given a file that was opened, and a store that is away now
    case = with_files(office, data, original=True)
    exhibit = opened(office, case)
    assert exhibit.made and exhibit.made.clean
    browser, path = sit("rahma"), path_of(office, case)
    with away(office):
        sheet = browser.get(path)
    # Then the sheet is the desk's, with what is known of the file and no picture that would not come
    assert sheet.status_code == 503 and sheet.headers["Retry-After"] == "120"
    assert AWAY in sheet.text and f'<a class="button primary" href="{path}">Coba lagi</a>' in sheet.text
    assert exhibit.made.clean.sha256.hex() in sheet.text and "Rahma Yuliani membuka berkas ini" in sheet.text
    assert "dari saya.jpg" in sheet.text and "Siapa memegang berkas ini" in sheet.text
    assert addresses(sheet) == [] and f'action="{path}' not in sheet.text and "hilang" not in sheet.text
    # And once the store is back the link does what it says
    assert addresses(browser.get(path)) and AWAY not in browser.get(path).text


def test_a_file_that_nobody_opened_yet_is_not_offered_to_be_opened(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"))
    browser, path = sit("rahma"), path_of(office, case)
    before = browser.get(path)
    with away(office):
        sheet, answer = browser.get(path), send(browser, path, before)
    assert sheet.status_code == 503 and AWAY in sheet.text and "Buka berkas</button>" not in sheet.text
    assert answer.status_code == 503 and AWAY in answer.text
    assert exhibits_of(office, case)[0].made is None


def test_who_asks_for_the_file_itself_stays_at_the_desk(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), original=True)
    browser, path = sit("rahma"), path_of(office, case)
    sheet, warning = open_(browser, path), browser.get(f"{path}/asli")
    with away(office):
        for answer in (
            browser.get(addresses(sheet)[0]),
            send(browser, f"{path}/unduh", sheet),
            send(browser, f"{path}/asli", warning),
        ):
            assert answer.status_code == 503 and answer.headers["Retry-After"] == "120"
            assert AWAY in answer.text and "belum tersimpan" not in answer.text and "Rahma" in answer.text
            for link in (path, f"/meja/kasus/{case.hex()}"):
                assert f'href="{link}"' in answer.text
