"""The city's offices, 34 SKPD and 52 kelurahan, and the irban that covers each.

Data: skpd.csv, kelurahan.csv, and the settings table irban.csv; a kelurahan without a row there follows its kecamatan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from whistle.domain.data import DataError, Entry, read_csv
from whistle.domain.labels import Label
from whistle.domain.roles import UNITS

KINDS = (
    "sekretariat", "inspektorat", "dinas", "satuan", "badan", "kecamatan", "bumd", "lain",
)  # fmt: skip
WARD = "kelurahan"
UNKNOWN = "TIDAKTAHU"  # the reporter does not know, or it is none of these


@dataclass(frozen=True)
class Office:
    """An office as people look for it. ``parent`` is a kelurahan's kecamatan; ``irban`` the unit that covers it."""

    code: str
    name: str
    english: str
    kind: str
    parent: str | None
    irban: str
    source: str

    @property
    def label(self) -> Label:
        """The name, with an English gloss for those who read the English pages."""
        return Label(self.name, self.english)


def _covering(entry: Entry) -> str:
    entry.text("source")
    return entry.one_of("unit", UNITS)


def _skpd(entry: Entry) -> Office:
    if entry.code not in IRBAN:
        raise entry.wrong("has no row in irban.csv")
    return Office(
        entry.code,
        entry.text("name"),
        entry.text("english"),
        entry.one_of("kind", KINDS),
        None,
        IRBAN[entry.code],
        entry.text("source"),
    )


def _kelurahan(entry: Entry) -> Office:
    parent = entry.one_of("parent", {code for code, office in _SKPD.items() if office.kind == "kecamatan"})
    name = f"Kelurahan {entry.text('name')}"
    unit = IRBAN.get(entry.code, _SKPD[parent].irban)
    source = f"{entry.text('source')}, {entry.text('kemendagri')}"
    return Office(entry.code, name, name, WARD, parent, unit, source)


IRBAN: Mapping[str, str] = read_csv("irban.csv", _covering, "office")
_SKPD = read_csv("skpd.csv", _skpd)
_KELURAHAN = read_csv("kelurahan.csv", _kelurahan)
OFFICES: Mapping[str, Office] = MappingProxyType({**_SKPD, **_KELURAHAN})


def _check() -> None:
    if twice := _SKPD.keys() & _KELURAHAN.keys():
        raise DataError("kelurahan.csv", min(twice), "is also an office in skpd.csv")
    if strangers := IRBAN.keys() - OFFICES.keys():
        raise DataError("irban.csv", min(strangers), "is no office")
    if UNKNOWN not in OFFICES:
        raise DataError("skpd.csv", UNKNOWN, "is missing: nobody has to know the office")


_check()
