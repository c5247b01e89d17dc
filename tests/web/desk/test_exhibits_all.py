"""One button on the case's page opens all of its files, and the page says what came of it."""

import pytest

from tests.attaching import UNKNOWN, exhibits_of, opened, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate
from tests.web.desk.exhibiting import Sit, actions, send
from tests.web.desk.test_files_away import away
from whistle.services import exhibits_all

ALL, DONE = "Buka semua berkas", "Semua berkas sudah dibuka."


def test_one_button_opens_all_files_and_the_page_shows_them(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), UNKNOWN, picture("PNG"))
    browser, home = sit("rahma"), f"/meja/kasus/{case.hex()}"
    # Given the case, with a button that says what it does and what is recorded
    before = browser.get(home)
    assert ALL in before.text and "dicatat sebagai dibuka oleh Anda" in before.text and DONE not in before.text
    # When it is pressed
    answer = send(browser, f"{home}/berkas", before)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{home}?dibuka=all#lampiran")
    # Then each file was opened on record, and the button is gone
    assert actions(office) == ["file-prepare"] * 3
    after = browser.get(f"{home}?dibuka=all")
    assert DONE in after.text and ALL not in after.text and f'action="{home}/berkas"' not in after.text
    assert after.text.count('class="exhibit-small"') == 2 and "belum dibersihkan" in after.text


def test_the_button_counts_what_is_left_and_one_file_alone_needs_none(office: Inspectorate, sit: Sit) -> None:
    case, alone = with_files(office, picture("JPEG"), picture("PNG")), with_files(office, picture("JPEG"))
    opened(office, case)
    browser = sit("rahma")
    assert "Buka 1 berkas yang belum dibuka" in browser.get(f"/meja/kasus/{case.hex()}").text
    assert f'action="/meja/kasus/{alone.hex()}/berkas"' not in browser.get(f"/meja/kasus/{alone.hex()}").text


def test_what_was_left_over_for_want_of_time_or_is_gone_is_said_at_the_list(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, picture("JPEG"), picture("PNG"), picture("JPEG", 3))
    browser, home = sit("rahma"), f"/meja/kasus/{case.hex()}"
    with monkeypatch.context() as patch:
        patch.setattr(exhibits_all, "SECONDS", 0.0)
        came = send(browser, f"{home}/berkas", browser.get(home)).headers["Location"]
    assert came == f"{home}?dibuka=rest#lampiran"
    rest = browser.get(came)
    assert "tekan tombol di bawah sekali lagi" in rest.text and "Buka 2 berkas yang belum dibuka" in rest.text
    office.ctx.blobs.remove(exhibits_of(office, case)[1].id)
    came = send(browser, f"{home}/berkas", rest).headers["Location"]
    assert came == f"{home}?dibuka=gone#lampiran"
    assert "tidak dapat dibaca dari penyimpanan" in browser.get(came).text


def test_with_the_store_of_files_away_the_officer_stays_at_the_desk(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), picture("PNG"))
    browser, home = sit("rahma"), f"/meja/kasus/{case.hex()}"
    before = browser.get(home)
    with away(office):
        answer = send(browser, f"{home}/berkas", before)
    assert answer.headers["Location"] == f"{home}?dibuka=away#lampiran"
    assert "Penyimpanan berkas berhenti menjawab" in browser.get(answer.headers["Location"]).text
    assert actions(office) == []


def test_who_may_not_read_the_case_opens_none_of_its_files(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), picture("PNG"))
    home, stranger, colleague = f"/meja/kasus/{case.hex()}", sit("hendra"), sit("yusuf")
    form = {"csrf": stranger.fill(stranger.get("/meja/akun"), "/meja/keluar")["csrf"]}
    assert stranger.post(f"{home}/berkas", form).status_code == 404
    # Who has not declared is asked first
    theirs = {"csrf": colleague.fill(colleague.get(home), f"{home}/nyatakan")["csrf"]}
    assert colleague.post(f"{home}/berkas", theirs).headers["Location"] == home
    # A form without its token opens nothing, and the address typed leads to the list
    assert sit("rahma").post(f"{home}/berkas", {}).headers.get("Location") != f"{home}?dibuka=all#lampiran"
    assert sit("rahma").get(f"{home}/berkas").headers["Location"] == f"{home}#lampiran"
    assert actions(office) == []
