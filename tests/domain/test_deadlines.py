from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.calendar import CALENDAR
from whistle.domain.deadlines import LIMITS, decide_by, due_dates, next_due, promises
from whistle.domain.stages import FIRST, STAGES, moves_from
from whistle.domain.summary import Move, Summary

RECEIVED = date(2026, 8, 3)  # a Monday; no holiday until the 17th


def after(days):
    return RECEIVED + timedelta(days=days)


def case(*steps, **known):
    """A case that came into each stage of ``steps`` so many days after it was received."""
    moves = (Move(RECEIVED, FIRST), *(Move(after(days), stage) for days, stage in steps))
    last = moves[-1]
    known.setdefault("closed", last.day if STAGES[last.stage].coarse == "closed" else None)
    known.setdefault("asked", last.day if last.stage == "BUTUH_KLARIFIKASI" else None)
    return Summary(RECEIVED, "biasa", "DISHUB", "perhubungan", "", moves=moves, stage=last.stage, **known)


def states(summary, day):
    return {due.code: due.state for due in due_dates(summary, day)}


def days(summary, day):
    return {due.code: due.day for due in due_dates(summary, day)}


def test_a_new_report_owes_a_look_in_three_working_days_then_an_answer_then_a_decision():
    dues = due_dates(case(), RECEIVED)
    assert [(due.code, due.day, due.state) for due in dues] == [
        ("verify", date(2026, 8, 6), "running"),
        ("first_answer", date(2026, 8, 17), "running"),  # a holiday: the calendar deadline stands all the same
        ("decide", date(2026, 10, 5), "running"),
    ]


def test_the_receipt_promises_the_days_that_the_case_then_owes():
    dues = days(case(), RECEIVED)
    assert promises(RECEIVED) == list(dues.items())


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(0, 20))
def test_verified_in_time_the_decision_never_moves_past_what_was_promised(received, waited):
    promised = dict(promises(received))
    verified = received + timedelta(days=waited)
    summary = Summary(received, "biasa", "", "", "", verified=verified)
    if verified <= promised["verify"]:
        assert decide_by(summary, verified) <= promised["decide"]


def test_colour_changes_before_the_deadline_and_after_it_never_back():
    order = ["running", "soon", "late"]
    for code in ("verify", "first_answer", "decide"):
        seen = [order.index(states(case(), after(n))[code]) for n in range(90)]
        assert seen == sorted(seen) and set(seen) == {0, 1, 2}


def test_verify_is_urgent_over_a_weekend_with_one_working_day_left():
    # Given a report of Wednesday, due on Monday
    summary = replace(case(), received=date(2026, 8, 5))
    assert days(summary, summary.received)["verify"] == date(2026, 8, 10)
    # Then Friday, Saturday and Sunday have one working day left
    assert [states(summary, date(2026, 8, n))["verify"] for n in (6, 7, 8, 9, 10, 11)] == [
        "running", "soon", "soon", "soon", "soon", "late",
    ]  # fmt: skip


def test_what_was_met_says_when_and_whether_in_time():
    summary = case((2, "TELAAH"), verified=after(2), first_answer=after(20))
    assert states(summary, after(30)) == {"verify": "met", "first_answer": "met_late", "decide": "running"}
    assert [due.code for due in due_dates(summary, after(30))] == ["decide", "verify", "first_answer"]
    assert {due.code: due.met_on for due in due_dates(summary, after(30))}["first_answer"] == after(20)


def test_the_sixty_days_run_from_the_complete_file():
    summary = case((2, "TELAAH"), (9, "PEMERIKSAAN"), verified=after(2), complete=after(9))
    assert decide_by(summary, after(9)) == after(69)


def test_while_the_reporter_is_asked_only_the_decision_stands_still():
    summary = case((2, "TELAAH"), (4, "BUTUH_KLARIFIKASI"), verified=after(2), first_answer=after(4))
    assert days(summary, after(10)) == {
        "clarify": after(34), "verify": date(2026, 8, 6), "first_answer": after(14)
    }  # fmt: skip
    assert next_due(summary, after(10)).code == "clarify"


def test_asking_does_not_excuse_from_reading():
    summary = case((2, "TELAAH"), (9, "BUTUH_KLARIFIKASI"), first_answer=after(9))
    assert states(summary, after(9))["verify"] == "late"


def test_the_answer_moves_the_decision_by_the_days_waited():
    summary = case((2, "TELAAH"), (4, "BUTUH_KLARIFIKASI"), (14, "TELAAH"), verified=after(2))
    assert decide_by(summary, after(20)) == after(2 + 60 + 10)


def test_waiting_before_the_file_was_complete_is_not_counted_twice():
    steps = [(2, "TELAAH"), (4, "BUTUH_KLARIFIKASI"), (14, "TELAAH"), (20, "PEMERIKSAAN")]
    summary = case(*steps, verified=after(2), complete=after(20))
    assert decide_by(summary, after(20)) == after(80)


def test_no_answer_in_thirty_days_and_the_decision_runs_again():
    summary = case((2, "TELAAH"), (4, "BUTUH_KLARIFIKASI"), verified=after(2), first_answer=after(4))
    assert decide_by(summary, after(33)) is None
    assert decide_by(summary, after(34)) == after(2 + 60 + 30)
    assert states(summary, after(35))["clarify"] == "late"
    # However long the silence, one question is worth no more than that
    assert decide_by(summary, after(200)) == after(2 + 60 + 30)


def test_asking_after_the_deadline_cures_nothing():
    summary = case((2, "TELAAH"), (70, "BUTUH_KLARIFIKASI"), verified=after(2), first_answer=after(70))
    assert states(summary, after(75))["decide"] == "late"
    answered = case((2, "TELAAH"), (70, "BUTUH_KLARIFIKASI"), (80, "TELAAH"), verified=after(2))
    assert decide_by(answered, after(90)) == after(62)


def test_a_case_handed_over_owes_an_answer_of_that_body_in_five_working_days():
    summary = case((2, "TELAAH"), (7, "DILIMPAHKAN"), verified=after(2), first_answer=after(7), complete=after(7))
    assert next_due(summary, after(7)).code == "agency"
    assert next_due(summary, after(7)).day == CALENDAR.add_working(after(7), 5)
    back = case((2, "TELAAH"), (7, "DILIMPAHKAN"), (30, "TELAAH"), verified=after(2), complete=after(7))
    assert states(back, after(31))["agency"] == "met_late"


def test_a_closed_case_owes_nothing_and_says_what_was_kept():
    summary = case((2, "TELAAH"), (62, "SELESAI"), verified=after(2), first_answer=after(5))
    assert next_due(summary) is None and next_due(summary, after(100)) is None
    assert states(summary, after(100)) == {"verify": "met", "first_answer": "met", "decide": "met", "tell": "met"}
    late = case((2, "TELAAH"), (63, "SELESAI"), verified=after(2), first_answer=after(5))
    assert states(late, after(100))["decide"] == "met_late"


def test_a_case_that_was_merged_at_once_was_read_and_answered_by_that():
    assert states(case((1, "DIGABUNG")), after(60)) == {
        "verify": "met", "first_answer": "met", "decide": "met", "tell": "met",
    }  # fmt: skip


def test_a_reopened_case_begins_its_sixty_days_anew():
    steps = [(2, "TELAAH"), (30, "SELESAI"), (200, "DIBUKA_KEMBALI"), (201, "TELAAH")]
    summary = case(*steps, verified=after(2), first_answer=after(5), complete=after(2))
    assert decide_by(summary, after(210)) == after(260)
    assert states(summary, after(210)) == {"verify": "met", "first_answer": "met", "decide": "running"}


def test_due_dates_hold_for_a_summary_without_its_moves():
    summary = Summary(RECEIVED, "biasa", "", "", "", stage="BUTUH_KLARIFIKASI", asked=after(4))
    assert {due.code for due in due_dates(summary, after(5))} == {"verify", "first_answer", "clarify"}


@st.composite
def lives(draw):
    """Any life of a case: moves that are possible, at any pace."""
    stage, day, steps = FIRST, 0, []
    for _ in range(draw(st.integers(0, 12))):
        stage, day = draw(st.sampled_from(moves_from(stage))), day + draw(st.integers(0, 40))
        steps.append((day, stage))
    first = steps[0][0] if steps else None
    complete = next((n for n, stage in steps if stage in ("PEMERIKSAAN", "DILIMPAHKAN")), None)
    known = {"verified": first, "complete": complete}
    return case(*steps, **{name: None if n is None else after(n) for name, n in known.items()}), after(day)


@given(lives(), st.integers(0, 120))
def test_an_open_case_always_has_a_next_deadline_and_a_closed_one_never(life, later):
    summary, last = life
    found = next_due(summary, last + timedelta(days=later))
    assert (found is None) == (summary.closed is not None)
    assert found is None or not found.met


@given(lives(), st.integers(0, 120))
def test_the_most_urgent_comes_first_and_what_was_met_last(life, later):
    summary, last = life
    dues = due_dates(summary, last + timedelta(days=later))
    unmet = [due.day for due in dues if not due.met]
    assert unmet == sorted(unmet)
    assert [due.met for due in dues] == sorted(due.met for due in dues)
    assert len({due.code for due in dues}) == len(dues)


@given(lives(), st.integers(0, 120))
def test_the_next_deadline_that_is_stored_is_the_one_that_is_shown(life, later):
    # The store keeps the day as of the last move, and sorts by it until somebody acts.
    summary, last = life
    stored, shown = next_due(summary), next_due(summary, last + timedelta(days=later))
    assert stored == shown or (stored.code, stored.day) == (shown.code, shown.day)


@given(lives(), st.integers(0, 100), st.integers(1, 100))
def test_what_is_late_stays_late_until_it_is_met(life, later, longer):
    summary, last = life
    day = last + timedelta(days=later)
    late = {code for code, state in states(summary, day).items() if state == "late"}
    assert late <= {code for code, state in states(summary, day + timedelta(days=longer)).items() if state == "late"}


def test_every_limit_of_the_law_stands_in_the_table():
    kept = {code: (limit.days, limit.clock) for code, limit in LIMITS.items()}
    assert kept | {
        "verify": (3, "working"), "agency": (5, "working"), "first_answer": (14, "calendar"),
        "clarify": (30, "calendar"), "decide": (60, "calendar"), "tell": (14, "calendar"),
        "simple_question": (5, "working"), "complaint": (14, "working"), "supervisory_complaint": (60, "working"),
        "summons": (7, "working"), "discipline_delivered": (14, "working"), "discipline_objection": (14, "calendar"),
        "refund": (10, "working"), "gratification_report": (30, "working"), "gratification_complete": (20, "working"),
        "breach_notice": (3, "hours"), "eu_acknowledge": (7, "calendar"), "eu_feedback": (90, "calendar"),
    } == kept  # fmt: skip


@pytest.mark.parametrize("code", ["verify", "first_answer", "agency", "clarify", "decide", "tell"])
def test_the_reporter_is_told_in_other_words_than_the_desk(code):
    assert LIMITS[code].public != LIMITS[code].label
