"""Reading the data files beside this package, so that a slip in one of them is named before anything is served.

A TOML file holds one table an entry, its key being the entry's code; a CSV file holds one row an entry.
"""

import csv
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from whistle.domain.labels import LANGUAGES, Label

T = TypeVar("T")


class Slip(Exception):
    """One of Peluit's own files is wrong. The message names the file and what to mend in it."""


class DataError(Slip):
    """A data file is wrong. The message names the file, the entry and what to mend."""

    def __init__(self, file: str, entry: str, why: str) -> None:
        super().__init__(f"whistle/domain/data/{file}: {entry}: {why}")
        self.file = file
        self.entry = entry
        self.why = why


class Entry:
    """One entry of a data file. Every key must be asked for: a misspelt key is an error, not silence."""

    def __init__(self, file: str, code: str, raw: Mapping[str, Any]) -> None:
        self.file = file
        self.code = code
        self._raw = raw
        self._used: set[str] = set()

    def wrong(self, why: str) -> DataError:
        """The error to raise for this entry."""
        return DataError(self.file, self.code, why)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{key!r} must be a text")
        return value

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if self._has(key) else None

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        """A text that is one of ``allowed``."""
        value = self.text(key)
        self.known(key, [value], allowed)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, in order, none twice."""
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.wrong(f"{key!r} must be a list of texts")
        if len(set(value)) != len(value):
            raise self.wrong(f"{key!r} names something twice")
        return tuple(value)

    def optional_texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when left out."""
        return self.texts(key) if self._has(key) else ()

    def number(self, key: str) -> int:
        """A whole number, 0 or more; in a CSV file as digits."""
        value = self._get(key)
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(f"{key!r} must be a whole number")
        return value

    def optional_number(self, key: str) -> int:
        """A whole number; 0 when left out."""
        return self.number(key) if self._has(key) else 0

    def flag(self, key: str) -> bool:
        """true or false; false when left out."""
        value = self._get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{key!r} must be true or false")
        return value

    def label(self, key: str) -> Label:
        """A text in both languages: ``key.id`` and ``key.en``."""
        return self._label(key, self._get(key))

    def optional_label(self, key: str) -> Label | None:
        return self.label(key) if self._has(key) else None

    def labels(self, key: str) -> Mapping[str, Label]:
        """A table of codes with a text in both languages each; empty when left out."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(f"{key!r} must be a table")
        return MappingProxyType({code: self._label(f"{key}.{code}", raw) for code, raw in value.items()})

    def raw(self, key: str) -> Any:
        """Whatever stands there; the caller checks it."""
        return self._get(key)

    def known(self, key: str, codes: Iterable[str], allowed: Collection[str]) -> None:
        """Refuse a code that nothing defines."""
        for code in codes:
            if code not in allowed:
                raise self.wrong(f"{key!r} names {code!r}, which is none of {', '.join(sorted(allowed))}")

    def finished(self) -> None:
        """Refuse keys that nobody asked for."""
        left = sorted(self._raw.keys() - self._used)
        if left:
            raise self.wrong(f"does not know the key {left[0]!r}")

    def _get(self, key: str, default: Any = None) -> Any:
        self._used.add(key)
        value = self._raw.get(key, default)
        if value is None:
            raise self.wrong(f"{key!r} is missing")
        return value

    def _has(self, key: str) -> bool:
        self._used.add(key)
        return bool(self._raw.get(key, "") != "")

    def _label(self, key: str, value: Any) -> Label:
        if not isinstance(value, dict) or set(value) != set(LANGUAGES):
            raise self.wrong(f"{key!r} must have exactly the texts {' and '.join(LANGUAGES)}")
        if not all(isinstance(text, str) and text and text == text.strip() for text in value.values()):
            raise self.wrong(f"{key!r} has a text that is empty or has spaces at its end")
        return Label(**value)


def load_toml(name: str) -> dict[str, Any]:
    """The tables of ``data/name``. Raises DataError."""
    try:
        return tomllib.loads(_read(name))
    except tomllib.TOMLDecodeError as error:
        raise DataError(name, "file", str(error)) from error


def load_csv(name: str) -> list[dict[str, str]]:
    """The rows of ``data/name``, by the names in its first line. Raises DataError."""
    rows = []
    for row in csv.DictReader(_read(name).splitlines()):
        if None in row or None in row.values():
            raise DataError(name, next(iter(row.values())) or "row", "has too many or too few columns")
        rows.append({key: value.strip() for key, value in row.items()})
    return rows


def read_toml(name: str, build: Callable[[Entry], T], section: str | None = None) -> Mapping[str, T]:
    """Every entry of ``data/name`` (of its table ``section``) through ``build``, in the file's order."""
    tables = load_toml(name)
    if section is not None:
        if section not in tables:
            raise DataError(name, section, "is missing")
        tables = tables[section]
    return _built(name, tables.items(), build)


def read_csv(name: str, build: Callable[[Entry], T], key: str = "code") -> Mapping[str, T]:
    """Every row of ``data/name`` through ``build``; the column ``key`` is the entry's code and occurs once."""
    return _built(name, ((row.pop(key, ""), row) for row in load_csv(name)), build)


def _built(name: str, tables: Iterable[tuple[str, Any]], build: Callable[[Entry], T]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for code, raw in tables:
        if not code or code in found:
            raise DataError(name, code or "row", "stands here twice" if code else "has no code")
        if not isinstance(raw, dict):
            raise DataError(name, code, "must be a table")
        entry = Entry(name, code, raw)
        found[code] = build(entry)
        entry.finished()
    return MappingProxyType(found)


def _read(name: str) -> str:
    path = files("whistle.domain").joinpath("data", name)
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise DataError(name, "file", "cannot be read as UTF-8") from error
