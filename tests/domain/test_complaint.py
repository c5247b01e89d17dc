import json

from whistle.domain.complaint import Complaint
from whistle.domain.questions import QUESTIONS

FULL = Complaint(
    happened="uang", service="perhubungan", office="DISHUB", story="Diminta 50 ribu.\nTanpa karcis. 🙏",
    when="minggu_ini", who="juru parkir", accused=("pimpinan_kantor",), amount=50_000, in_kind="rokok",
    how=("langsung", "lainnya"),
    paid="sebagian", proof_of_payment="tidak_ada", witnesses="dua orang", reported_to=("belum",), worried="sangat",
    relation="warga", language="en",
)  # fmt: skip


def test_a_complaint_survives_being_written_down():
    assert Complaint.from_dict(json.loads(json.dumps(FULL.to_dict()))) == FULL


def test_what_a_later_version_adds_is_ignored():
    assert Complaint.from_dict({**FULL.to_dict(), "weather": "rain"}) == FULL


def test_its_codes_are_those_that_the_form_offers():
    for code, question in QUESTIONS.items():
        value = getattr(FULL, code)
        for chosen in value if isinstance(value, tuple) else [value]:
            assert not question.choices or chosen in question.choices
