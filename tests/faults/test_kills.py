"""A receipt is a promise: processes are killed with -9 while reports come in, and every receipt still opens its own."""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import databases, reporter
from tests.databases import Cluster
from tests.faults.city import city, kill_database
from tests.nojs import Browser
from tests.reporter import NotAcknowledged
from tests.server import Server
from whistle.crypto.receipt import Receipt

CLIENTS = 3
KILLS, KILLS_LONG = 6, 200
PATIENCE = 60  # seconds after which a report that is still not acknowledged is a failure


@dataclass
class Sent:
    """What the clients know: story -> receipt, and how often it was sent until the receipt came."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def report_without_pause(base: str, name: str, stop: threading.Event, sent: Sent) -> None:
    """One reporter after the other; each sends the same page again until the receipt is on it."""
    browser = Browser(base, timeout=10)
    number = 0
    while not stop.is_set():
        number += 1
        story = f"Laporan {name}-{number:05d}: petugas meminta uang di loket."
        try:
            draft = reporter.write(browser, story)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)  # the server is away: this reporter never came further than the form
            continue
        except AssertionError as error:
            sent.errors.append(f"{story}: {error}")
            return
        deadline = time.monotonic() + PATIENCE
        while story not in sent.receipts:
            try:
                sent.receipts[story] = draft.send()
            except NotAcknowledged:
                time.sleep(0.02)
            except AssertionError as error:
                sent.errors.append(f"{story}: {error}")
                return
            if time.monotonic() > deadline:
                sent.errors.append(f"{story}: never acknowledged")
                return
        sent.attempts[story] = draft.asked


def kill_at_random(running: Server, cluster: Cluster | None, kills: int, chance: random.Random, sent: Sent) -> None:
    """Workers; every fourth time the whole server, and the database's own: both are then started again.

    On a busy machine a restart takes long: the next kill waits until reports come in again.
    """
    for number in range(kills):
        before, deadline = len(sent.receipts), time.monotonic() + PATIENCE
        while len(sent.receipts) < before + 2 and time.monotonic() < deadline and not sent.errors:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.4))
        if number % 4 == 3:
            running.kill_all()
            running.start()
        elif number % 4 == 1 and cluster is not None:
            kill_database(cluster)
            cluster.start()
        else:
            running.kill_worker(chance.randrange(2))


@pytest.fixture(params=databases.KINDS)
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster | None]:
    """A PostgreSQL server that may be killed; None for SQLite, which has none."""
    if request.param == "sqlite":
        yield None
    else:
        with databases.cluster() as made:
            yield made


@pytest.mark.server
def test_every_receipt_that_reached_a_reporter_opens_its_report_after_kills(
    tmp_path: Path, cluster: Cluster | None, long: bool
) -> None:
    kills = KILLS_LONG if long else KILLS
    seed = random.SystemRandom().randrange(2**32)
    url = databases.make(cluster, "peluit") if cluster else None
    stop, sent = threading.Event(), Sent()
    # Given reporters who send without pause
    with city(tmp_path, url) as place:
        clients = [
            threading.Thread(target=report_without_pause, args=(place.server.base, f"k{number}", stop, sent))
            for number in range(CLIENTS)
        ]
        try:
            for client in clients:
                client.start()
            # When workers and servers are killed at random moments
            kill_at_random(place.server, cluster, kills, random.Random(seed), sent)
            time.sleep(0.5)
        finally:
            stop.set()
            for client in clients:
                client.join(PATIENCE + 30)
            place.server.kill_all()
        assert sent.errors == [], f"seed {seed}"
        assert len(sent.receipts) > kills, f"seed {seed}: too few reports between the kills to say anything"
        # Then the store holds each acknowledged report once, whole, and nothing else
        place.check(sent.receipts)
        # And a reporter who comes back to the restarted server reads it
        place.server.start()
        for story, receipt in random.Random(seed).sample(sorted(sent.receipts.items()), 5):
            page = reporter.follow(Browser(place.server.base), receipt)
            assert page.status == 200
            assert story in page.text
    # Otherwise no kill fell between a report and its receipt
    repeated = sum(tries > 1 for tries in sent.attempts.values())
    assert repeated, f"seed {seed}"
    print(f"\nseed {seed}: {kills} kills, {len(sent.receipts)} receipts, {repeated} sent more than once")
