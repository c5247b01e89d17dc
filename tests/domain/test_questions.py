from dataclasses import fields

from whistle.domain.categories import CATEGORIES, suggest
from whistle.domain.complaint import Complaint
from whistle.domain.public_services import ELSEWHERE, SERVICES
from whistle.domain.questions import QUESTIONS
from whistle.domain.tracks import FLAGS

CHOICES = {
    "happened": "uang hadiah dipersulit dibedakan sarana jabatan disiplin lainnya",
    "when": "hari_ini minggu_ini bulan_ini lebih_lama",
    "how": "langsung calo transfer map seikhlasnya barang whatsapp lainnya",
    "paid": "belum semua sebagian orang_lain",
    "proof_of_payment": "resmi tidak_resmi tidak_ada tidak_ditanya",
    "reported_to": "belum atasan lapor ombudsman polisi lainnya",
    "worried": "tidak sedikit sangat",
    "relation": "warga pegawai rahasia",
}


def test_every_question_is_an_answer_of_the_complaint():
    assert QUESTIONS.keys() == {field.name for field in fields(Complaint)} - {"amount_unknown", "language"}


def test_only_four_answers_are_required():
    assert [code for code, question in QUESTIONS.items() if question.required] == [
        "happened", "service", "office", "story",
    ]  # fmt: skip


def test_the_choices_that_stored_reports_use_stay():
    # A code that was stored once must be read for ever: new ones are added, none is renamed.
    for code, expected in CHOICES.items():
        assert QUESTIONS[code].choices.keys() >= set(expected.split())


def test_services_and_ticks_are_offered_from_their_own_files():
    assert list(QUESTIONS["service"].choices) == list(SERVICES)
    assert list(QUESTIONS["accused"].choices) == list(FLAGS)


def test_every_question_with_taps_lets_one_say_something_else_or_nothing():
    for code, question in QUESTIONS.items():
        if question.required and question.choices:
            assert "lainnya" in question.choices, code


def test_triage_starts_from_the_reporters_own_choice():
    suggested = {code: suggest(code) for code in QUESTIONS["happened"].choices}
    assert suggested.pop("lainnya") == ""
    assert suggested["uang"] == "pungli"
    assert all(category in CATEGORIES for category in suggested.values())
    assert suggest("of a later version") == ""


def test_a_tariff_is_stated_only_with_the_law_that_says_it():
    for service in SERVICES.values():
        if service.tariff:
            law = service.source.split("tariff: ")[1]
            assert law in service.tariff.id and law in service.tariff.en


def test_what_is_not_the_citys_is_told_with_where_to_go():
    assert [entry.code for entry in ELSEWHERE] == ["sma", "samsat", "sim", "bpn", "kua_madrasah"]
