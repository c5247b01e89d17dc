"""The public services that a report may be about, and what is not the city's (data/public_services.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.domain.data import DataError, Entry, read_toml
from whistle.domain.labels import Label
from whistle.domain.offices import OFFICES

FILE = "public_services.toml"
OTHER = "lainnya"  # the service of those who find theirs in no other


@dataclass(frozen=True)
class PublicService:
    """A service as citizens call it.

    ``offices``: suggested first, never the only choice. ``levies``: what is typically asked for where it should
    not be. ``tariff``: the official fee in words, None where it is not known; it is never guessed.
    """

    code: str
    label: Label
    offices: tuple[str, ...]
    levies: Label
    tariff: Label | None
    source: str


@dataclass(frozen=True)
class NotOurs:
    """A service of somebody else, and ``where`` to go with it."""

    code: str
    label: Label
    where: Label


def _service(entry: Entry) -> PublicService:
    offices = entry.texts("offices")
    entry.known("offices", offices, OFFICES)
    return PublicService(
        entry.code,
        entry.label("label"),
        offices,
        entry.label("levies"),
        entry.optional_label("tariff"),
        entry.text("source"),
    )


def _not_ours(entry: Entry) -> NotOurs:
    entry.text("source")
    return NotOurs(entry.code, entry.label("label"), entry.label("where"))


SERVICES: Mapping[str, PublicService] = read_toml(FILE, _service, "services")
ELSEWHERE: tuple[NotOurs, ...] = tuple(read_toml(FILE, _not_ours, "elsewhere").values())


def _check() -> None:
    if OTHER not in SERVICES:
        raise DataError(FILE, OTHER, "is missing: everybody must find an answer")


_check()
