"""A worker hangs: others are answered, it is replaced, and whoever was inside sends once more and has one report."""

import http.client
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import reporter
from tests.conftest import LONG
from tests.faults.city import City, city
from tests.faults.errands import Errands
from tests.nojs import Browser
from tests.server import ROOT
from whistle.crypto.receipt import Receipt
from whistle.store.engine import PATIENCE

TIMEOUT = 4  # seconds here; the repository's own is longer, for busy machines
OWN = int(re.search(r"^timeout = (\d+)", (ROOT / "deploy/gunicorn.conf.py").read_text(), re.M)[1])  # type: ignore[index]
SLOW = 3.0  # seconds that a busy machine may add
HANGS = ("inside stop", "after stop", "before busy", "before stop")
SOME = [*(("sqlite", hang) for hang in HANGS[:3]), ("postgresql", HANGS[0])]  # each takes some seconds
EVERY = [(name, hang) for name in ("sqlite", "postgresql") for hang in HANGS]


@dataclass
class Crowd:
    """Reporters who go on meanwhile: their receipts, what else they were told, and how long each waited at most."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    waited: float = 0.0


def go_on(place: City, name: str, stop: threading.Event, crowd: Crowd) -> None:
    browser, number = Browser(place.server.base, timeout=60), 0
    while not stop.is_set():
        number += 1
        story = f"Laporan {name}-{number}: petugas meminta uang."
        began = time.monotonic()
        try:
            draft = reporter.write(browser, story)
            while story not in crowd.receipts:
                began = time.monotonic()
                try:
                    crowd.receipts[story] = draft.send()
                except reporter.NotAcknowledged as refused:
                    crowd.refused.append(str(refused))
                crowd.waited = max(crowd.waited, time.monotonic() - began)
        except (AssertionError, OSError, http.client.HTTPException) as error:
            crowd.errors.append(f"{type(error).__name__}: {error}"[:300])


@contextmanager
def going_on(place: City) -> Iterator[Crowd]:
    """Four reporters, for the length of a block."""
    stop, crowd = threading.Event(), Crowd()
    people = [threading.Thread(target=go_on, args=(place, f"r{n}", stop, crowd)) for n in range(4)]
    for person in people:
        person.start()
    try:
        yield crowd
    finally:
        stop.set()
        for person in people:
            person.join(60)


@pytest.mark.server
@pytest.mark.parametrize(("database", "hang"), EVERY if LONG else SOME, indirect=["database"])
def test_a_hung_worker_is_replaced_and_its_request_is_one_report(tmp_path: Path, database: str, hang: str) -> None:
    env = {"GUNICORN_CMD_ARGS": f"--timeout {TIMEOUT}"}
    with city(tmp_path, database, entry="tests.faults.hanging:app", **env) as place:
        stories, browser = {}, Browser(place.server.base, timeout=60)
        draft = reporter.write(browser, "Laporan yang tersangkut")
        before = set(place.server.workers())
        with going_on(place) as crowd:
            time.sleep(0.3)
            (place.folder / "hang").write_text(hang)
            # When the request of somebody hangs, then it ends within the time after which gunicorn acts
            began, hung = time.monotonic(), threading.Event()
            while not hung.is_set():
                try:
                    receipt = draft.send()
                    if not (place.folder / "hang").exists():
                        break
                except reporter.NotAcknowledged:
                    hung.set()
            took = time.monotonic() - began
            deadline = time.monotonic() + 60
            while len(set(place.server.workers()) - before) < 1:
                assert time.monotonic() < deadline, "the hung worker was not replaced"
                time.sleep(0.1)
            receipt = draft.send()
            assert draft.send() == receipt
            time.sleep(0.5)
        # And everybody else was answered meanwhile
        lost = [refused for refused in crowd.refused if refused != "503"]
        assert len(lost) <= 4 and crowd.errors[4:] == [], "only who was inside the hung worker lost a connection"
        assert crowd.waited < PATIENCE + TIMEOUT + SLOW
        stories |= crowd.receipts
        stories["Laporan yang tersangkut"] = receipt
        place.check(stories)
    print(f"\n{hang}: it ended after {took:.1f} s, the longest wait of others {crowd.waited:.1f} s")


@pytest.mark.server
def test_a_disk_that_does_not_answer_keeps_nobody_waiting_and_loses_nothing(tmp_path: Path) -> None:
    with city(tmp_path, entry="tests.faults.hanging:app", PELUIT_WORKERS="1") as place:
        errands = Errands(place).begin()
        (place.folder / "hang").write_text("disk always")
        began = time.monotonic()
        threads = [threading.Thread(target=deed) for deed in (errands.message_in_trouble, errands.note_in_trouble)]
        for thread in threads:
            thread.start()
        errands.report_in_trouble()
        for thread in threads:
            thread.join()
        assert time.monotonic() - began < 2 * PATIENCE + SLOW
        (place.folder / "hang").unlink()
        errands.over()


def test_a_worker_is_given_more_time_than_any_page_needs_and_no_more_than_people_have() -> None:
    """The longest page (a month's report over all cases) has a budget of ten seconds on two cores."""
    assert 20 <= OWN <= 30
