"""The list: what is urgent first, narrowed by the address, honest about what cannot be opened."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.attaching import uploaded, with_files
from tests.clean.making import picture
from tests.inspectorate import STORY, Inspectorate, act
from tests.security.administrator import database
from tests.services import staff
from tests.services.verify.checking import codes
from tests.web.desk.conftest import Browser
from whistle.casefile import derive
from whistle.services import casework, exhibits, followup, handover, listing
from whistle.services.invitations import Person

Sit = Callable[[str], Browser]
LIST = "/meja/laporan-masuk"


def titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page)


def triaged(desk: Inspectorate, title: str, /, **values: object) -> bytes:
    """A triaged report with this title."""
    _, _, case = desk.report()
    casework.declare(desk.ctx, desk.officer("rahma"), case)
    given = {"category": "pungli", "office": "DISDUKCAPIL", "service": "kependudukan", **values}
    casework.triage(desk.ctx, desk.officer("rahma"), case, act(), casework.Triage(title, **given))  # type: ignore[arg-type]
    return case


def test_an_empty_desk_says_what_will_come(sit: Sit) -> None:
    page = sit("rahma").get(LIST).text
    assert "Belum ada laporan terbuka untuk Anda" in page and "Lihat yang sudah selesai" in page


@pytest.mark.parametrize(
    ("story", "shown"),
    [
        (STORY, "Saya mengurus KTP dan petugas loket meminta uang lima puluh ribu supaya cepat…"),
        ("Diminta uang. " * 9, "Diminta uang. Diminta uang. Diminta uang. Diminta uang. Diminta uang. Diminta…"),
        ("Petugas loket meminta uang.", "Petugas loket meminta uang."),
        ("a" * 200, "a" * 80 + "…"),
    ],
)
def test_a_new_title_ends_at_a_word_of_the_story(story: str, shown: str, office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.report(story=story)
    casework.declare(office.ctx, office.officer("rahma"), case)
    browser = sit("rahma")
    assert titles(browser.get(LIST).text) == [shown]
    assert f"<h1>{shown}</h1>" in browser.get(f"/meja/kasus/{case.hex()}").text


def test_the_list_says_which_reports_have_attachments(
    office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown() -> list[str]:
        rows = re.findall(r"<tr.*?</tr>", sit("rahma").get(LIST).text.partition("<tbody>")[2], re.DOTALL)
        return sorted(found[1] if (found := re.search(r"(\d+) lampiran", row)) else "" for row in rows)

    # Given a report without a file, one with two, one of each sort, and one of before files were counted
    triaged(office, "Tanpa lampiran")
    with_files(office, picture("JPEG"), picture("PNG"), original=True)
    both = with_files(office, picture("PNG"))
    attached = [uploaded(office.ctx, picture("PNG"), "loket.png") for _ in range(2)]
    exhibits.attach(office.ctx, office.officer("rahma"), both, act(), "Dari pemeriksaan", attached)
    with monkeypatch.context() as patch:
        patch.setattr(derive, "how_many", lambda _file: None)
        old = with_files(office, picture("PNG"))
    # Then each says how many it has, and that one nothing, which is no fault
    assert shown() == ["", "", "2", "3"]
    assert codes(office, "rahma") == set()
    # And what is done in it next counts them
    casework.note(office.ctx, office.officer("rahma"), old, act(), "Dilihat.")
    assert shown() == ["", "1", "2", "3"]


def test_a_title_of_triage_is_shown_whole(office: Inspectorate, sit: Sit) -> None:
    title = "Uang percepatan KTP diminta di loket tiga kantor pelayanan kependudukan dan sipi"
    triaged(office, title)
    assert len(title) == 80 and titles(sit("rahma").get(LIST).text) == [title]


def test_filters_narrow_and_an_empty_result_offers_a_way_out(office: Inspectorate, sit: Sit) -> None:
    triaged(office, "Uang KTP")
    triaged(office, "Antre sekolah", category="penundaan", office="DISDIK", priority="tinggi")
    browser = sit("rahma")
    for query, found in {
        "office=DISDIK": ["Antre sekolah"],
        "category=pungli": ["Uang KTP"],
        "priority=tinggi": ["Antre sekolah"],
        "text=ktp": ["Uang KTP"],
        "text=002/11": ["Antre sekolah"],
        "stage=TELAAH&unit=triase": ["Uang KTP", "Antre sekolah"],
        "state=closed": [],
        "stage=PEMERIKSAAN": [],
    }.items():
        page = browser.get(f"{LIST}?{query}").text
        assert sorted(titles(page)) == sorted(found), query
        assert ("Tidak ada laporan yang cocok" in page) == (not found)
        assert "Hapus semua saringan" in page


@pytest.mark.parametrize(
    "query",
    [
        "stage=x",
        "sort=drop",
        "page=-1",
        "page=abc",
        "page=99999999999",
        "page=²",
        "state=",
        "text=%00%ff",
        "office=<b>",
    ],
)
def test_nonsense_in_the_address_shows_the_list(query: str, office: Inspectorate, sit: Sit) -> None:
    triaged(office, "Uang KTP")
    answer = sit("rahma").get(f"{LIST}?{query}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text.replace("<b>1</b>", "").replace("<b>0</b>", "")


def test_a_column_head_sorts_and_sorts_back(office: Inspectorate, sit: Sit) -> None:
    triaged(office, "Pertama")
    office.clock.advance(timedelta(days=1))
    triaged(office, "Kedua")
    browser = sit("rahma")
    assert titles(browser.get(f"{LIST}?sort=received").text) == ["Pertama", "Kedua"]
    page = browser.get(f"{LIST}?sort=-received").text
    assert titles(page) == ["Kedua", "Pertama"]
    assert 'aria-sort="descending"' in page
    assert 'href="/meja/laporan-masuk?sort=received"' in page


def test_deadlines_are_words(office: Inspectorate, sit: Sit) -> None:
    office.report()
    browser = sit("rahma")
    assert re.search(r"\d+ hari lagi", browser.get(LIST).text)
    office.clock.advance(timedelta(days=10))
    page = sit("rahma").get(LIST).text
    assert re.search(r"terlambat \d+ hari", page) and 'class="tag late"' in page


def test_what_the_reporter_wrote_is_marked_until_the_desk_acts(office: Inspectorate, sit: Sit) -> None:
    _, keys, _ = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada yang baru.", None)
    page = sit("rahma").get(f"{LIST}?attention=unread").text
    assert 'class="unread"' in page and "pelapor menulis" in page


def test_fifty_a_page(office: Inspectorate, sit: Sit) -> None:
    for _ in range(51):
        office.report()
    browser = sit("rahma")
    first = browser.get(LIST).text
    assert len(titles(first)) == 50 and "Halaman 1 dari 2" in first
    assert len(titles(browser.get(f"{LIST}?page=2").text)) == 1


def test_a_broken_case_is_shown_as_such_and_breaks_nothing(office: Inspectorate, sit: Sit) -> None:
    # Given one good case and one whose key no longer fits
    triaged(office, "Yang baik")
    _, _, bad = office.report()
    browser = sit("rahma")
    damage(office, bad)
    page = browser.get(LIST)
    assert page.status_code == 200
    assert "Yang baik" in page.text and "Laporan ini tidak dapat dibuka" in page.text and bad.hex()[:8] in page.text
    opened = browser.get(f"/meja/kasus/{bad.hex()}")
    assert opened.status_code == 409 and "Laporan ini tidak dapat dibuka" in opened.text


def damage(office: Inspectorate, case: bytes) -> None:
    """Overwrite all grants of a case, as who has every right on the database can."""
    with database(office) as admin:
        admin.execute('UPDATE "grant" SET sealed = zeroblob(length(sealed)) WHERE "case" = :id', {"id": case})


YUSUF = Person("yusuf", "Yusuf Maulana", "penelaah", "triase")


def test_a_case_sealed_to_former_keys_waits_for_a_colleague_and_only_a_damaged_one_is_broken(
    office: Inspectorate, sit: Sit
) -> None:
    # Given two cases of before, new keys, and a case of after that was damaged
    triaged(office, "Yang lama")
    _, _, old = office.report()
    office.clock.advance(timedelta(days=1))
    office._signed_in.clear()
    yusuf = staff.admitted(office, YUSUF)
    _, _, bad = office.report()
    damage(office, bad)
    # Then the list tells them apart, and so do their own pages
    browser = sit("yusuf")
    page = browser.get(LIST).text
    assert page.count("Menunggu kunci dari rekan") == 2 and "1 tidak dapat dibuka" in page
    assert page.count('<tr class="broken">') == 1 and bad.hex()[:8] in page and old.hex()[:8] not in page
    assert "Menunggu kunci dari rekan" not in browser.get(f"{LIST}?state=all").text  # as what is broken
    opened = browser.get(f"/meja/kasus/{old.hex()}")
    assert opened.status_code == 409 and "menunggu kunci dari rekan" in opened.text
    assert "menunggu kunci" not in browser.get(f"/meja/kasus/{bad.hex()}").text
    # When a colleague gives the keys, the running session sees it at once, filters and all
    handover.step(office.ctx, office.officer("rahma"), "grant", yusuf)
    page = browser.get(LIST).text
    assert "Yang lama" in page and "Menunggu kunci dari rekan" not in page and page.count('<tr class="broken">') == 1
    assert "Yang lama" in browser.get(f"{LIST}?stage=TELAAH").text


@pytest.mark.parametrize("renewed", [False, True])
def test_a_mark_alone_does_not_make_a_damaged_case_look_as_if_it_waited(
    office: Inspectorate, sit: Sit, renewed: bool
) -> None:
    # Given a damaged case and the mark that its grants are of former keys, which they are not
    if renewed:
        office.officer("yusuf")
        staff.admitted(office, YUSUF)
    _, _, bad = office.report()
    yusuf = staff.id_of(office, "yusuf")
    with database(office) as admin:
        mark = {"reader": yusuf, "case": bad}
        admin.execute('INSERT INTO stale_grant (reader, "case") VALUES (:reader, :case)', mark)
        if renewed:  # the grants open, the contents do not
            admin.execute('UPDATE entry SET sealed = zeroblob(length(sealed)) WHERE "case" = :id', {"id": bad})
            admin.execute('DELETE FROM summary WHERE "case" = :id', {"id": bad})
    if not renewed:
        damage(office, bad)
    page = sit("yusuf").get(LIST).text
    assert '<tr class="broken">' in page and "Menunggu kunci dari rekan" not in page


@pytest.fixture
def unread_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many cases for one request, and none of them read yet."""
    monkeypatch.setattr(listing, "FEW", 0)
    for name in ("AT_ONCE", "A_WHILE"):
        monkeypatch.setattr(listing, name, 0)
    monkeypatch.setattr(listing, "_read_all", lambda *_: threading.Event().wait(20))


@pytest.mark.usefixtures("unread_list")
def test_while_the_list_is_opened_the_page_claims_nothing_of_the_whole(office: Inspectorate, sit: Sit) -> None:
    triaged(office, "Uang KTP")
    page = sit("rahma").get(LIST)
    assert titles(page.text) == ["Uang KTP"]
    assert "sedang dibuka: 0 %" in page.text and "<progress" in page.text
    assert "<b>…</b>" in page.text and "<b>0</b>" not in page.text
    assert "1 laporan</p>" not in page.text and "Belum ada laporan terbuka" not in page.text
    assert "Refresh" not in page.headers  # nobody's page is reloaded while they read it


@pytest.mark.usefixtures("unread_list")
def test_a_filter_waits_on_a_page_that_reloads_itself_and_keeps_what_was_asked(
    office: Inspectorate, sit: Sit
) -> None:
    triaged(office, "Uang KTP")
    page = sit("rahma").get(f"{LIST}?text=ktp")
    assert titles(page.text) == []
    assert page.headers["Refresh"] == "2"
    assert 'value="ktp"' in page.text and "Tidak ada laporan yang cocok" not in page.text
