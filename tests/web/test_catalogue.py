"""English says everything that Indonesian says."""

import re

import pytest
from babel.messages.catalog import Catalog

from whistle.web.catalogue import ENGLISH, as_mo, as_po, missing, read, sentences, updated

PLACES = re.compile(r"%\(\w+\)s|</?\w+>")


def test_every_sentence_is_translated() -> None:
    said = sentences()
    assert len(said) > 200
    catalogue = updated(read(), said)
    assert missing(catalogue) == [], "translate them in messages.po, then run: python -m whistle.web.catalogue"


def test_the_catalogue_and_what_is_read_at_run_time_are_up_to_date() -> None:
    assert ENGLISH.read_bytes() == as_po(updated(read(), sentences())), "run: python -m whistle.web.catalogue"
    assert ENGLISH.with_suffix(".mo").read_bytes() == as_mo(read()), "run: python -m whistle.web.catalogue"


def test_a_missing_translation_is_noticed() -> None:
    catalogue = updated(Catalog(locale="en"), ["Kalimat baru.", ("%(num)s surat", "%(num)s surat")])
    assert len(missing(catalogue)) == 2


def test_translations_fill_the_same_places() -> None:
    for message in read():
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            for id_, string in zip(ids, strings, strict=True):
                assert sorted(PLACES.findall(id_)) == sorted(PLACES.findall(str(string))), id_


@pytest.mark.parametrize("word", ["TODO", "Lorem", "FIXME"])
def test_no_translation_is_a_placeholder(word: str) -> None:
    assert word not in ENGLISH.read_text("utf-8")
