"""What a worker keeps decrypted for a session: always as new as the database, and gone with the session."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate, act
from whistle.crypto import totp, vault
from whistle.services import casework, followup, kept, listing, rewrapping, routing, unlock
from whistle.services.columns import Columns
from whistle.services.context import Context
from whistle.services.decrypting import Reading
from whistle.services.kept import KeptLists
from whistle.services.listing import Query
from whistle.services.officer import Officer
from whistle.store import cases, lines, officers
from whistle.store.database import StoreUnavailable


class Worker:
    """A worker process: the same database and clock, a memory of its own."""

    def __init__(self, office: Inspectorate) -> None:
        self.ctx = Context(office.ctx.store, office.ctx.trust, office.ctx.clock, office.ctx.settings)

    def open_counts(self, secret: bytes) -> tuple[int, int, int]:
        """Cases, unread ones and new ones, as the next page view of that session says."""
        counts = listing.cases_for(self.ctx, self.officer(secret), Query()).counts
        assert counts is not None
        return counts["all"], counts["unread"], counts["new"]

    def officer(self, secret: bytes) -> Officer:
        return unlock.resume(self.ctx, secret)


def signed_in(office: Inspectorate, login: str) -> bytes:
    office.clock.advance(timedelta(seconds=31))
    who = office.credentials[login]
    code = totp.code(who.totp_secret, int(office.clock.now().timestamp()))
    return unlock.sign_in(office.ctx, login, who.password, code)[0]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every line that is decrypted for columns, by case."""
    read: list[bytes] = []
    real = Reading.briefs

    def counted(self: Reading, part: list[lines.Line]) -> object:
        read.extend(line[0] for line in part)
        return real(self, part)

    monkeypatch.setattr(Reading, "briefs", counted)
    return read


def test_a_second_look_decrypts_nothing_that_did_not_change(office: Inspectorate, reads: list[bytes]) -> None:
    made = [office.report()[2] for _ in range(4)]
    secret, worker = signed_in(office, "rahma"), Worker(office)
    assert worker.open_counts(secret) == (4, 0, 4)
    assert sorted(reads) == sorted(made)
    reads.clear()
    assert worker.open_counts(secret) == (4, 0, 4)
    assert reads == []


def test_what_another_worker_or_a_reporter_changed_is_there_at_the_next_look(
    office: Inspectorate, reads: list[bytes]
) -> None:
    _, keys, case = office.triaged()
    office.report()
    here, there = Worker(office), Worker(office)
    secret = signed_in(office, "rahma")
    assert here.open_counts(secret) == there.open_counts(secret) == (2, 0, 1)

    reads.clear()
    followup.add(there.ctx, keys.root, act(), "Ada saksi lagi.", None)
    assert here.open_counts(secret) == there.open_counts(secret) == (2, 1, 1)
    assert set(reads) == {case}

    casework.note(there.ctx, there.officer(secret), case, act(), "Saksi dicatat.")
    assert here.open_counts(secret) == there.open_counts(secret) == (2, 0, 1)

    _, _, new = office.report()
    assert here.open_counts(secret) == there.open_counts(secret) == (3, 0, 2)

    casework.declare(there.ctx, there.officer(secret), new)
    casework.move(there.ctx, there.officer(secret), case, act(), "PEMERIKSAAN", "Surat tugas.")
    found = listing.cases_for(here.ctx, here.officer(secret), Query(stage="PEMERIKSAAN"))
    assert [row.id for row in found.rows] == [case]


def test_a_case_that_is_routed_to_an_officer_appears_though_it_was_passed_over_before(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    worker, secret = Worker(office), signed_in(office, "hendra")
    assert worker.open_counts(secret)[0] == 0
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Masih di triase.")
    assert worker.open_counts(secret)[0] == 0
    routing.route(office.ctx, office.officer("rahma"), case, act(), "irban-1", "Wilayah I.")
    assert worker.open_counts(secret)[0] == 1


def test_a_clock_that_lags_by_days_on_the_channels_machine_hides_nothing(office: Inspectorate) -> None:
    _, keys, _ = office.triaged()
    worker, secret = Worker(office), signed_in(office, "rahma")
    assert worker.open_counts(secret) == (1, 0, 0)
    office.clock.advance(timedelta(days=-5))
    followup.add(office.ctx, keys.root, act(), "Dari saluran yang jamnya tertinggal.", None)
    office.report()
    office.clock.advance(timedelta(days=5))
    assert worker.open_counts(secret) == (2, 1, 1)


def test_at_midnight_what_is_due_is_due(office: Inspectorate) -> None:
    office.report()
    worker, secret = Worker(office), signed_in(office, "rahma")

    def late() -> int:
        counts = listing.cases_for(worker.ctx, worker.officer(secret), Query()).counts
        assert counts is not None
        return counts["late"]

    seen = []
    for _ in range(8):
        seen.append(late())
        office.clock.advance(timedelta(days=1))
        secret = signed_in(office, "rahma")  # a session does not last that long
    assert seen[0] == 0 and seen[-1] == 1 and seen == sorted(seen)


def test_the_same_session_sees_the_next_day(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    office.report()
    worker = Worker(office)
    officer = replace(office.officer("rahma"), session=b"s" * 16)
    monkeypatch.setattr(listing, "still_runs", lambda ctx, session: True)
    assert (listing.cases_for(worker.ctx, officer, Query()).counts or {})["late"] == 0
    office.clock.advance(timedelta(days=30))
    assert (listing.cases_for(worker.ctx, officer, Query()).counts or {})["late"] == 1


ENDINGS: dict[str, Callable[[Inspectorate, Context, bytes], object]] = {
    "signed out": lambda office, ctx, secret: unlock.sign_out(ctx, secret),
    "idle": lambda office, ctx, secret: office.clock.advance(timedelta(minutes=16)),
    "past its limit": lambda office, ctx, secret: office.clock.advance(timedelta(hours=9)),
    "suspended": lambda office, ctx, secret: suspend(office, "rahma"),
}


def suspend(office: Inspectorate, login: str) -> None:
    with office.ctx.store.write() as tx:
        row = officers.by_login(tx, login)
        assert row is not None
        officers.update_officer(tx, replace(row, status="suspended"))


@pytest.mark.parametrize("how", ENDINGS)
def test_nothing_is_kept_of_a_session_that_is_over(office: Inspectorate, how: str) -> None:
    """Given lists in two workers, when the session ends in one, then the other finds out by itself."""
    office.report()
    here, there = Worker(office), Worker(office)
    secret = signed_in(office, "rahma")
    for worker in (here, there):
        worker.open_counts(secret)
        assert worker.ctx.kept.sessions() == {vault.session_id(secret): 1}
    ENDINGS[how](office, here.ctx, secret)
    with pytest.raises(unlock.SessionEnded):
        here.officer(secret)
    assert here.ctx.kept.sessions() == {}
    there.ctx.kept.sweep(lambda session: unlock.still_runs(there.ctx, session))
    assert there.ctx.kept.sessions() == {}


def test_a_session_that_runs_is_left_alone_and_one_that_cannot_be_asked_about_is_not(office: Inspectorate) -> None:
    worker, secret = Worker(office), signed_in(office, "rahma")
    worker.open_counts(secret)
    worker.ctx.kept.sweep(lambda session: unlock.still_runs(worker.ctx, session))
    assert len(worker.ctx.kept.sessions()) == 1

    def unavailable(session: bytes) -> bool:
        raise StoreUnavailable("gone")

    worker.ctx.kept.sweep(unavailable)
    assert worker.ctx.kept.sessions() == {}


def test_a_worker_looks_by_itself(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "EVERY", 0.05)
    worker, secret = Worker(office), signed_in(office, "rahma")
    worker.open_counts(secret)
    unlock.sign_out(office.ctx, secret)  # in another worker
    until = time.monotonic() + 20
    while worker.ctx.kept.sessions() and time.monotonic() < until:
        time.sleep(0.02)
    assert worker.ctx.kept.sessions() == {}


def test_two_officers_and_two_sessions_share_nothing(office: Inspectorate) -> None:
    office.triaged()
    worker = Worker(office)
    secrets = [signed_in(office, login) for login in ("rahma", "rahma", "hendra")]
    assert [worker.open_counts(secret)[0] for secret in secrets] == [1, 1, 0]
    assert sorted(worker.ctx.kept.sessions().values()) == [0, 1, 1]


def test_an_officer_without_a_session_leaves_nothing_behind(office: Inspectorate) -> None:
    office.report()
    worker = Worker(office)
    assert listing.cases_for(worker.ctx, office.officer("rahma"), Query()).total == 1
    assert worker.ctx.kept.sessions() == {}


def ask(lists: KeptLists, session: bytes, rows: int, office: Inspectorate) -> object:
    columns = Columns(office.ctx.clock.today())
    columns._ids = [bytes(16)] * rows
    return lists.ask(
        session, columns.today, lambda progress: columns, lambda kept: None, len, lambda session: True, None
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_longest_unused_makes_room(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SESSIONS", 3)
    monkeypatch.setattr(kept, "ROWS", 100)
    lists = KeptLists()
    for session, rows in ((b"1", 10), (b"2", 10), (b"3", 10), (b"1", 10), (b"4", 10)):
        ask(lists, session, rows, office)
    assert list(lists.sessions()) == [b"3", b"1", b"4"]
    ask(lists, b"4", 10, office)
    ask(lists, b"5", 95, office)
    ask(lists, b"5", 95, office)
    assert list(lists.sessions()) == [b"5"]


@pytest.fixture
def many(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """An officer of too many cases for one request; their reading goes on when the event is set."""
    go_on = threading.Event()
    real = Reading.briefs

    def slowly(self: Reading, part: list[lines.Line]) -> object:
        go_on.wait(30)
        return real(self, part)

    monkeypatch.setattr(Reading, "briefs", slowly)
    for name, value in {"FEW": 1, "AT_ONCE": 0.01, "A_WHILE": 0.01}.items():
        monkeypatch.setattr(listing, name, value)
    for _ in range(3):
        office.report()
    yield go_on
    go_on.set()


def test_until_all_is_read_the_plain_list_is_shown_by_what_stands_in_the_clear(
    office: Inspectorate, many: threading.Event
) -> None:
    worker, secret = Worker(office), signed_in(office, "rahma")
    officer = worker.officer(secret)
    plain = listing.cases_for(worker.ctx, officer, Query())
    assert (len(plain.rows), plain.total, plain.counts) == (3, None, None)
    assert plain.progress is not None and not plain.waits
    assert all(row.summary and row.summary.stage == "DITERIMA" for row in plain.rows)
    filtered = listing.cases_for(worker.ctx, officer, Query(office="DISDUKCAPIL"))
    assert (filtered.rows, filtered.total, filtered.waits) == ([], None, True)
    many.set()
    until = time.monotonic() + 30
    while filtered.total is None and time.monotonic() < until:
        time.sleep(0.02)
        filtered = listing.cases_for(worker.ctx, officer, Query(office="DISDUKCAPIL"))
    assert (len(filtered.rows), filtered.total, filtered.progress) == (3, 3, None)
    assert listing.cases_for(worker.ctx, officer, Query()).counts


def test_a_reading_that_fails_is_told_of_once_and_begins_again(
    office: Inspectorate, many: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    many.set()
    monkeypatch.setattr(listing, "A_WHILE", 30)
    worker, secret = Worker(office), signed_in(office, "rahma")
    officer = worker.officer(secret)
    with monkeypatch.context() as broken:

        def unavailable(*_: object) -> None:
            raise StoreUnavailable("away")

        broken.setattr(listing, "_parts", unavailable)
        listing.cases_for(worker.ctx, officer, Query(office="x"))
        with pytest.raises(StoreUnavailable):
            listing.cases_for(worker.ctx, officer, Query(office="x"))
    assert listing.cases_for(worker.ctx, officer, Query(office="DISDUKCAPIL")).total == 3


def test_signing_out_stops_a_reading(office: Inspectorate, many: threading.Event) -> None:
    worker, secret = Worker(office), signed_in(office, "rahma")
    listing.cases_for(worker.ctx, worker.officer(secret), Query())
    unlock.sign_out(worker.ctx, secret)
    many.set()
    time.sleep(0.2)
    assert worker.ctx.kept.sessions() == {}


def test_the_first_look_puts_grants_of_days_that_are_over_under_the_vault(office: Inspectorate) -> None:
    for _ in range(3):
        office.report()
    office.clock.advance(timedelta(days=1))  # those of the running day stay sealed: they would tell when they came
    office.report()
    officer = office.officer("rahma")
    told: list[int] = []
    rewrapping.rewrap(office.ctx, office.officer("yusuf"), told.append)
    assert told == [3]
    listing.cases_for(office.ctx, officer, Query())
    with office.ctx.store.read() as tx:
        held = [grant for case in cases.all_case_ids(tx) for grant in cases.grants(tx, case, officer.id)]
    assert sorted(grant.form for grant in held if grant.chain == 1) == ["hpke", "vault", "vault", "vault"]


def test_a_summary_behind_its_reporter_is_stored_anew_on_another_day_and_one_that_was_put_back_is_not(
    office: Inspectorate,
) -> None:
    _, keys, case = office.triaged()
    _, _, rolled_back = office.triaged()
    rahma = office.officer("rahma")
    with office.ctx.store.read() as tx:
        before = cases.get_summary(tx, rolled_back)
    casework.note(office.ctx, rahma, rolled_back, act(), "Catatan.")
    followup.add(office.ctx, keys.root, act(), "Ada saksi lagi.", None)
    assert before is not None
    with office.ctx.store.write() as tx:
        cases.put_summary(tx, before)

    def stored(of: bytes) -> bytes:
        with office.ctx.store.read() as tx:
            row = cases.get_summary(tx, of)
        assert row is not None
        return row.sealed

    of_today = stored(case)
    assert listing.cases_for(office.ctx, rahma, Query()).total == 2
    assert stored(case) == of_today  # its change would tell that the reporter wrote before this look
    office.clock.advance(timedelta(days=1))
    counts = listing.cases_for(office.ctx, rahma, Query()).counts
    assert counts is not None and counts["unread"] == 1
    assert stored(case) != of_today
    assert stored(rolled_back) == before.sealed
