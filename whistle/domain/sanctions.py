"""Sanctions by level (data/sanctions.toml). The inspectorate recommends; the authorised official imposes."""

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.domain.data import Entry, load_toml, read_toml
from whistle.domain.labels import Label


@dataclass(frozen=True)
class Sanction:
    """One sanction; ``level`` is one of `LEVELS`."""

    code: str
    label: Label
    level: str
    source: str


def _sanction(entry: Entry) -> Sanction:
    return Sanction(entry.code, entry.label("label"), entry.one_of("level", LEVELS), entry.text("source"))


def _levels() -> Mapping[str, Label]:
    return Entry("sanctions.toml", "levels", {"levels": load_toml("sanctions.toml").get("levels", {})}).labels("levels")


LEVELS: Mapping[str, Label] = _levels()
SANCTIONS: Mapping[str, Sanction] = read_toml("sanctions.toml", _sanction, "sanctions")
