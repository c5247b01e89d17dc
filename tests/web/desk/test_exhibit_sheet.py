"""The sheet of an exhibit, and what other pages say of it: in words that a tired inspector takes in at a glance."""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import docx
import pytest

from tests.attaching import UNKNOWN, exhibits_of, opened, uploaded, with_files
from tests.clean.making import UPRIGHT, cleaned, document, many_pages, picture, saved
from tests.clean.making import opened as opened_picture
from tests.clean.offices import sheet as sheet_of_cells
from tests.clean.offices import word
from tests.clean.recordings import film, sound, voice
from tests.clean.test_media import duration
from tests.inspectorate import Inspectorate, act
from tests.services.verify.checking import codes
from tests.web.desk.conftest import Browser
from tests.web.desk.exhibiting import addresses, open_, path_of
from whistle.casefile.attachments import Stored
from whistle.casefile.exhibits import Prepared
from whistle.services import casework, exhibit_making, exhibits
from whistle.services.closing import close
from whistle.services.views import Closing

Sit = Callable[[str], Browser]


def attached(office: Inspectorate, case: bytes, data: bytes, name: str) -> None:
    """An officer's own file."""
    uploads = [uploaded(office.ctx, data, name)]
    exhibits.attach(office.ctx, office.officer("rahma"), case, act(), "Dari pemeriksaan", uploads)


def stored_bytes(office: Inspectorate, stored: Stored) -> bytes:
    """What is in a stored file."""
    return exhibits.content(office.ctx, stored).read(0, stored.size)


def words(html: str) -> str:
    """What is read of a page or a piece of one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def test_a_long_document_says_its_length_and_is_leafed_through_from_the_top(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhibit_making, "PAGES", 1)
    case = with_files(office, many_pages(2))
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path).text
    # Then its length stands beside its size, and what can be done with it before its pages
    assert re.search(r'class="tag[^"]*">2 halaman</span>', sheet)
    top = sheet.partition('class="exhibit-pages"')[0]
    assert f'action="{path}/halaman"' in top and f'action="{path}/unduh"' in top
    # And paper, which holds the first alone, says where the others are
    (exhibit,) = exhibits_of(office, case)
    assert exhibit.made and exhibit.made.clean
    line = re.search(r'<p class="only-paper sha256">(.*?)</p>', sheet)
    assert line and "2 halaman" in line[1] and exhibit.made.clean.sha256.hex() in line[1]
    # When the other is asked for
    form = browser.fill(browser.get(path), f"{path}/halaman")
    page = browser.client.get(f"{path}/halaman", query_string={"t": str(form["t"]), "n": "2"})
    # Then it is named by the exhibit's label, leads to its picture alone, and on to any other page
    assert "<h1>P-1: Halaman 2 dari 2</h1>" in page.text
    (drawn,) = addresses(page, "gambar")
    assert f'<a href="{drawn}">' in unescape(page.text)
    assert browser.fill(page, f"{path}/halaman") == form


@pytest.mark.parametrize(
    ("data", "size"),
    [(picture("JPEG", UPRIGHT), (480, 640)), (film("webm"), (320, 240)), (saved(document()), None)],
    ids=["photo", "film", "document"],
)
def test_what_is_shown_has_its_room_before_it_comes(
    data: bytes, size: tuple[int, int] | None, office: Inspectorate, sit: Sit
) -> None:
    case = with_files(office, data)
    made = opened(office, case).made
    assert made
    size = size or opened_picture(stored_bytes(office, made.pictures[0])).size
    sheet = sit("rahma").get(path_of(office, case)).text
    assert re.search(rf'<(img|video)[^>]* width="{size[0]}" height="{size[1]}"', sheet)
    assert sheet.count(' height="') == 1


def test_a_file_that_was_opened_before_sizes_were_noted_is_shown_without(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, saved(document()))

    def as_before(made: Prepared, file: bytes) -> dict[str, object]:
        return {key: value for key, value in now(made, file).items() if key != "sizes"}

    now = Prepared.to_dict
    monkeypatch.setattr(Prepared, "to_dict", as_before)
    made = opened(office, case).made
    assert made and made.pictures and made.sizes == ()
    sheet = sit("rahma").get(path_of(office, case))
    assert addresses(sheet) and ' height="' not in sheet.text


def test_why_the_desks_copy_has_another_sum_is_said(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), picture("PNG"))
    again, same = (opened(office, case, at) for at in range(2))
    assert again.made and again.made.clean and again.made.clean.sha256 != again.attachment.file.sha256
    assert same.made and same.made.clean and same.made.clean.sha256 == same.attachment.file.sha256
    browser, why = sit("rahma"), "Dibuat ulang di ruang terkunci meja, karena itu angkanya lain."
    assert why in browser.get(path_of(office, case)).text
    assert why not in browser.get(path_of(office, case, 1)).text


def test_an_officers_file_is_shown_under_its_name_and_a_reporters_never(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("JPEG"), original=True)
    attached(office, case, saved(document()), "LHP <700>.pdf")
    browser, home = sit("rahma"), f"/meja/kasus/{case.hex()}"
    before = browser.get(home).text
    assert before.count("<bdi>LHP &lt;700&gt;.pdf</bdi>, ") == 2, "in the list and on its card"
    assert "dari saya.jpg" not in before
    assert "belum dibuka di meja" in before
    opened(office, case, 1)
    after = browser.get(home).text
    assert "salinannya dibersihkan" in after and "belum dibuka di meja" not in after
    assert "Nama berkas <bdi>" in browser.get(path_of(office, case, 1)).text.replace("</dt><dd>", " ")


@pytest.mark.parametrize("data", [word(), sheet_of_cells()], ids=["document", "sheet"])
def test_that_an_office_document_is_shown_as_its_text_alone_is_said(
    data: bytes, office: Inspectorate, sit: Sit
) -> None:
    case = with_files(office, data, saved(document()))
    browser, said = sit("rahma"), "isi teksnya saja, tanpa gambar"
    sheet = open_(browser, path_of(office, case)).text
    assert said in sheet.partition('class="panel own-words')[0] and f'action="{path_of(office, case)}/unduh"' in sheet
    assert said not in open_(browser, path_of(office, case, 1)).text, "of a PDF the pages are shown"


def test_of_a_long_text_the_sheet_says_that_it_is_the_beginning(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, word(), in_word("é" * 60_000))
    browser, said = sit("rahma"), "Ini baru bagian awalnya"
    assert said not in open_(browser, path_of(office, case)).text
    assert said in open_(browser, path_of(office, case, 1)).text


def in_word(text: str) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("data", "extension"), [(sound("amr", 2.0), "amr"), (voice("3gp", 2.0), "3gp")])
def test_what_no_browser_plays_is_heard_as_a_copy_and_downloaded_as_it_is(
    data: bytes, extension: str, office: Inspectorate, sit: Sit
) -> None:
    case = with_files(office, data)
    browser, path = sit("rahma"), path_of(office, case)
    sheet = open_(browser, path)
    assert "salinan untuk didengarkan" in sheet.text and "<audio" in sheet.text
    # Then what is heard is as long, comes in parts, and is sealed in the store as the rest is
    (address,) = addresses(sheet)
    heard, part = browser.get(address), browser.client.get(address, headers={"Range": "bytes=100-199"})
    assert heard.mimetype == "audio/ogg" and duration(heard.data) == pytest.approx(2.0, abs=0.1)
    assert (part.status_code, part.data) == (206, heard.data[100:200])
    (exhibit,) = exhibits_of(office, case)
    assert exhibit.made and exhibit.made.heard and exhibit.made.heard in exhibit.made.stored
    assert codes(office, "rahma") == set()
    # And what is downloaded, and what the chain of custody names, is the recording
    download = browser.post(f"{path}/unduh", browser.fill(sheet, f"{path}/unduh"))
    assert download.headers["Content-Disposition"] == f'attachment; filename="001-11-2026_P-1.{extension}"'
    assert hashlib.sha256(download.data).hexdigest() in sheet.text
    assert exhibit.made.heard.sha256.hex() not in sheet.text


@pytest.mark.parametrize("why", ["damaged", "busy", ""], ids=["for good", "for now", "of before copies were made"])
def test_where_there_is_no_copy_to_hear_there_is_no_player(
    why: str, office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, sound("amr"))
    with monkeypatch.context() as patch:
        patch.setattr(exhibit_making, "_heard", lambda _ctx, _installation, made, _clean: replace(made, why=why))
        first = opened(office, case)
    browser, path = sit("rahma"), path_of(office, case)
    sheet = browser.get(path)
    assert "Peramban tidak memutar rekaman jenis ini" in sheet.text and f'action="{path}/unduh"' in sheet.text
    assert "<audio" not in sheet.text and addresses(sheet) == []
    # And a copy can be asked for, unless it was found that there can be none; the clean file stays the same
    assert ("Buat salinan untuk didengarkan" in sheet.text) == (why != "damaged")
    if why != "damaged":
        again = open_(browser, path)
        last = exhibits_of(office, case)[0].made
        assert addresses(again) and first.made and last and last.clean == first.made.clean


@pytest.mark.parametrize(("kind", "extension"), [("mp4", "m4a"), ("webm", "webm"), ("3gp", "3gp")])
def test_a_voice_in_a_films_container_is_heard_and_not_watched(
    kind: str, extension: str, office: Inspectorate, sit: Sit
) -> None:
    case = with_files(office, voice(kind))
    browser, path = sit("rahma"), path_of(office, case)
    assert "Rekaman suara" in browser.get(path).text, "before it is opened, too"
    sheet = open_(browser, path)
    assert "<h1>P-1: Rekaman suara</h1>" in sheet.text and "<video" not in sheet.text
    assert re.search(r"<audio[^>]* controls", sheet.text) and "Video" not in sheet.text
    (address,) = addresses(sheet)
    heard = browser.get(address)
    assert heard.mimetype.startswith("audio/") and heard.status_code == 200
    download = browser.post(f"{path}/unduh", browser.fill(sheet, f"{path}/unduh"))
    assert download.headers["Content-Disposition"] == f'attachment; filename="001-11-2026_P-1.{extension}"'


@pytest.mark.parametrize("data", [UNKNOWN, picture("PNG")], ids=["sent by insisting", "cleaned"])
def test_that_no_name_was_kept_is_said(data: bytes, office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, data)
    attached(office, case, UNKNOWN, "")
    browser, said = sit("rahma"), "tidak disimpan demi pelapor"
    assert said in browser.get(path_of(office, case)).text
    assert said not in browser.get(path_of(office, case, 1)).text


def test_before_an_officers_original_other_things_are_to_be_known(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, UNKNOWN)
    attached(office, case, picture("JPEG"), "loket.jpg")
    for at in range(2):
        opened(office, case, at)
    browser = sit("rahma")
    reporters, ours = (browser.get(f"{path_of(office, case, at)}/asli").text for at in range(2))
    assert "siapa pelapornya" in reporters and "dilampirkan petugas" not in reporters
    assert "dilampirkan petugas" in ours and "pelapor" not in ours
    assert "merusak" in reporters and "merusak" in ours


def test_an_original_that_is_the_clean_file_is_not_offered(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("PNG"))
    attached(office, case, cleaned(picture("PNG")).data, "bersih.png")
    attached(office, case, picture("PNG"), "kotor.png")
    browser = sit("rahma")
    for at, offered in ((1, False), (2, True)):
        assert opened(office, case, at).raw
        sheet = browser.get(path_of(office, case, at)).text
        assert (f'href="{path_of(office, case, at)}/asli"' in sheet) == offered


def test_a_sheet_leads_to_its_neighbours_in_the_case(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("PNG"), UNKNOWN)
    attached(office, case, picture("JPEG"), "loket.jpg")
    browser = sit("rahma")
    paths = [path_of(office, case, at) for at in range(3)]
    for at in range(3):
        sheet = browser.get(paths[at]).text
        links = dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', sheet))
        assert links == {
            **({"prev": paths[at - 1]} if at else {}),
            **({"next": paths[at + 1]} if at < 2 else {}),
        }
        assert "Buka berkas" in sheet, "one that nobody has opened asks first"


def test_the_mark_leads_into_the_audit_log_for_whoever_reads_that(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("PNG"))
    casework.declare(office.ctx, office.officer("inspektur"), case)
    mark = exhibits_of(office, case)[0].mark.hex()[:8]
    link = f'<a href="/meja/audit?kasus={mark}">'
    assert link in sit("inspektur").get(path_of(office, case)).text
    sheet = sit("rahma").get(path_of(office, case)).text
    assert link not in sheet and f"<code>{mark}</code>" in sheet


def test_who_closes_and_who_approves_is_told_of_files_that_nobody_opened(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, picture("PNG"), picture("JPEG"))
    home, rahma = f"/meja/kasus/{case.hex()}", office.officer("rahma")
    casework.move(office.ctx, rahma, case, act(), "PEMERIKSAAN", "Cukup bukti.")
    casework.declare(office.ctx, office.officer("inspektur"), case)
    opened(office, case)
    told = "2 lampiran, 1 di antaranya belum pernah dibuka."
    page = sit("rahma").get(f"{home}/tutup").text
    assert told in words(page) and f'href="{home}#lampiran"' in page
    close(office.ctx, rahma, case, act(), Closing(result="terbukti", summary="Mengaku.", answer="Sudah."))
    approver = sit("inspektur")
    page = approver.get(f"{home}/tutup/periksa").text
    assert told in words(page) and f'href="{home}#lampiran"' in page
    # And once somebody looked at all, only how many there are
    opened(office, case, 1)
    page = approver.get(f"{home}/tutup/periksa").text
    assert "2 lampiran." in words(page) and "belum pernah dibuka" not in page
