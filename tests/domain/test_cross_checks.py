"""The tables are checked against each other when they are loaded: one slip, and nothing starts, with the slip named."""

import importlib.util
import sys

import pytest

from whistle.domain import data
from whistle.domain.data import DataError

SLIPS = [
    ("stages", "stages.toml", '["DIBUKA_KEMBALI"]', '["DIBUKA"]', "SELESAI: 'DIBUKA' is no stage to move to"),
    ("stages", "stages.toml", '["DIBUKA_KEMBALI"]', '["TELAAH"]', "cannot be reached: name in its 'comes_from'"),
    ("stages", "stages.toml", 'goes_to = ["DIBUKA_KEMBALI"]', "", "SELESAI: cannot be left: name in its 'goes_to'"),
    ("stages", "stages.toml", '"SELESAI", "PEMERIKSAAN"]', '"SELESAI"]', "PEMERIKSAAN: may ask the reporter, so"),
    ("stages", "stages.toml", '["TELAAH", "DIGABUNG"]', '["TELAAH", "TELAAH"]', "DITERIMA: 'goes_to' names"),
    ("stages", "stages.toml", '["TELAAH", "DIGABUNG"]', '["TELAAH", "DITERIMA"]', "'DITERIMA' is no stage to move to"),
    ("stages", "stages.toml", '["TELAAH", "DIGABUNG"]', '["TELAAH"]\ncomes_from = ["DIGABUNG"]', None),
    ("stages", "stages.toml", '["SELESAI"]', '["SELESAI"]\ncomes_from = ["PEMERIKSAAN"]', "PEMERIKSAAN stands here"),
    ("stages", "stages.toml", 'coarse = "waiting"', 'coarse = "wait"', "BUTUH_KLARIFIKASI: 'coarse' names 'wait'"),
    ("stages", "stages.toml", "public_text.en", "public_text.eng", "'public_text' must have exactly"),
    ("roles", "roles.toml", '["audit.view"]', '["audit.read"]', "auditor: 'permissions' names 'audit.read'"),
    ("roles", "roles.toml", ', "officers.invite"', "", "roles: nobody may officers.invite"),
    ("roles", "roles.toml", 'role = "luar"', 'role = "outside"', "sekda: 'role' names 'outside'"),
    ("offices", "irban.csv", "DISHUB,", "DISHUP,", "skpd.csv: DISHUB: has no row in irban.csv"),
    ("offices", "irban.csv", "DISHUB,irban-3", "DISHUB,irban-9", "irban.csv: DISHUB: 'unit' names 'irban-9'"),
    ("offices", "irban.csv", "TIDAKTAHU,", "BSL99,triase,x\nTIDAKTAHU,", "irban.csv: BSL99: is no office"),
    ("offices", "kelurahan.csv", "KEC-BSL", "DISHUB", "kelurahan.csv: BSL01: 'parent' names 'DISHUB'"),
    ("offices", "kelurahan.csv", "BSL02", "BSL01", "kelurahan.csv: BSL01: stands here twice"),
    ("offices", "kelurahan.csv", "BSL01", "INSP", "kelurahan.csv: INSP: is also an office in skpd.csv"),
    ("tracks", "tracks.toml", '"office:SETDA"', '"office:SEKDA"', "kepala-daerah: 'when' names 'office:SEKDA'"),
    ("tracks", "tracks.toml", "strictness = 3", "strictness = 2", "kepala-daerah: is as strict as inspektur"),
    ("tracks", "tracks.toml", "when = []", 'when = [["inspektur"]]', "biasa: exactly the least strict"),
    ("tracks", "tracks.toml", "when = []", "when = [[]]", "biasa: 'when' must be a list of lists"),
    ("tracks", "tracks.toml", 'custodian = "provinsi"', 'custodian = "pimpinan"', "inspektur: 'custodian' names"),
    ("tracks", "tracks.toml", '["provinsi"]', "[]", "kepala-daerah: has no reader"),
    ("questions", "questions.toml", "[worried]", "[afraid]", "questions.toml: "),
    ("questions", "questions.toml", "[office]", '[office]\nchoices.a = { id = "A", en = "A" }', None),
    ("questions", "questions.toml", "source = \"Interface copy, question 2\"",
     'source = "x"\nchoices.a = { id = "A", en = "A" }', "service: has its choices in another file"),
    ("public_services", "public_services.toml", '"DISHUB"', '"DISHUP"', "perhubungan: 'offices' names 'DISHUP'"),
    ("public_services", "public_services.toml", "[services.lainnya]", "[services.lain]", "lainnya: is missing"),
    ("categories", "categories.toml", 'dipersulit = "penundaan"', 'dipersulit = "tunda"', "'dipersulit' names 'tunda'"),
    ("categories", "categories.toml", "sarana = ", "sarna = ", "suggested: 'sarana' is missing"),
    ("categories", "categories.toml", 'ill = "pungli"', 'ill = "berbelit"', "pungli: has no category"),
    ("categories", "categories.toml", '"irban-khusus"', '"khusus"', "pungli: 'default_unit' names 'khusus'"),
    ("sanctions", "sanctions.toml", 'level = "berat"', 'level = "parah"', "turun_jabatan: 'level' names 'parah'"),
    ("results", "results.toml", "needs_second = true", 'needs_second = "ya"', "terbukti: 'needs_second'"),
    ("results", "results.toml", "[causes.", "[reasons.", "causes: is missing"),
    ("deadlines", "deadlines.toml", "days = 3\n", "days = -3\n", "verify: 'days' must be a whole number"),
    ("deadlines", "deadlines.toml", 'clock = "working"', 'clock = "kerja"', "verify: 'clock' names 'kerja'"),
    ("calendar", "holidays.csv", "2026-12-24", "2026-12-32", "holidays.csv: 2026-12-32: is no day"),
]  # fmt: skip


@pytest.fixture
def load_with(monkeypatch):
    """Load a fresh copy of a module while one data file reads differently; the real module stays as it is."""
    whole = data._read

    def load(module, file, old, new):
        text = whole(file)
        assert old in text, "the slip must change something"
        monkeypatch.setattr(data, "_read", lambda name: text.replace(old, new) if name == file else whole(name))
        spec = importlib.util.find_spec(f"whistle.domain.{module}")
        copy = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, spec.name, copy)  # dataclasses look their module up
        spec.loader.exec_module(copy)

    return load


@pytest.mark.parametrize(("module", "file", "old", "new", "said"), SLIPS)
def test_a_slip_in_a_table_is_named_before_anything_starts(load_with, module, file, old, new, said):
    if said is None:  # a change that is allowed: an editor of the tables is not held up without need
        load_with(module, file, old, new)
        return
    with pytest.raises(DataError) as caught:
        load_with(module, file, old, new)
    assert said in str(caught.value)
    assert "whistle/domain/data/" in str(caught.value)
