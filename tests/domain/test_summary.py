import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.stages import STAGES
from whistle.domain.summary import Move, Summary

DAY = st.dates(date(2024, 1, 1), date(2040, 1, 1))
MOVES = st.lists(st.builds(Move, DAY, st.sampled_from(list(STAGES))), max_size=40).map(tuple)
SUMMARIES = st.builds(
    Summary,
    received=DAY,
    track=st.text(max_size=20),
    office=st.text(max_size=20),
    service=st.text(max_size=20),
    title=st.text(max_size=80),
    moves=MOVES,
    amount_asked=st.none() | st.integers(0, 10**12),
    verified=st.none() | DAY,
    closed=st.none() | DAY,
    causes=st.lists(st.text(max_size=10)).map(tuple),
    unread=st.booleans(),
)


@given(SUMMARIES)
def test_a_summary_survives_being_written_down(summary):
    assert Summary.from_dict(json.loads(json.dumps(summary.to_dict()))) == summary


def test_defaults_are_left_out_and_what_a_later_version_adds_is_ignored():
    summary = Summary(date(2026, 11, 24), "biasa", "DISHUB", "perhubungan", "Parkir")
    written = summary.to_dict()
    assert set(written) == {"received", "track", "office", "service", "title"}
    assert Summary.from_dict({**written, "weather": "rain"}) == summary
