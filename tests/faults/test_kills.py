"""A receipt is a promise: processes are killed with -9 while reports come in, and every receipt still opens its own."""

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import reporter, server
from tests.nojs import Browser
from tests.reporter import NotAcknowledged
from tests.server import Server
from whistle.crypto.receipt import Receipt, keys_of
from whistle.services import followup
from whistle.services.context import Context

CLIENTS = 3
KILLS, KILLS_LONG = 20, 200
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


def kill_at_random(running: Server, kills: int, chance: random.Random, sent: Sent) -> None:
    """Workers, and every fourth time the whole server, which is then started again.

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
        else:
            running.kill_worker(chance.randrange(2))


@pytest.mark.server
def test_every_receipt_that_reached_a_reporter_opens_its_report_after_kills(tmp_path: Path, long: bool) -> None:
    kills = KILLS_LONG if long else KILLS
    seed = random.SystemRandom().randrange(2**32)
    data = tmp_path / "data"
    data.mkdir()
    ctx, _ = server.prepare(data)
    running = Server(data, tmp_path / "log")
    stop, sent = threading.Event(), Sent()
    clients = [
        threading.Thread(target=report_without_pause, args=(running.base, f"k{number}", stop, sent))
        for number in range(CLIENTS)
    ]
    # Given reporters who send without pause
    running.start()
    try:
        for client in clients:
            client.start()
        # When workers and the server are killed at random moments
        kill_at_random(running, kills, random.Random(seed), sent)
        time.sleep(0.5)
    finally:
        stop.set()
        for client in clients:
            client.join(PATIENCE + 30)
        running.kill_all()
    assert sent.errors == [], f"seed {seed}"
    assert len(sent.receipts) > kills, f"seed {seed}: too few reports between the kills to say anything"
    # Then the store holds each acknowledged report once, whole, and nothing else
    check_store(ctx, sent)
    # And a reporter who comes back to the restarted server reads it
    running.start()
    try:
        for story, receipt in random.Random(seed).sample(sorted(sent.receipts.items()), 5):
            page = reporter.follow(Browser(running.base), receipt)
            assert page.status == 200
            assert story in page.text
    finally:
        running.stop()
    # Otherwise no kill fell between a report and its receipt
    repeated = sum(tries > 1 for tries in sent.attempts.values())
    assert repeated, f"seed {seed}"
    print(f"\nseed {seed}: {kills} kills, {len(sent.receipts)} receipts, {repeated} sent more than once")


def check_store(ctx: Context, sent: Sent) -> None:
    """Every receipt opens its story; there is one case, entry and leaf a receipt; SQLite is content."""
    with ctx.store.read() as tx:
        installation = ctx.directory(tx).installation
    for story, receipt in sent.receipts.items():
        view = followup.open_with_root(ctx, keys_of(receipt, installation).root)
        assert [item.text for item in view.thread] == [story]
    with ctx.store.read() as tx:
        for table in ("case", "entry", "leaf", "summary", "identity"):
            (count,) = tx.exec_driver_sql(f'SELECT count(*) FROM "{table}"').one()  # noqa: S608
            assert count == len(sent.receipts), table
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
