from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.histories import START, case, cases
from whistle.domain.history import Closing, history
from whistle.domain.summary import Move

RECEIVED = date(2026, 3, 2)


def after(days):
    return RECEIVED + timedelta(days)


def test_the_stage_on_a_day_is_that_of_the_last_move_on_or_before_it():
    past = history(case(RECEIVED, (2, "TELAAH"), (9, "PEMERIKSAAN"), (30, "SELESAI")))
    days = (-1, 0, 1, 2, 8, 9, 29, 30, 300)
    stages = [None, "DITERIMA", "DITERIMA", "TELAAH", "TELAAH", "PEMERIKSAAN", "PEMERIKSAAN", "SELESAI", "SELESAI"]
    assert [past.stage_on(after(day)) for day in days] == stages


def test_of_several_moves_on_a_day_the_last_counts():
    past = history(case(RECEIVED, (0, "TELAAH"), (0, "SELESAI"), (0, "DIBUKA_KEMBALI")))
    assert past.stage_on(RECEIVED) == "DIBUKA_KEMBALI"
    assert (past.closings, past.reopenings) == ((Closing(RECEIVED, "SELESAI", False),), (RECEIVED,))


def test_a_merged_case_is_closed_and_can_be_opened_again():
    past = history(case(RECEIVED, (1, "DIGABUNG"), (5, "TELAAH"), (20, "SELESAI")))
    assert [past.open_on(after(day)) for day in (0, 1, 4, 5, 19, 20)] == [True, False, False, True, True, False]
    assert past.closings == (Closing(after(1), "DIGABUNG", False), Closing(after(20), "SELESAI", True))


def test_a_case_without_moves_stays_where_it_began():
    past = history(replace(case(RECEIVED), moves=()))
    assert past.stage_on(RECEIVED) == "DITERIMA"


def test_a_day_that_runs_backwards_is_taken_for_the_day_before_it():
    past = history(
        replace(case(RECEIVED), moves=(Move(RECEIVED, "DITERIMA"), Move(after(9), "TELAAH"), Move(after(3), "SELESAI")))
    )
    assert past.stage_on(after(3)) == "DITERIMA"
    assert past.closings == (Closing(after(9), "SELESAI", True),)


def test_as_it_was_a_case_knows_nothing_of_what_came_later():
    now = case(RECEIVED, (2, "TELAAH"), (5, "BUTUH_KLARIFIKASI"), (9, "TELAAH"), (30, "SELESAI"), first_answer=after(5))
    then = history(now).as_of(after(4))
    assert (then.stage, then.verified, then.first_answer, then.asked, then.closed) == (
        "TELAAH",
        after(2),
        None,
        None,
        None,
    )
    assert history(now).as_of(after(6)).asked == after(5)
    assert history(now).as_of(after(-1)) is None
    assert history(now).as_of(after(30)) == now


@given(cases(), st.integers(0, 700))
def test_what_a_case_was_then_it_still_was_when_looked_at_later(summary, days):
    day = START + timedelta(days)
    then = history(summary).as_of(day)
    if then is None:
        assert summary.received > day
        return
    # The case as it was written on that day tells the same as its later self does of that day, and of days before.
    for earlier in (day, day - timedelta(1), day - timedelta(40)):
        assert history(then).stage_on(earlier) == history(summary).stage_on(earlier)
    assert history(then).as_of(day) == then


@given(cases())
def test_closings_and_reopenings_take_turns(summary):
    past = history(summary)
    assert len(past.closings) - len(past.reopenings) in (0, 1)
    assert [closing.stands for closing in past.closings[:-1]] == [False] * len(past.closings[:-1])
    assert not past.closings or past.closings[-1].stands == (len(past.closings) > len(past.reopenings))
