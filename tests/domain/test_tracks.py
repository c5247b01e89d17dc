from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.offices import OFFICES
from whistle.domain.roles import UNITS
from whistle.domain.routes import ROUTES
from whistle.domain.tracks import FLAGS, TRACKS, decide

OFFICE_CODES = st.sampled_from(["", *OFFICES])
TICKED = st.lists(st.sampled_from(list(FLAGS)), unique=True)

EXPECTED = [
    ("DISDUKCAPIL", (), "biasa"),
    ("", (), "biasa"),
    ("TIDAKTAHU", ("pimpinan_kantor",), "biasa"),
    ("SETDA", (), "biasa"),
    ("INSP", (), "inspektorat"),  # even unticked
    ("TIDAKTAHU", ("inspektorat",), "inspektorat"),
    ("INSP", ("pimpinan_kantor",), "inspektur"),
    ("TIDAKTAHU", ("inspektorat", "pimpinan_kantor"), "inspektur"),
    ("DINKES", ("inspektur",), "inspektur"),
    ("SETDA", ("pimpinan_kantor",), "kepala-daerah"),
    ("DISHUB", ("sekda",), "kepala-daerah"),
    ("INSP", ("walikota",), "kepala-daerah"),
    ("INSP", ("inspektur", "sekda"), "kepala-daerah"),
]


@pytest.mark.parametrize(("office", "accused", "track"), EXPECTED)
def test_the_answers_decide_the_track(office, accused, track):
    assert decide(office, accused).code == track


def test_the_order_of_the_ticks_never_matters():
    for office in ("DISHUB", "INSP", "SETDA"):
        for size in range(len(FLAGS) + 1):
            for ticked in combinations(FLAGS, size):
                assert len({decide(office, order).code for order in permutations(ticked)}) == 1


@given(OFFICE_CODES, TICKED, TICKED)
def test_one_more_tick_is_never_less_strict(office, ticked, more):
    assert decide(office, ticked + more).strictness >= decide(office, ticked).strictness


@given(OFFICE_CODES, TICKED)
def test_the_accused_is_never_among_the_readers(office, ticked):
    units = set(decide(office, ticked).reader_units)
    inspectorate = UNITS.keys() - {"sekda", "provinsi"}
    if "sekda" in ticked or "walikota" in ticked:
        assert units == {"provinsi"}
    if "inspektur" in ticked:
        assert not units & inspectorate
    if "inspektorat" in ticked or office == "INSP":
        assert "triase" not in units


@given(OFFICE_CODES, TICKED, st.text(min_size=1))
def test_a_tick_that_nobody_defined_leaves_doubt_and_doubt_is_strictest(office, ticked, unknown):
    if unknown not in FLAGS:
        assert decide(office, [*ticked, unknown]).code == "kepala-daerah"


def test_every_reader_of_a_track_is_a_unit_that_its_cases_may_go_to():
    assert ROUTES.keys() == TRACKS.keys()
    for code, track in TRACKS.items():
        assert set(track.reader_units) <= set(ROUTES[code]) <= UNITS.keys()
        assert track.custodian in track.reader_units


def test_tracks_that_accuse_those_above_stand_in_the_outer_log_with_outside_readers_and_recovery():
    for track in TRACKS.values():
        outside = {UNITS[unit].role for unit in track.reader_units} == {"luar"}
        assert (track.log == "outer") == (track.recovery == "outer") == outside
