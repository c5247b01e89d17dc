"""Nothing that cleaning says of a file is without words."""

import pytest
from flask import Flask

from whistle.clean.result import REASONS, REMOVED
from whistle.web import i18n
from whistle.web.attachment_words import removed_words, why_words

both = pytest.mark.parametrize("path", ["/", "/en/"])


@pytest.fixture(scope="module")
def pages() -> Flask:
    app = Flask("words")
    i18n.init_app(app)
    return app


@both
def test_all_that_can_be_removed_has_words_of_its_own(pages: Flask, path: str) -> None:
    with pages.test_request_context(path):
        words = removed_words(REMOVED).split(", ")
        alone = [removed_words([code]) for code in REMOVED]
    assert len(set(alone)) == len(REMOVED) and all(alone)
    assert ", ".join(alone) == ", ".join(words)


@both
def test_what_has_no_words_is_not_passed_over(pages: Flask, path: str) -> None:
    with pages.test_request_context(path), pytest.raises(KeyError):
        removed_words(["place", "colour"])


@both
def test_every_reason_for_which_a_file_is_not_cleaned_has_a_sentence(pages: Flask, path: str) -> None:
    """For those that pass by themselves it is one and the same."""
    with pages.test_request_context(path):
        said = {code: why_words(code) for code in REASONS}
    assert all(sentence.endswith(".") for sentence in said.values())
    for_now = {said[code] for code in ("limits", "sandbox", "busy")}
    assert len(for_now) == 1 and len(set(said.values())) == len(REASONS) - 2
