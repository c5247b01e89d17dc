"""Thirty-two reporters at the same moment, with double taps and re-sends, while officers work on older cases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import reporter
from tests.faults.city import City, city
from tests.faults.crowd import Told, all_at_once
from tests.nojs import Browser, Page
from whistle.crypto.receipt import Receipt
from whistle.services import casework

CLIENTS = 32
REPORTS, REPORTS_LONG = 1, 20
OLDER = 4
OFFICERS = ("rahma", "yusuf", "inspektur")
Receipts = dict[str, Receipt]


def report(place: City, told: Told, story: str) -> Receipt:
    """Write a report, tap twice on "kirim", and send the page once more later."""
    browser = Browser(place.server.base, timeout=60)
    draft = reporter.write(browser, story)
    with ThreadPoolExecutor(2) as taps:
        pages: list[Page] = list(taps.map(lambda _: told.answer(press(place, draft.page)), range(2)))
    pages.append(told.answer(press(place, draft.page)))
    receipts = {page.status: reporter.receipt_on(page) for page in pages}
    assert len({str(receipt.words) for receipt in receipts.values()}) == 1, "one report, two receipts"
    return receipts[200]


def press(place: City, page: Page) -> Page:
    """Send the look page, from a connection of its own."""
    return Browser(place.server.base, timeout=60).send(page, page.form("story"), {})


def add_twice(place: City, told: Told, receipt: Receipt, text: str) -> None:
    """Come back with the words, write a message and send the same page twice."""
    browser = Browser(place.server.base, timeout=60)
    page = told.answer(reporter.follow(browser, receipt))
    for _ in range(2):
        after = told.answer(reporter.say(browser, page, text))
        assert after.text.count(text) == 1, f"the message stands there {after.text.count(text)} times"


def reporters(place: City, told: Told, reports: int, sent: Receipts) -> list[tuple[str, Callable[[], None]]]:
    def life(name: str) -> None:
        for number in range(reports):
            story = f"Laporan {name}-{number}: petugas meminta uang di loket."
            sent[story] = report(place, told, story)
            add_twice(place, told, sent[story], f"Tambahan {name}-{number}.")

    return [(f"reporter {n}", lambda n=n: life(f"r{n:02d}")) for n in range(CLIENTS)]  # type: ignore[misc]


def officers(
    place: City, told: Told, older: list[bytes], until: threading.Event, noted: list[tuple[bytes, str]]
) -> list[tuple[str, Callable[[], None]]]:
    def life(login: str) -> None:
        desk, number = place.sit(login), 0
        while not until.is_set() or number < len(older):
            case = older[number % len(older)]
            page = told.answer(desk.declare(case))
            text = f"Catatan {login}-{number}"
            after = told.answer(desk.act(page, "catat", {"text": text}))
            assert text in after.text
            noted.append((case, text))
            told.answer(desk.browser.get("/meja/laporan-masuk"))
            number += 1

    return [(login, lambda login=login: life(login)) for login in OFFICERS]  # type: ignore[misc]


@pytest.mark.server
def test_of_a_crowd_nobody_is_refused_lost_or_doubled(tmp_path: Path, database: str, long: bool) -> None:
    told, sent, noted = Told(), Receipts(), list[tuple[bytes, str]]()
    with city(tmp_path, database) as place:
        # Given a few cases that officers work on
        for number in range(OLDER):
            story = f"Laporan lama {number}: petugas meminta uang."
            sent[story] = reporter.write(Browser(place.server.base), story).send()
        older = [place.case_of(receipt) for receipt in sent.values()]
        # When 32 people report, tap twice, send again and write more, all at once
        over = threading.Event()
        desk = threading.Thread(target=all_at_once, args=(told, officers(place, told, older, over, noted)))
        desk.start()
        all_at_once(told, reporters(place, told, REPORTS_LONG if long else REPORTS, sent), 600)
        over.set()
        desk.join(120)
        # Then nobody met an error
        assert told.errors == []
        assert told.worst() < 400, sorted(told.statuses)[-5:]
        # And every receipt opens its report exactly once, with what was added to it exactly once
        place.check(sent)
        # And every note stands in its file once
        rahma = place.officer("rahma")
        for case in older:
            texts = [item.text for item in casework.open_case(place.ctx, rahma, case).file]
            for text in [text for of, text in noted if of == case]:
                assert texts.count(text) == 1
    print(f"\n{len(sent)} receipts, {len(told.statuses)} answers, {len(noted)} notes")
