import pytest

from whistle.domain import data
from whistle.domain.data import DataError, Entry, load_csv, load_toml, read_csv, read_toml
from whistle.domain.labels import Label


@pytest.fixture
def file(monkeypatch):
    """Let the data file that is read next hold a given text."""

    def hold(text):
        monkeypatch.setattr(data, "_read", lambda _name: text)

    return hold


def test_an_english_reader_is_given_english_and_everybody_else_indonesian():
    label = Label("Diterima", "Received")
    assert [label.text(lang) for lang in ("id", "en", "bjn", "")] == ["Diterima", "Received", "Diterima", "Diterima"]


def test_entries_are_read_in_the_order_of_the_file(file):
    file('[b]\nname = "B"\n[a]\nname = "A"\n')
    assert list(read_toml("x.toml", lambda entry: entry.text("name")).items()) == [("b", "B"), ("a", "A")]


def test_what_was_read_cannot_be_changed(file):
    file('[a]\nname = "A"\n')
    with pytest.raises(TypeError):
        read_toml("x.toml", lambda entry: entry.text("name"))["a"] = "B"


def test_a_misspelt_key_names_its_file_its_entry_and_itself(file):
    file('[ringan]\nnmae = "Ringan"\n[berat]\nname = "Berat"\nlevle = "x"\n')
    with pytest.raises(DataError, match=r"data/x\.toml: ringan: 'name' is missing"):
        read_toml("x.toml", lambda entry: entry.text("name"))
    file('[berat]\nname = "Berat"\nlevle = "x"\n')
    with pytest.raises(DataError, match=r"data/x\.toml: berat: does not know the key 'levle'"):
        read_toml("x.toml", lambda entry: entry.text("name"))


def test_a_missing_file_and_a_broken_one_are_named(file):
    with pytest.raises(DataError, match=r"nowhere\.toml"):
        load_toml("nowhere.toml")
    file("[a\n")
    with pytest.raises(DataError, match=r"x\.toml: file"):
        load_toml("x.toml")


@pytest.mark.parametrize("row", ["A,one,two", "A"])
def test_a_row_with_too_many_or_too_few_columns_is_named(file, row):
    file(f"code,name\n{row}\n")
    with pytest.raises(DataError, match=r"x\.csv: A: has too many or too few columns"):
        load_csv("x.csv")


def test_a_code_that_stands_twice_is_refused(file):
    file("code,name\nA,one\nA,two\n")
    with pytest.raises(DataError, match=r"x\.csv: A: stands here twice"):
        read_csv("x.csv", lambda entry: entry.text("name"))


def test_a_row_without_a_code_is_refused(file):
    file("code,name\n,one\n")
    with pytest.raises(DataError, match="has no code"):
        read_csv("x.csv", lambda entry: entry.text("name"))


@pytest.mark.parametrize(
    "words",
    [{"id": "Ya"}, {"id": "Ya", "en": ""}, {"id": "Ya ", "en": "Yes"}, {"id": "Ya", "en": "Yes", "fr": "Oui"}, "Ya"],
)
def test_a_label_without_both_languages_is_refused(words):
    with pytest.raises(DataError, match="'label'"):
        Entry("x.toml", "a", {"label": words}).label("label")


@pytest.mark.parametrize("value", [-1, 1.5, True, "tiga", "", None])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(DataError):
        Entry("x.toml", "a", {"days": value}).number("days")


@pytest.mark.parametrize("value", ["yes", 1, "true"])
def test_only_true_and_false_are_flags(value):
    with pytest.raises(DataError):
        Entry("x.toml", "a", {"needs_second": value}).flag("needs_second")


@pytest.mark.parametrize("value", ["a", [1], ["a", "a"], [""]])
def test_a_list_holds_texts_and_none_twice(value):
    with pytest.raises(DataError):
        Entry("x.toml", "a", {"offices": value}).texts("offices")


def test_an_unknown_code_is_answered_with_the_known_ones():
    with pytest.raises(DataError, match="'level' names 'parah', which is none of berat, ringan"):
        Entry("x.toml", "a", {"level": "parah"}).one_of("level", ("ringan", "berat"))
