"""What of an exhibit leaves the desk as a file: under our name, and the unclean only after a warning."""

from tests.attaching import UNKNOWN, with_files
from tests.clean.making import CANARY, picture
from tests.inspectorate import Inspectorate
from tests.web.desk.exhibiting import Sit, addresses, open_, path_of, send


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
