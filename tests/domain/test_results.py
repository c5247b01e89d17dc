from whistle.domain.results import CAUSES, EMPLOYMENT, REFERRALS, RESULTS
from whistle.domain.sanctions import LEVELS, SANCTIONS


def test_proven_and_not_proven_need_a_second_person():
    assert [code for code, result in RESULTS.items() if result.needs_second] == ["terbukti", "tidak_terbukti"]
    assert len(RESULTS) >= 7


def test_the_closing_form_has_its_lists():
    assert list(CAUSES) == "prosedur tarif antrean calo pengawasan integritas sarana".split()
    assert list(EMPLOYMENT) == "pns pppk honorer alih_daya bukan_asn tidak_diketahui".split()
    assert {"ombudsman", "polresta", "kejari", "kpk", "lpsk", "bkn"} <= REFERRALS.keys()


def test_each_level_of_the_regulation_has_its_three_sanctions():
    for level in ("ringan", "sedang", "berat"):
        assert sum(sanction.level == level for sanction in SANCTIONS.values()) == 3


def test_a_sanction_may_be_open_or_absent_and_staff_who_are_no_pns_have_their_own():
    assert {"belum_diputus", "tidak_ada"} == {s.code for s in SANCTIONS.values() if s.level == "tanpa"}
    assert any(sanction.level == "non_pns" for sanction in SANCTIONS.values())
    assert {sanction.level for sanction in SANCTIONS.values()} == LEVELS.keys()
