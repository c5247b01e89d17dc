"""The machine's clock is set back, or forward and back: no session without end, no wait of a day, no code twice."""

from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate, act
from whistle.crypto import totp
from whistle.services import casework, followup, housekeeping, tries, unlock
from whistle.services.unlock import SKEW, SessionEnded, SignInRefused
from whistle.services.verify.findings import Fault, Findings
from whistle.services.verify.whole import Asked, verify
from whistle.store import audit, officers

DAY = timedelta(days=1)


def sign_in(office: Inspectorate, login: str = "rahma") -> bytes:
    who = office.credentials[login]
    code = totp.code(who.totp_secret, int(office.clock.now().timestamp()))
    return unlock.sign_in(office.ctx, login, who.password, code)[0]


def faults(office: Inspectorate) -> list[Fault]:
    found: list[Fault] = []
    verify(office.ctx, Findings(found.append), Asked(reader=office.officer("inspektur")))
    return [fault for fault in found if fault.code != "setting-unsafe"]


def test_a_session_ends_when_the_clock_is_set_back(office: Inspectorate) -> None:
    secret = sign_in(office)
    office.clock.advance(-timedelta(seconds=SKEW))
    assert unlock.resume(office.ctx, secret).login == "rahma", "a clock that is set right by a little troubles nobody"
    office.clock.advance(-DAY)
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, secret)
    # And for good: it does not come back with the right time
    office.clock.advance(DAY + timedelta(seconds=SKEW))
    with pytest.raises(SessionEnded):
        unlock.resume(office.ctx, secret)


def test_at_night_sessions_and_waits_of_a_clock_that_ran_ahead_are_forgotten(office: Inspectorate) -> None:
    sign_in(office)
    for _ in range(tries.FREE_FAILURES + 2):
        office.clock.advance(timedelta(minutes=1))
        with pytest.raises(SignInRefused):
            unlock.sign_in(office.ctx, "yusuf", "salah", "000000")
    office.clock.advance(-DAY)
    assert ", 1 sessions ended, 1 refused names forgotten, " in housekeeping.tick(office.ctx)


def test_a_code_that_was_used_is_refused_also_when_its_time_comes_again(office: Inspectorate) -> None:
    sign_in(office)
    who, moment = office.credentials["rahma"], office.clock.instant
    used = totp.code(who.totp_secret, int(moment.timestamp()))
    office.clock.advance(-DAY)
    with pytest.raises(SignInRefused):
        sign_in(office)
    office.clock.instant = moment + timedelta(seconds=1)
    with pytest.raises(SignInRefused):
        unlock.sign_in(office.ctx, "rahma", who.password, used)
    office.clock.advance(timedelta(seconds=30))
    sign_in(office)


def test_no_wait_becomes_a_day_long(office: Inspectorate) -> None:
    for _ in range(tries.FREE_FAILURES + 6):
        office.clock.advance(timedelta(seconds=tries.LONGEST_WAIT + 1))
        with pytest.raises(SignInRefused) as refused:
            unlock.sign_in(office.ctx, "rahma", "salah", "000000")
    assert refused.value.wait_seconds == tries.LONGEST_WAIT
    office.clock.advance(-DAY)
    sign_in(office)


def test_what_guesses_goes_on_being_slowed_after_the_clock_was_set_back(office: Inspectorate) -> None:
    for _ in range(tries.FREE_FAILURES + 6):
        office.clock.advance(timedelta(seconds=tries.LONGEST_WAIT + 1))
        with pytest.raises(SignInRefused):
            unlock.sign_in(office.ctx, "rahma", "salah", "000000")
    office.clock.advance(-DAY)
    waits = []
    for _ in range(2):
        with pytest.raises(SignInRefused) as refused:
            unlock.sign_in(office.ctx, "rahma", "salah", "000000")
        waits.append(refused.value.wait_seconds)
    assert waits == [tries.LONGEST_WAIT, tries.LONGEST_WAIT]
    with office.ctx.store.read() as tx:
        assert officers.get_throttle(tx, tries.by_login("rahma")) is not None


def test_a_case_goes_on_over_a_clock_that_is_set_back(office: Inspectorate) -> None:
    """Days may run back within a case and in the audit log: their order is that of places and numbers."""
    rahma = office.officer("rahma")
    _, keys, case = office.triaged()
    casework.ask(office.ctx, rahma, case, act(), "Loket berapa?")
    office.clock.advance(-DAY)
    # When the reporter answers, a new report comes in and officers go on, all on the day before
    question = followup.open_with_root(office.ctx, keys.root).questions[0]
    followup.add(office.ctx, keys.root, act(), "Loket dua.", question.id)
    casework.move(office.ctx, rahma, case, act(), "PEMERIKSAAN", "Cukup.", extra={"letter_number": "1", "team": "A"})
    _, other, _ = office.report()
    # Then every page opens, and nothing looks like an attack
    view = followup.open_with_root(office.ctx, keys.root)
    assert [item.text for item in view.thread][-2:][0] == "Loket dua." and view.deadlines
    assert followup.open_with_root(office.ctx, other.root).received == office.clock.today()
    assert casework.open_case(office.ctx, rahma, case).summary is not None
    with office.ctx.store.read() as tx:
        times = [row.at for row in audit.following(tx, 0, 1000)]
    assert times != sorted(times), "the clock is written down as it was"
    assert faults(office) == []


def test_a_clock_that_ran_a_day_ahead_leaves_nothing_that_does_not_open(office: Inspectorate) -> None:
    office.clock.advance(DAY)
    _, keys, case = office.triaged()
    rahma = office.officer("rahma")
    office.clock.advance(-DAY)
    followup.add(office.ctx, keys.root, act(), "Tambahan.", None)
    view = followup.open_with_root(office.ctx, keys.root)
    assert view.received == office.clock.today() + DAY and view.deadlines
    assert casework.open_case(office.ctx, rahma, case).dues
    assert faults(office) == []
