"""Who may look at an exhibit, and the record of every look."""

from tests.attaching import UNKNOWN, exhibits_of, opened, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate
from tests.web.desk.conftest import Browser
from tests.web.desk.exhibiting import Sit, actions, addresses, open_, path_of, send
from whistle.services import casework


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
