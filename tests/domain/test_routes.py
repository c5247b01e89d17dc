from whistle.domain.roles import UNITS
from whistle.domain.routes import ROUTES, units_for
from whistle.domain.tracks import TRACKS


def test_an_outer_case_is_never_sent_to_a_unit_inside():
    for code, track in TRACKS.items():
        roles = {UNITS[unit].role for unit in units_for(code)}
        assert (roles == {"luar"}) if track.log == "outer" else ("luar" not in roles)


def test_an_unknown_track_can_be_sent_nowhere():
    assert units_for("of a later version") == ()


def test_a_case_about_the_inspectorate_never_reaches_its_triage_team():
    assert "triase" not in ROUTES["inspektorat"]
