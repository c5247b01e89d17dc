"""PostgreSQL stops, dies, refuses or says nothing any more: everybody is told, and it mends without a restart."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import databases, reporter
from tests.databases import Cluster
from tests.faults.city import City, city, kill_database
from tests.faults.errands import Errands
from tests.faults.wire import Wire, wire
from tests.nojs import Browser

LONGEST = 20.0  # seconds that a person waits for the page that says so


@dataclass
class Place:
    """A city whose database is a server of its own, reached over a wire."""

    city: City
    cluster: Cluster
    wire: Wire


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with databases.cluster() as cluster, wire(f"{cluster.folder}/.s.PGSQL.5432") as line:
        databases.make(cluster, "peluit")
        url = f"postgresql+psycopg://{databases.OWNER}@127.0.0.1:{line.port}/peluit"
        with city(tmp_path, url) as there:
            yield Place(there, cluster, line)


@contextlib.contextmanager
def stopped(place: Place) -> Iterator[None]:
    """Stopped as Debian's service is: everybody is sent away."""
    place.cluster.stop(signal.SIGINT)
    yield
    place.cluster.start()


@contextlib.contextmanager
def killed(place: Place) -> Iterator[None]:
    kill_database(place.cluster)
    yield
    place.cluster.start()


@contextlib.contextmanager
def refusing(place: Place) -> Iterator[None]:
    place.wire.refuse()
    yield
    place.wire.mend()


@contextlib.contextmanager
def silent(place: Place) -> Iterator[None]:
    place.wire.fall_silent()
    yield
    place.wire.cut()
    place.wire.mend()


FAULTS: dict[str, Callable[[Place], contextlib.AbstractContextManager[None]]] = {
    "stopped": stopped, "killed": killed, "refusing": refusing, "silent": silent,
}  # fmt: skip


def all_in_trouble(errands: Errands) -> None:
    """Everybody at once; nobody waits longer than a person does."""
    deeds = (
        errands.report_in_trouble, errands.message_in_trouble, errands.words_in_trouble, errands.note_in_trouble,
    )  # fmt: skip
    began = time.monotonic()
    with ThreadPoolExecutor(len(deeds)) as people:
        for told in [people.submit(deed) for deed in deeds]:
            told.result()
    took = time.monotonic() - began
    print(f"\ntold after {took:.1f} s")
    assert took < LONGEST


@pytest.mark.server
@pytest.mark.parametrize("fault", FAULTS)
def test_without_its_database_nothing_is_taken_and_nothing_typed_is_lost(place: Place, fault: str) -> None:
    errands = Errands(place.city).begin()
    with FAULTS[fault](place):
        for _ in range(2):
            all_in_trouble(errands)
    errands.over()


@pytest.mark.server
def test_connections_that_died_in_the_pool_trouble_nobody(place: Place) -> None:
    browser, stories = Browser(place.city.server.base), {}
    for number in range(6):
        story = f"Laporan {number}: petugas meminta uang."
        stories[story] = reporter.write(browser, story).send()
        place.wire.cut()
    place.city.check(stories)


@pytest.mark.server
def test_a_server_that_finishes_with_those_who_are_there_refuses_honestly(place: Place) -> None:
    """`pg_ctl stop -m smart` waits for those who are connected and lets nobody in any more."""
    assert place.cluster.process is not None
    browser, stories = Browser(place.city.server.base), {}
    stories["Laporan awal"] = reporter.write(browser, "Laporan awal").send()
    place.cluster.process.send_signal(signal.SIGTERM)
    statuses = []
    for number in range(8):
        draft = reporter.write(browser, f"Laporan {number}")
        page = browser.send(draft.page, draft.page.form("story"), {})
        statuses.append(page.status)
        if page.status == 200:
            stories[f"Laporan {number}"] = reporter.receipt_on(page)
    assert set(statuses) <= {200, 503}
    place.cluster.stop(signal.SIGINT)
    place.cluster.start()
    stories["Laporan akhir"] = reporter.write(browser, "Laporan akhir").send()
    place.city.check(stories)
