"""What a report is about, as the desk classifies it (data/categories.toml): three ills and, beside them, integrity."""

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.domain.data import DataError, Entry, load_toml, read_toml
from whistle.domain.labels import Label
from whistle.domain.questions import QUESTIONS
from whistle.domain.roles import UNITS

FILE = "categories.toml"


@dataclass(frozen=True)
class Category:
    """``ill`` is one of `ILLS`; ``hint`` tells when to choose it; ``default_unit`` "" is the office's own irban."""

    code: str
    ill: str
    label: Label
    hint: Label
    default_unit: str
    source: str


def _category(entry: Entry) -> Category:
    unit = entry.optional_text("default_unit")
    entry.known("default_unit", [unit] if unit else [], UNITS)
    return Category(
        entry.code,
        entry.one_of("ill", ILLS),
        entry.label("label"),
        entry.label("hint"),
        unit or "",
        entry.text("source"),
    )


def _ills() -> Mapping[str, Label]:
    return Entry(FILE, "ills", {"ills": load_toml(FILE).get("ills", {})}).labels("ills")


def _suggestions() -> Mapping[str, str]:
    entry = Entry(FILE, "suggested", load_toml(FILE).get("suggested", {}))
    found = {code: entry.one_of(code, CATEGORIES) for code in QUESTIONS["happened"].choices if code != UNCLEAR}
    entry.finished()
    return found


UNCLEAR = "lainnya"  # "something else" suggests nothing
ILLS: Mapping[str, Label] = _ills()
CATEGORIES: Mapping[str, Category] = read_toml(FILE, _category, "categories")
_SUGGESTED = _suggestions()


def suggest(happened: str) -> str:
    """The category to start triage with, from the reporter's own choice; "" where nothing should be suggested."""
    return _SUGGESTED.get(happened, "")


def _check() -> None:
    if empty := ILLS.keys() - {category.ill for category in CATEGORIES.values()}:
        raise DataError(FILE, min(empty), "has no category")


_check()
