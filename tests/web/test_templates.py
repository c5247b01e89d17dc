"""No template holds what the policy forbids, and none speaks Indonesian past the catalogue."""

import re
from pathlib import Path

import pytest

from config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
COMMENT = re.compile(r"\{#.*?#\}", re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = COMMENT.sub("", path.read_text("utf-8"))
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text, re.I)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert 'src="{{ asset(' in script
    assert not re.search(r"(?:href|src|action)=\"(?:https?:)?//", text)
    assert "| safe" not in re.sub(r"number='<a href=\"tel:110\">110</a>' \| safe", "", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_word_goes_through_the_catalogue(path: Path) -> None:
    text = COMMENT.sub("", path.read_text("utf-8"))
    text = re.sub(r"\{%\s*trans\b.*?\{%\s*endtrans\s*%\}", "", text, flags=re.S)
    text = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    loose = re.sub(r"<[^>]*>|\s(?:aria-[a-z]+|width|height)=\"[^\"]*\"", " ", text).replace("Rp", "").replace("CSV", "")
    assert re.findall(r"[A-Za-z]{2,}", loose) == []
