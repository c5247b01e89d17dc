"""What must hold of every data file, whoever edits it next."""

import re
from importlib.resources import files

import pytest

from whistle.domain.categories import CATEGORIES, ILLS
from whistle.domain.data import load_csv, load_toml
from whistle.domain.deadlines import LIMITS
from whistle.domain.labels import Label
from whistle.domain.offices import OFFICES
from whistle.domain.public_services import ELSEWHERE, SERVICES
from whistle.domain.questions import QUESTIONS
from whistle.domain.results import CAUSES, EMPLOYMENT, REFERRALS, RESULTS
from whistle.domain.roles import ROLES, UNITS
from whistle.domain.sanctions import LEVELS, SANCTIONS
from whistle.domain.stages import STAGES
from whistle.domain.tracks import FLAGS, TRACKS

TABLES = {
    "categories": CATEGORIES, "ills": ILLS, "limits": LIMITS, "offices": OFFICES, "services": SERVICES,
    "elsewhere": {entry.code: entry for entry in ELSEWHERE}, "questions": QUESTIONS, "results": RESULTS,
    "causes": CAUSES, "employment": EMPLOYMENT, "referrals": REFERRALS, "roles": ROLES, "units": UNITS,
    "sanctions": SANCTIONS, "levels": LEVELS, "stages": STAGES, "flags": FLAGS, "tracks": TRACKS,
}  # fmt: skip
TEXTS = "label public public_text help hint levies tariff where when description readers".split()
NAMES = sorted(path.name for path in files("whistle.domain").joinpath("data").iterdir())


def labels(table):
    """Every label of a table with the path to it, choices of questions included."""
    for code, entry in TABLES[table].items():
        if isinstance(entry, Label):
            yield code, entry
            continue
        for name in TEXTS:
            value = getattr(entry, name, None)
            if isinstance(value, Label):
                yield f"{code}.{name}", value
        for choice in getattr(entry, "choices", {}).values():
            yield f"{code}.{choice.code}", choice.label


@pytest.mark.parametrize("table", TABLES)
def test_every_label_has_both_languages(table):
    found = dict(labels(table))
    assert found
    for path, label in found.items():
        assert label.id.strip() and label.en.strip(), path


@pytest.mark.parametrize("table", [name for name in TABLES if name != "offices"])
def test_a_sentence_is_a_sentence_in_both_languages(table):
    for path, label in labels(table):
        assert label.id.endswith(".") == label.en.endswith("."), path
        assert not re.search(r"\s\s|\s[.,;:!?]", label.id + "|" + label.en), path


@pytest.mark.parametrize("table", TABLES)
def test_no_two_entries_of_a_table_read_the_same(table):
    for name in ("label", "public"):
        words = [getattr(entry, name).id for entry in TABLES[table].values() if hasattr(entry, name)]
        assert len(words) == len(set(words))


@pytest.mark.parametrize("table", TABLES)
def test_a_code_can_stand_in_an_address_and_a_form(table):
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{2,30}", code) for code in TABLES[table])


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".csv")])
def test_every_row_names_its_source(name):
    rows = load_csv(name)
    assert rows and all(row["source"] for row in rows)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".toml")])
def test_every_entry_names_its_source(name):
    words_only = {"flags", "levels", "ills", "suggested"}

    def unsourced(tables, path=""):
        for code, entry in tables.items():
            if not path and code in words_only:
                continue
            if "source" not in entry:
                nested = all(isinstance(value, dict) for value in entry.values())
                yield from unsourced(entry, f"{path}{code}.") if nested and not path else [f"{path}{code}"]

    assert not list(unsourced(load_toml(name)))


def test_no_text_promises_what_the_law_does_not_or_threatens():
    words = [label for table in TABLES for _path, label in labels(table)]
    for label in words:
        assert not re.search(r"\b(dijamin|menjamin|kebal|dipidana|dituntut|penjara|pasti aman)\b", label.id, re.I)
        assert not re.search(r"\b(guarantee\w*|immun\w*|prosecuted|prison)\b", label.en, re.I)


def test_dissolved_bodies_are_not_offered():
    for table in TABLES:
        for _path, label in labels(table):
            assert "saber" not in label.id.lower() and "KASN" not in label.id
