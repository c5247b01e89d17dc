"""The internal file's lines: files opened in a row are one line, and nothing else is drawn together."""

import re
from datetime import timedelta
from html import unescape

from tests.attaching import UNKNOWN, exhibits_of, opened, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate, act
from tests.web.desk.exhibiting import Sit
from whistle.services import casework, exhibits


def lines(page: str) -> list[tuple[str, str]]:
    """The heading of each line of the internal file, and when and by whom."""
    file = page[page.index('id="berkas"') :]
    found = re.findall(r'id="f\d+">\s*<p class="entry-head"><b>(.*?)</b> <span>(.*?)</span>', file, re.S)
    return [(unescape(re.sub(r"<[^>]+>", "", heading)).strip(), when) for heading, when in found]


def openings(page: str) -> list[tuple[str, str]]:
    return [line for line in lines(page) if re.match("Membuka (dan membersihkan )?P-", line[0])]


def pictures(count: int) -> list[bytes]:
    return [picture("JPEG", 1 + place) for place in range(count)]


def test_files_opened_in_a_row_by_one_officer_are_one_line_from_the_first_minute_to_the_last(
    office: Inspectorate, sit: Sit
) -> None:
    case, browser = with_files(office, *pictures(3)), sit("rahma")
    home = f"/meja/kasus/{case.hex()}"
    # Given one that was opened, which reads as it always did
    opened(office, case, 0)
    ((alone, began),) = openings(browser.get(home).text)
    assert alone == "Membuka P-1 dan membersihkannya"
    # When two more are, in the same minute
    opened(office, case, 1)
    opened(office, case, 2)
    # Then they are one line at that minute
    assert openings(browser.get(home).text) == [("Membuka dan membersihkan P-1, P-2, dan P-3", began)]
    # And what is stored is an entry for each
    view = casework.open_case(office.ctx, office.officer("rahma"), case)
    assert [item.label for item in view.file if item.kind == "prepared"] == ["P-1", "P-2", "P-3"]


def test_the_line_says_how_long_it_took_and_what_could_not_be_cleaned(office: Inspectorate, sit: Sit) -> None:
    case, browser = with_files(office, picture("JPEG"), UNKNOWN, UNKNOWN[:-1]), sit("rahma")
    home = f"/meja/kasus/{case.hex()}"
    opened(office, case, 0)
    office.clock.advance(timedelta(minutes=2))
    opened(office, case, 1)
    ((heading, when),) = openings(browser.get(home).text)
    assert heading == "Membuka P-1 dan P-2; P-2 belum dapat dibersihkan"
    assert re.fullmatch(r"\d+ \w+ 2026, \d\d\.\d\d–\d\d\.\d\d · Rahma Yuliani", when)


def test_files_of_which_none_could_be_cleaned_are_said_as_that(office: Inspectorate, sit: Sit) -> None:
    case = with_files(office, UNKNOWN, UNKNOWN[:-1])
    for place in (0, 1):
        opened(office, case, place)
    found = openings(sit("rahma").get(f"/meja/kasus/{case.hex()}").text)
    assert [heading for heading, _ in found] == ["Membuka P-1 dan P-2: belum dapat dibersihkan"]


def test_another_officer_another_deed_and_another_day_each_begin_a_line(office: Inspectorate, sit: Sit) -> None:
    case, rahma, yusuf = with_files(office, *pictures(5)), office.officer("rahma"), office.officer("yusuf")
    files = [one.id for one in exhibits_of(office, case)]
    casework.declare(office.ctx, yusuf, case)
    # Given one file opened by a colleague, a note between two others, and one opened the day after
    exhibits.prepare(office.ctx, rahma, case, files[0])
    exhibits.prepare(office.ctx, yusuf, case, files[1])
    exhibits.prepare(office.ctx, rahma, case, files[2])
    casework.note(office.ctx, rahma, case, act(), "Foto ketiga jelas.")
    exhibits.prepare(office.ctx, rahma, case, files[3])
    office.clock.advance(timedelta(days=1))
    exhibits.prepare(office.ctx, office.officer("rahma"), case, files[4])
    # Then nothing is drawn together
    found = openings(sit("rahma").get(f"/meja/kasus/{case.hex()}").text)
    assert [heading[:11] for heading, _ in found] == [f"Membuka P-{place}" for place in (1, 2, 3, 4, 5)]


def test_two_notes_in_a_row_stay_two(office: Inspectorate, sit: Sit) -> None:
    case, rahma = with_files(office, *pictures(1)), office.officer("rahma")
    for text in ("Catatan satu.", "Catatan dua."):
        casework.note(office.ctx, rahma, case, act(), text)
    page = sit("rahma").get(f"/meja/kasus/{case.hex()}").text
    assert [heading for heading, _ in lines(page)].count("Catatan") == 2
    assert "Catatan satu." in page and "Catatan dua." in page


def test_what_is_new_to_the_reader_is_not_drawn_together_with_what_was_there(office: Inspectorate, sit: Sit) -> None:
    # Given an officer who has a case before them in which a colleague has opened one file
    case = with_files(office, *pictures(3))
    casework.declare(office.ctx, office.officer("yusuf"), case)
    opened(office, case, 0)
    home, yusuf = f"/meja/kasus/{case.hex()}", sit("yusuf")
    form = yusuf.fill(
        yusuf.get(home), f"{home}/telaah", title="Judul", category="pungli", office="DISDUKCAPIL",
        service="kependudukan", priority="biasa",
    )  # fmt: skip
    # When the colleague opens the other two and changes the triage, and then the officer sends
    for place in (1, 2):
        opened(office, case, place)
    values = casework.Triage("Judul Rahma", "pungli", "DISDUKCAPIL", "kependudukan")
    casework.triage(office.ctx, office.officer("rahma"), case, act(), values)
    told = yusuf.post(f"{home}/telaah", form)
    # Then the two are one line that is marked as new, and the first is not
    assert told.status_code == 422
    marked = [heading for heading, _ in openings(told.text)]
    assert [re.sub(r"\s+", " ", heading) for heading in marked] == [
        "Membuka P-1 dan membersihkannya", "Membuka dan membersihkan P-2 dan P-3 baru"
    ]  # fmt: skip
