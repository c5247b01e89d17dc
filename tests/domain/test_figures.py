from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.histories import case, many
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import AGES, KEPT, NONE, UNDONE, Flow, Kept, Month, Sum, month_figures
from whistle.domain.history import history
from whistle.domain.stages import STAGES
from whistle.domain.tally import GROUPS

MARCH = Month(2026, 3)
MONTHS = st.integers(0, 23).map(lambda n: Month(2026 + n // 12, n % 12 + 1))


def figures(*summaries, month=MARCH, today=None):
    return month_figures(summaries, month, CALENDAR, today)


def day(text):
    return date.fromisoformat(f"2026-{text}")


# By hand


def test_a_month_balances_with_what_was_there_came_in_came_back_and_closed():
    now = figures(
        case(day("02-10")),  # there, and still there
        case(day("02-10"), (1, "TELAAH"), (30, "SELESAI"), result="terbukti"),  # there, closed 12 March
        case(day("03-05")),  # came in
        case(day("03-31"), (0, "DIGABUNG")),  # came in and was merged on the last day
        case(day("01-05"), (1, "TELAAH"), (9, "SELESAI"), (60, "DIBUKA_KEMBALI")),  # came back 6 March
        case(day("01-05"), (1, "TELAAH"), (9, "SELESAI")),  # was over before
        case(day("04-01")),  # not yet
    ).now
    assert now.rekap == Flow(opening=2, received=2, reopened=1, closed=2, closing=3, overdue=2)
    assert now.results == {"terbukti": 1, "duplikat": 1}


def test_a_case_that_closes_twice_in_a_month_counts_twice_and_once_as_reopened():
    twice = case(
        day("03-02"),
        (1, "TELAAH"),
        (2, "SELESAI"),
        (3, "DIBUKA_KEMBALI"),
        (4, "TELAAH"),
        (5, "SELESAI"),
        result="terbukti",
    )
    now = figures(twice).now
    assert now.rekap == Flow(opening=0, received=1, reopened=1, closed=2, closing=0, overdue=0)
    assert now.results == {UNDONE: 1, "terbukti": 1}


def test_a_past_month_does_not_change_when_a_case_is_opened_again_later_but_says_so():
    closed = case(day("03-02"), (1, "TELAAH"), (9, "SELESAI"), result="terbukti", amount_returned=50_000)
    later = replace(case(day("03-02"), (1, "TELAAH"), (9, "SELESAI"), (60, "DIBUKA_KEMBALI")), amount_returned=50_000)
    before, after = figures(closed).now, figures(later).now
    assert before.rekap == after.rekap
    assert (before.results, after.results) == ({"terbukti": 1}, {UNDONE: 1})
    assert (before.sums["returned"], after.sums["returned"]) == (Sum(1, 50_000), Sum(0, 0))


def test_a_month_without_a_reopening_is_the_short_sum():
    rekap = figures(case(day("02-10")), case(day("03-05"), (1, "TELAAH"), (2, "SELESAI"))).now.rekap
    assert rekap.opening + rekap.received - rekap.closed == rekap.closing


def test_deadlines_that_fell_due_in_the_month_are_met_in_time_met_late_or_missed():
    # Monday 2 March: three working days end on the 5th, fourteen calendar days on the 16th
    met = case(day("03-02"), (3, "TELAAH"), first_answer=day("03-16"))
    late = case(day("03-02"), (4, "TELAAH"), first_answer=day("03-17"))
    missed = case(day("03-02"))
    early = case(day("03-30"), (1, "TELAAH"))  # its days fall in April
    kept = figures(met, late, missed, early).now.deadlines
    assert kept["verify"] == Kept(in_time=1, late=1, missed=1, running=0)
    assert kept["first_answer"] == Kept(in_time=1, late=1, missed=1, running=0)
    assert kept["decide"] == Kept()
    assert (kept["verify"].due, kept["verify"].percent, kept["decide"].percent) == (3, 33, None)


def test_what_is_met_after_the_month_was_still_missed_at_its_end():
    late = case(day("03-02"), (40, "TELAAH"), first_answer=day("04-11"))
    assert figures(late).now.deadlines["first_answer"] == Kept(missed=1)


def test_a_deadline_of_the_last_day_is_missed_when_the_month_is_over_and_running_while_it_is_not():
    last = case(day("03-17"), (1, "TELAAH"))  # fourteen days end on the 31st
    assert figures(last).now.deadlines["first_answer"] == Kept(missed=1)
    assert figures(last, today=day("04-01")).now.deadlines["first_answer"] == Kept(missed=1)
    assert figures(last, today=day("03-31")).now.deadlines["first_answer"] == Kept(running=1)


def test_of_a_month_that_runs_nothing_is_missed_before_its_day():
    running = figures(case(day("03-09"), (1, "TELAAH")), today=day("03-10"))
    assert (running.over, running.until, figures().over) == (False, day("03-10"), True)
    assert running.now.deadlines["first_answer"] == Kept(running=1)
    assert running.now.rekap.overdue == 0


def test_the_clock_of_the_decision_stands_still_while_the_reporter_is_asked():
    # complete on 5 January: 60 days end on 6 March; it waits for the reporter from the 4th
    waiting = case(day("01-05"), (0, "TELAAH"), (0, "PEMERIKSAAN"), (58, "BUTUH_KLARIFIKASI"))
    busy = case(day("01-05"), (0, "TELAAH"), (0, "PEMERIKSAAN"))
    assert figures(waiting).now.deadlines["decide"] == Kept()
    assert figures(busy).now.deadlines["decide"] == Kept(missed=1)


def test_a_deadline_that_was_met_long_before_is_counted_in_the_month_of_its_day():
    merged = case(day("01-29"), (0, "DIGABUNG"), verified=None)  # looked at by 3 February, decided by 4 April
    assert figures(merged, month=Month(2026, 4)).now.deadlines["decide"] == Kept(in_time=1)
    assert figures(merged, month=Month(2026, 5)).now.deadlines["decide"] == Kept()


def test_open_cases_are_aged_from_the_day_they_came_in():
    ages = [0, 14, 15, 30, 31, 60, 61, 90, 91, 400]
    now = figures(*(case(MARCH.last - timedelta(age)) for age in ages)).now
    assert [now.ages[place].cases for place in range(len(AGES))] == [2, 2, 2, 2, 2]
    waiting = figures(case(day("03-20"), (1, "TELAAH"), (2, "BUTUH_KLARIFIKASI"))).now
    assert (waiting.ages[0].cases, waiting.ages[0].waiting) == (1, 1)


def test_money_is_asked_in_what_came_in_and_returned_in_what_was_closed():
    came = case(day("03-02"), amount_asked=50_000, amount_paid=20_000)
    done = case(
        day("02-02"), (1, "TELAAH"), (40, "SELESAI"), amount_asked=7, amount_paid=30_000, amount_returned=10_000
    )
    silent = case(day("03-02"))
    assert figures(came, done, silent).now.sums == {
        "asked": Sum(1, 50_000),
        "paid": Sum(1, 20_000),
        "settled": Sum(1, 30_000),
        "returned": Sum(1, 10_000),
    }


def test_how_a_case_ended_is_counted_in_the_month_it_was_closed():
    ended = {"result": "terbukti", "sanction": "teguran_lisan", "causes": ("calo", "tarif"), "referral": "ombudsman"}
    now = figures(case(day("02-02"), (1, "TELAAH"), (40, "SELESAI"), **ended)).now
    assert (now.results, now.sanctions, now.referrals) == ({"terbukti": 1}, {"teguran_lisan": 1}, {"ombudsman": 1})
    assert (now.causes, now.days_to_close) == ({"calo": 1, "tarif": 1}, 40)


def test_the_stage_is_that_of_the_months_end():
    moved = case(day("02-02"), (1, "TELAAH"), (40, "PEMERIKSAAN"), (90, "TINDAK_LANJUT"))
    stages = figures(moved).now.stages
    assert {code for code, n in stages.items() if n} == {"PEMERIKSAAN"}
    assert set(stages) == {code for code, stage in STAGES.items() if stage.coarse != "closed"}


def test_no_word_of_a_report_gets_among_the_figures():
    word = "KANARI Budi 0812"
    told = {"category": word, "unit": word, "priority": word, "channel": word, "office": word, "service": word}
    ended = {"result": word, "sanction": word, "causes": (word,), "referral": word}
    closed = case(day("03-02"), (1, "TELAAH"), (2, "SELESAI"), **told, **ended)
    counted = figures(replace(closed, title=word, people=word, register=word, happened=word))
    assert word not in repr(counted)
    assert counted.now.flows["category"] == {NONE: counted.now.rekap}


def test_a_month_in_which_nothing_was_ever_there_is_empty():
    assert figures().empty and figures(case(day("05-01"))).empty
    assert not figures(case(day("02-10"))).empty


def test_working_days_are_those_of_the_whole_month():
    assert figures().working_days == sum(CALENDAR.is_working(day(f"03-{n:02d}")) for n in range(1, 32))


# Whatever the cases


@given(many(), MONTHS)
def test_the_rekap_and_every_group_balance(summaries, month):
    for tally in (figures(*summaries, month=month).now, figures(*summaries, month=month).before):
        assert tally.rekap.balances
        for name, groups in tally.flows.items():
            assert all(flow.balances for flow in groups.values()), name
            sums = [sum(column) for column in zip(*(flow.numbers for flow in groups.values()), strict=True)]
            assert (sums or [0] * 6) == list(tally.rekap.numbers), name


@given(many(), MONTHS)
def test_the_parts_of_a_month_add_up_to_it(summaries, month):
    now = figures(*summaries, month=month).now
    assert sum(now.stages.values()) == sum(age.cases for age in now.ages.values()) == now.rekap.closing
    assert sum(age.waiting for age in now.ages.values()) == now.stages["BUTUH_KLARIFIKASI"]
    assert sum(now.results.values()) == sum(now.sanctions.values()) == now.rekap.closed
    assert sum(now.channels.values()) == now.rekap.received
    assert 0 <= now.rekap.overdue <= now.rekap.closing
    assert set(now.deadlines) == set(KEPT)
    assert sum(now.referrals.values()) <= now.rekap.closed


@given(many(), MONTHS)
def test_last_months_closing_is_this_months_opening(summaries, month):
    this, last = figures(*summaries, month=month), figures(*summaries, month=month.previous())
    assert this.before == last.now
    assert this.now.rekap.opening == last.now.rekap.closing
    for name in GROUPS:
        opening = {code: flow.opening for code, flow in this.now.flows[name].items() if flow.opening}
        assert opening == {code: flow.closing for code, flow in last.now.flows[name].items() if flow.closing}


@given(many(), MONTHS)
def test_the_trend_tells_of_each_month_what_its_own_report_told(summaries, month):
    trend = figures(*summaries, month=month).trend
    assert [month for month, _ in trend][-1] == month and len(trend) == 12
    assert all(earlier.closing == later.opening for (_, earlier), (_, later) in pairwise(trend))
    for then, flow in trend[-3:]:
        assert replace(figures(*summaries, month=then).now.rekap, overdue=0) == flow


@given(many(), MONTHS)
def test_a_month_counted_at_its_end_is_counted_the_same_years_later(summaries, month):
    then = [known for summary in summaries if (known := history(summary).as_of(month.last)) is not None]
    fresh, late = figures(*then, month=month).now, figures(*summaries, month=month, today=date(2030, 1, 1)).now
    assert (fresh.rekap, fresh.stages, fresh.ages) == (late.rekap, late.stages, late.ages)
    assert (fresh.deadlines, fresh.flows, fresh.channels) == (late.deadlines, late.flows, late.channels)


@given(many(), MONTHS)
def test_every_case_is_counted_as_a_plain_reading_of_its_moves_says(summaries, month):
    def is_open(summary, on):
        stages = [move.stage for move in summary.moves if move.day <= on]
        return bool(stages) and stages[-1] not in ("SELESAI", "DIGABUNG")

    events = [(new.day, old.stage, new.stage) for case in summaries for old, new in pairwise(case.moves)]
    shut = ("SELESAI", "DIGABUNG")
    rekap = figures(*summaries, month=month).now.rekap
    assert rekap.opening == sum(is_open(case, month.first - timedelta(1)) for case in summaries)
    assert rekap.closing == sum(is_open(case, month.last) for case in summaries)
    assert rekap.received == sum(case.received in month for case in summaries)
    assert rekap.closed == sum(on in month and new in shut and old not in shut for on, old, new in events)
    assert rekap.reopened == sum(on in month and old in shut and new not in shut for on, old, new in events)


@given(many(), MONTHS, st.integers(0, 400))
def test_deadlines_add_up_while_the_month_runs_and_stay_when_it_is_over(summaries, month, n):
    today = month.first + timedelta(n)
    counted = figures(*summaries, month=month, today=today)
    for kept in counted.now.deadlines.values():
        assert kept.due == kept.in_time + kept.late + kept.missed + kept.running
        assert kept.percent is None or 0 <= kept.percent <= 100
    if today > month.last:
        assert counted.now == figures(*summaries, month=month).now
        assert not any(kept.running for kept in counted.now.deadlines.values())


@pytest.mark.parametrize(
    ("in_time", "late", "percent"), [(1, 1, 50), (1, 2, 33), (2, 1, 67), (1, 7, 13), (0, 3, 0), (3, 0, 100)]
)
def test_percent_is_rounded_half_up(in_time, late, percent):
    assert Kept(in_time, late).percent == percent
