"""A kind of file is whole: known by its content, cleaned, looked at, called something, and shown in some way."""

from importlib.util import find_spec

import pytest
from flask import Flask

from tests.clean.making import CANARY, cleaned, looked
from tests.clean.samples import SAMPLES
from whistle.clean.kinds import KINDS, MEDIA, Kind, kind_of
from whistle.web import i18n
from whistle.web.attachment_words import kind_words, kinds_taken
from whistle.web.desk.exhibit_words import file_name

PLAYED = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/")  # and nothing that can run
every = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@pytest.fixture(scope="module")
def pages() -> Flask:
    app = Flask("kinds")
    i18n.init_app(app)
    return app


@every
def test_a_kind_has_all_that_belongs_to_it(kind: Kind) -> None:
    rooms = ("whistle.clean", "whistle.clean.looks")
    lacks = {
        "an example in tests/clean/samples.py": kind.code not in SAMPLES,
        "a name": not kind.name,
        "an ending of letters and digits": not kind.extension.isalnum(),
        "a cleaner, whistle/clean/<module>.py": find_spec(f"{rooms[0]}.{kind.module}") is None,
        "a looker, whistle/clean/looks/<module>.py": kind.seen and find_spec(f"{rooms[1]}.{kind.module}") is None,
        "a type of its own": [one.media for one in KINDS.values()].count(kind.media) > 1,
    }
    assert [what for what, lacking in lacks.items() if lacking] == [], f"{kind.code} lacks these"


def test_there_is_no_example_of_a_kind_that_is_none() -> None:
    assert set(SAMPLES) == set(KINDS)


@every
@pytest.mark.parametrize("path", ["/", "/en/"])
def test_a_kind_has_words_in_both_languages(kind: Kind, path: str, pages: Flask) -> None:
    with pages.test_request_context(path):
        unknown, words = kind_words("application/x-unknown"), {kind_words(media) for media in (kind.media, *kind.gives)}
        taken = kinds_taken()
    assert words and unknown not in words, f"{kind.code}: no words for {kind.media} or {kind.gives}"
    assert kind.name in taken, f"{kind.code}: not among the kinds that a page says are taken"
    with pages.test_request_context("/en/" if path == "/" else "/"):
        other = kind_words(kind.media)
    assert other not in words or kind.family == "film", f"{kind.code}: only one language has words for {kind.media}"


@every
def test_an_example_is_told_by_its_content_and_comes_out_as_its_row_says(kind: Kind) -> None:
    example = SAMPLES[kind.code]()
    assert kind_of(example) is kind, f"the example of {kind.code} is not told as one"
    assert CANARY.encode() in example or kind.way == "text" or kind.code == "amr", "packed, or no tags"
    clean = cleaned(example)
    assert clean.media in kind.gives, f"what comes of {kind.code} is {clean.media}, and its row says {kind.gives}"
    assert CANARY.encode() not in clean.data
    assert file_name("P-1", clean.media) != "P-1.bin", f"{clean.media} has no ending"


@every
def test_a_kind_is_shown_as_its_row_says(kind: Kind) -> None:
    look = looked(cleaned(SAMPLES[kind.code]()).data)
    if kind.way == "in place":
        assert all(media.startswith(PLAYED) for media in kind.gives), f"{kind.code} may run where it is shown"
        assert bool(look.pictures) == kind.seen and not look.text
    elif kind.way == "pages":
        assert look.pages and look.pictures
    elif kind.way == "text":
        assert look.text and not look.pictures
    else:
        assert not look.text and not look.pages


def test_a_type_that_only_cleaning_gives_has_a_kind() -> None:
    for kind in KINDS.values():
        assert MEDIA[kind.media] is kind
        assert all(media in MEDIA for media in kind.gives)
