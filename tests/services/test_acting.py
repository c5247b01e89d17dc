"""Plt and Plh: powers that come and go by their dates alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from tests.inspectorate import Inspectorate, act
from tests.services import staff
from whistle.casefile.manifest import Acting
from whistle.domain.results import RESULTS
from whistle.services import admission, casework, closing, unlock
from whistle.services.invitations import Person
from whistle.services.officer import Officer
from whistle.services.proposal import Choices, Delegate
from whistle.services.refusals import Refusal
from whistle.services.views import Closing
from whistle.store import cases

FIRST, LAST = date(2026, 11, 9), date(2026, 11, 20)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def acting(office: Inspectorate, login: str = "gunawan", unit: str = "pimpinan", **changes: object) -> Acting:
    plain = Acting(staff.id_of(office, login), unit, "plh", FIRST, LAST, "800/12/BKD/2026")
    return replace(plain, **changes)  # type: ignore[arg-type]


def midnight(office: Inspectorate, day: date) -> datetime:
    """The first moment of ``day`` in Banjarmasin."""
    return datetime.combine(day, time(), office.clock.zone)


def seated(office: Inspectorate, login: str) -> Callable[[], Officer]:
    """A session that begins a minute before now; who it is at this moment."""
    who = office.credentials[login]
    secret, _ = unlock.sign_in(office.ctx, login, who.password, staff.code_of(office, who.totp_secret))
    return lambda: unlock.resume(office.ctx, secret)


def reads(office: Inspectorate, officer: bytes, **answers: object) -> bool:
    _, _, case = office.report(**answers)
    with office.ctx.store.read() as tx:
        return any(grant.reader == officer for grant in cases.grants(tx, case))


def test_acting_begins_and_ends_at_midnight_in_banjarmasin(office: Inspectorate) -> None:
    # Given Plh Inspektur from the 9th to the 20th, and a session that is open around midnight
    staff.signed(office, Choices(act=(acting(office),)))
    office.clock.instant = midnight(office, FIRST) - 2 * SECOND
    gunawan = seated(office, "gunawan")
    # When the clock passes midnight
    office.clock.instant = midnight(office, FIRST) - SECOND
    assert not gunawan().may("case.approve")
    assert not reads(office, gunawan().id)
    office.clock.advance(SECOND)
    # Then the powers are there, with nobody doing anything
    assert gunawan().may("case.approve") and gunawan().may("case.open")
    assert reads(office, gunawan().id)
    # and on the last day until midnight
    office.clock.instant = midnight(office, LAST + timedelta(days=1)) - 2 * SECOND
    gunawan = seated(office, "gunawan")
    office.clock.advance(SECOND)
    assert gunawan().may("case.approve")
    assert reads(office, gunawan().id)
    office.clock.advance(SECOND)
    assert not gunawan().may("case.approve") and gunawan().may("case.open")
    assert not reads(office, gunawan().id)


def test_who_acts_for_the_head_holds_identity_records_too(office: Inspectorate) -> None:
    staff.signed(office, Choices(act=(acting(office, first=office.clock.today()),)))
    current, today = staff.directory(office).current, office.clock.today()
    gunawan = staff.id_of(office, "gunawan")
    assert gunawan in {reader.id for reader in current.custodians_of("biasa", today)}
    assert gunawan not in current.custodians["biasa"]


def test_a_case_taken_in_while_somebody_acted_stays_readable_to_all_afterwards(office: Inspectorate) -> None:
    staff.signed(office, Choices(act=(acting(office, first=office.clock.today()),)))
    _, _, case = office.triaged()
    staff.signed(office, Choices(end_acting=staff.directory(office).current.acting))
    assert staff.directory(office).current.acting == ()
    for login in ("rahma", "inspektur"):
        casework.open_case(office.ctx, office.officer(login), case)


def test_who_acts_for_the_head_does_not_approve_a_closing_of_their_own(office: Inspectorate) -> None:
    staff.signed(office, Choices(act=(acting(office, "rahma", first=office.clock.today()),)))
    office._signed_in.clear()
    office.clock.advance(timedelta(seconds=31))
    rahma = office.officer("rahma")
    assert rahma.may("case.approve")
    _, _, case = office.triaged()
    casework.move(office.ctx, rahma, case, act(), "PEMERIKSAAN", "Diperiksa.", "", {"letter_number": "1"})
    result = next(code for code, entry in RESULTS.items() if entry.needs_second)
    proposed = Closing(result, "Ringkasan.", "Jawaban.", lhp_number="1", lhp_date="2026-11-02")
    assert closing.close(office.ctx, rahma, case, act(), proposed) is False
    with pytest.raises(Refusal, match="second_person"):
        closing.approve(office.ctx, rahma, case, act())
    with pytest.raises(Refusal, match="second_person"):
        closing.give_back(office.ctx, rahma, case, act(), "Kurang.")


@pytest.mark.parametrize(
    ("login", "changes", "code"),
    [
        ("admin", {}, "acting_role"),
        ("auditor", {}, "acting_role"),
        ("inspektur", {}, "acting_own"),
        ("sekda", {}, "acting_logs"),
        ("gunawan", {"unit": "provinsi"}, "acting_logs"),
        ("gunawan", {"last": FIRST - timedelta(days=1)}, "acting_days"),
        ("gunawan", {"first": date(2026, 10, 1), "last": date(2026, 10, 30)}, "acting_over"),
        ("gunawan", {"last": FIRST + timedelta(days=400)}, "acting_long"),
        ("gunawan", {"unit": "dinas"}, "gone"),
        ("gunawan", {"officer": bytes(15) + b"x"}, "gone"),
    ],
)
def test_acting_that_makes_no_sense_is_refused(
    office: Inspectorate, login: str, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        choices = Choices(act=(acting(office, login, **changes),))
        admission.review(office.ctx, office.officer("inspektur"), choices)


@pytest.mark.parametrize(
    ("first", "last", "allowed"),
    [(FIRST, LAST, False), (LAST, LAST + 9 * DAY, False), (LAST + DAY, LAST + 9 * DAY, True)],
)
def test_nobody_acts_twice_for_a_unit_on_the_same_day(
    office: Inspectorate, first: date, last: date, allowed: bool
) -> None:
    # Given somebody who acts for the head from the 9th to the 20th
    staff.signed(office, Choices(act=(acting(office),)))
    # When they are to act for the head again
    choices = Choices(act=(acting(office, first=first, last=last),))
    # Then only on other days; for another unit, and in place of the first, on any
    if allowed:
        assert admission.review(office.ctx, office.officer("inspektur"), choices).changes.acting
    else:
        with pytest.raises(Refusal, match="acting_twice"):
            admission.review(office.ctx, office.officer("inspektur"), choices)
    instead = replace(choices, end_acting=staff.directory(office).current.acting)
    assert admission.review(office.ctx, office.officer("inspektur"), instead).manifest.acting == choices.act
    elsewhere = Choices(act=(acting(office, unit="triase", first=first, last=last),))
    assert admission.review(office.ctx, office.officer("inspektur"), elsewhere).changes.acting


def test_an_officer_who_acts_inside_is_not_moved_outside(office: Inspectorate) -> None:
    staff.signed(office, Choices(act=(acting(office, "rahma"),)))
    id_ = staff.made(office, Person("rahma", "Rahma Yuliani", "luar", "provinsi"))
    third = staff.admitted(office)
    assert third
    with pytest.raises(Refusal, match="acting_logs"):
        admission.review(office.ctx, office.officer("inspektur"), Choices(admit=(id_,)))


def test_a_delegate_lets_act_only_for_units_whose_every_track_is_theirs(office: Inspectorate) -> None:
    until = office.clock.today() + timedelta(days=90)
    some = Delegate(staff.id_of(office, "sekda"), ("biasa",), until)
    staff.signed(office, Choices(delegate=(some,)))
    sekda = office.officer("sekda")
    for unit, allowed in (("pimpinan", False), ("triase", True), ("irban-1", True), ("irban-khusus", False)):
        choices = Choices(act=(acting(office, "lestari", unit=unit),))
        if allowed:
            assert admission.review(office.ctx, sekda, choices).changes.acting
        else:
            with pytest.raises(Refusal, match="beyond"):
                admission.review(office.ctx, sekda, choices)
    both = Delegate(sekda.id, ("biasa", "inspektorat"), until)
    staff.signed(office, Choices(delegate=(both,)))
    choices = Choices(act=(acting(office, "lestari", unit="pimpinan"),))
    assert staff.signed(office, choices, by="sekda") == 4


def test_what_is_over_is_cleared_away_with_the_next_signature(office: Inspectorate) -> None:
    staff.signed(office, Choices(act=(acting(office, first=office.clock.today()),)))
    office.clock.put(LAST + timedelta(days=1))
    staff.signed(office, Choices())
    assert staff.directory(office).current.acting == ()
