from whistle.domain.categories import CATEGORIES, ILLS


def test_the_three_ills_come_first_and_integrity_beside_them():
    assert list(ILLS) == ["pungli", "berbelit", "sarana", "integritas"]


def test_the_categories_that_figures_and_stored_cases_use_stay():
    # New ones are added; a code that was stored once must be read for ever.
    stored = (
        "pungli penundaan tidak_melayani penyimpangan_prosedur tidak_patut tidak_kompeten diskriminasi berpihak "
        "pengabaian sarana gratifikasi konflik_kepentingan penyalahgunaan disiplin pengadaan jual_beli_jabatan"
    ).split()
    assert CATEGORIES.keys() >= set(stored)


def test_levies_gratification_and_procurement_go_to_irban_khusus():
    for code in ("pungli", "gratifikasi", "pengadaan"):
        assert CATEGORIES[code].default_unit == "irban-khusus"


def test_service_quality_and_small_discipline_go_to_the_irban_of_the_office():
    assert CATEGORIES["penundaan"].default_unit == CATEGORIES["disiplin"].default_unit == ""
