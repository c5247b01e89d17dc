from collections import Counter

from whistle.domain.offices import IRBAN, OFFICES, UNKNOWN
from whistle.domain.roles import UNITS


def test_there_are_at_least_34_skpd_and_52_kelurahan():
    kinds = Counter("kelurahan" if office.kind == "kelurahan" else "skpd" for office in OFFICES.values())
    assert kinds["skpd"] >= 34
    assert kinds["kelurahan"] == 52


def test_every_kelurahan_lies_in_one_of_five_kecamatan():
    parents = Counter(office.parent for office in OFFICES.values() if office.kind == "kelurahan")
    assert parents == {"KEC-BSL": 12, "KEC-BTM": 9, "KEC-BBR": 9, "KEC-BUT": 10, "KEC-BTG": 12}
    assert all(office.parent is None for office in OFFICES.values() if office.kind != "kelurahan")


def test_every_office_is_covered_by_a_unit_and_a_kelurahan_by_its_kecamatans():
    for office in OFFICES.values():
        assert office.irban in UNITS
        if office.kind == "kelurahan":
            assert office.irban == IRBAN.get(office.code, OFFICES[office.parent].irban)


def test_all_four_areas_have_offices():
    assert {"irban-1", "irban-2", "irban-3", "irban-4"} <= {office.irban for office in OFFICES.values()}


def test_nobody_has_to_know_the_office():
    assert OFFICES[UNKNOWN].name.startswith("Saya tidak tahu")


def test_names_are_for_people_and_keep_research_notes_out():
    for office in OFFICES.values():
        assert "memory" not in office.name and "press" not in office.name and ";" not in office.name


def test_a_name_found_twice_would_send_reports_to_the_wrong_office():
    assert len({office.name for office in OFFICES.values()}) == len(OFFICES)
