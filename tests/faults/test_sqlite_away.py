"""SQLite's file is locked, moved away, unreadable or read-only: everybody is told, and it mends without a restart."""

import contextlib
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import reporter
from tests.faults.city import City, city
from tests.faults.errands import Errands
from tests.nojs import Browser

# Root reads and writes whatever the permissions say; the server of these tests does not.
NO_ROOT_POWERS = () if os.geteuid() else (
    "setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search",
)  # fmt: skip


def database_files(place: City) -> list[Path]:
    """The database and whatever SQLite keeps beside it."""
    return sorted(place.folder.glob("peluit.db*"))


def start_workers_anew(place: City) -> None:
    """End every worker, so that nothing is open; gunicorn starts others."""
    before = set(place.server.workers())
    for worker in before:  # by their numbers: meanwhile others take their places
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while len(set(place.server.workers()) - before) < len(before) or not place.server.answers():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextlib.contextmanager
def moved_away(place: City) -> Iterator[None]:
    """Somebody tidied up; the server still holds the files open."""
    away = place.folder.parent / "away"
    away.mkdir(exist_ok=True)
    files = database_files(place)
    for path in files:
        path.rename(away / path.name)
    yield
    assert not (place.folder / "peluit.db").exists(), "no empty database was put in its place"
    for path in files:
        (away / path.name).rename(path)


@contextlib.contextmanager
def moved_away_and_open_by_nobody(place: City) -> Iterator[None]:
    with moved_away(place):
        start_workers_anew(place)
        yield


@contextlib.contextmanager
def permissions(place: City, mode: int) -> Iterator[None]:
    """The files' permissions are gone, and the workers were started anew."""
    files = database_files(place)
    for path in files:
        path.chmod(mode)
    start_workers_anew(place)
    yield
    for path in files:
        path.chmod(0o600)


FAULTS: dict[str, Callable[[City], contextlib.AbstractContextManager[None]]] = {
    "moved away": moved_away,
    "moved away, open by nobody": moved_away_and_open_by_nobody,
    "unreadable": lambda place: permissions(place, 0o000),
}


@pytest.mark.server
@pytest.mark.parametrize("fault", FAULTS)
def test_without_its_file_nothing_is_taken_and_nothing_typed_is_lost(tmp_path: Path, fault: str) -> None:
    with city(tmp_path, None, *NO_ROOT_POWERS) as place:
        errands = Errands(place).begin()
        with FAULTS[fault](place):
            for _ in range(2):
                errands.in_trouble()
        errands.over()


@pytest.mark.server
def test_a_file_that_can_only_be_read_is_written_again_as_soon_as_it_can_be(tmp_path: Path) -> None:
    with city(tmp_path, None, *NO_ROOT_POWERS) as place:
        errands = Errands(place).begin()
        with permissions(place, 0o400):
            for _ in range(2):
                errands.report_in_trouble()
                errands.message_in_trouble()
                errands.note_in_trouble()
        errands.over()


@pytest.mark.server
def test_while_another_program_holds_the_lock_everybody_is_told_in_time(tmp_path: Path) -> None:
    with city(tmp_path) as place:
        errands = Errands(place).begin()
        # Given another program that does not let go
        other = sqlite3.connect(place.folder / "peluit.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        # When everybody sends, then nobody waits for more than a few seconds, and who only reads is served
        began = time.monotonic()
        with ThreadPoolExecutor(3) as people:
            deeds = (errands.report_in_trouble, errands.message_in_trouble, errands.note_in_trouble)
            told = [people.submit(deed) for deed in deeds]
            assert reporter.follow(Browser(place.server.base), errands.older).status == 200
            for one in told:
                one.result()
        assert time.monotonic() - began < 25
        other.execute("ROLLBACK")
        other.close()
        errands.over()


@pytest.mark.server
def test_what_was_acknowledged_before_the_file_was_taken_away_is_in_it(tmp_path: Path) -> None:
    stories = {}
    with city(tmp_path) as place:
        browser = Browser(place.server.base)
        with contextlib.ExitStack() as stack:
            for number in range(30):
                if number == 10:
                    stack.enter_context(moved_away(place))
                story = f"Laporan {number}: petugas meminta uang."
                with contextlib.suppress(reporter.NotAcknowledged):
                    stories[story] = reporter.write(browser, story).send()
        assert len(stories) == 10, "a report was acknowledged that went into a file without a name"
        place.check(stories)
