"""Cases with histories that could have been: every move is one that the stages allow."""

from datetime import date, timedelta

from hypothesis import strategies as st

from whistle.domain.categories import CATEGORIES
from whistle.domain.offices import OFFICES
from whistle.domain.public_services import SERVICES
from whistle.domain.report_terms import PRIORITIES
from whistle.domain.results import CAUSES, REFERRALS, RESULTS
from whistle.domain.roles import UNITS
from whistle.domain.sanctions import SANCTIONS
from whistle.domain.stages import FIRST, STAGES, moves_from
from whistle.domain.summary import Move, Summary

START = date(2026, 1, 1)
NEXT = {code: st.sampled_from(moves_from(code)) for code in STAGES}
GAPS = st.sampled_from([0, 0, 1, 3, 14, 20, 31, 61])
SOME = st.fixed_dictionaries({name: st.sampled_from(sorted(table)[:5]) for name, table in {
    "office": OFFICES, "service": SERVICES, "category": CATEGORIES, "unit": UNITS, "priority": PRIORITIES,
    "result": RESULTS, "sanction": SANCTIONS, "referral": REFERRALS,
}.items()})  # fmt: skip
AMOUNTS = st.none() | st.sampled_from([0, 20_000, 50_000, 1_250_000])


def case(received, *steps, **known):
    """A case received on that day that came into each stage of ``steps`` so many days afterwards."""
    moves = (Move(received, FIRST), *(Move(received + timedelta(days), stage) for days, stage in steps))
    last = moves[-1]
    coarse = STAGES[last.stage].coarse
    values = {
        "verified": moves[1].day if len(moves) > 1 else None,
        "closed": last.day if coarse == "closed" else None,
        "asked": last.day if coarse == "waiting" else None,
        "complete": next((move.day for move in moves if move.stage in ("PEMERIKSAAN", "DILIMPAHKAN")), None),
        "result": "duplikat" if last.stage == "DIGABUNG" else "",
        **known,
    }
    given = {name: values.pop(name, other) for name, other in (("office", "DISHUB"), ("service", "perhubungan"))}
    return Summary(received, "biasa", given["office"], given["service"], "", moves=moves, stage=last.stage, **values)


@st.composite
def cases(draw):
    """One case, received within half a year from START, with up to seven moves."""
    received = START + timedelta(draw(st.integers(0, 180)))
    steps, stage, days = [], FIRST, 0
    for _ in range(draw(st.integers(0, 7))):
        stage = draw(NEXT[stage])
        days += draw(GAPS)
        steps.append((days, stage))
    known = draw(SOME)
    if stage not in ("SELESAI", "DIGABUNG"):
        known |= {"result": "", "sanction": ""}
    answered = draw(st.none() | st.integers(0, 40))
    return case(
        received,
        *steps,
        **known,
        first_answer=None if answered is None else received + timedelta(answered),
        amount_asked=draw(AMOUNTS),
        amount_paid=draw(AMOUNTS),
        amount_returned=draw(AMOUNTS),
        causes=tuple(draw(st.lists(st.sampled_from(sorted(CAUSES)), max_size=2, unique=True))),
    )


def many():
    return st.lists(cases(), max_size=5)
