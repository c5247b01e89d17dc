"""The lists of codes and words that the desk's selects and filters offer, in the page's language."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from whistle.domain.categories import CATEGORIES, ILLS
from whistle.domain.labels import Label
from whistle.domain.offices import OFFICES, UNKNOWN, WARD
from whistle.domain.public_services import SERVICES
from whistle.domain.roles import UNITS
from whistle.domain.sanctions import LEVELS, SANCTIONS
from whistle.domain.stages import STAGES
from whistle.web.desk.say import _
from whistle.web.i18n import lang

Pairs = list[tuple[str, str]]
Groups = dict[str, Pairs]


class _Labelled(Protocol):
    @property
    def label(self) -> Label: ...


def pairs(table: Mapping[str, _Labelled], codes: Iterable[str] | None = None) -> Pairs:
    """(code, words) of every entry of ``table``, or of ``codes`` in their order."""
    chosen = table if codes is None else codes
    return [(code, table[code].label.text(lang())) for code in chosen]


def words(table: Mapping[str, _Labelled], code: str) -> str:
    """The words for ``code``; an unknown code, of a later version's data, is shown as it is."""
    return table[code].label.text(lang()) if code in table else code


def offices() -> Groups:
    """Offices in two groups, so that 86 names can be found: the city's offices first, then each kelurahan."""
    groups: Groups = {_("Perangkat daerah"): [], _("Kelurahan"): []}
    city, wards = groups.values()
    for code, office in OFFICES.items():
        if code != UNKNOWN:
            (wards if office.kind == WARD else city).append((code, office.label.text(lang())))
    return {name: sorted(entries, key=lambda entry: entry[1]) for name, entries in groups.items()}


def office_name(code: str) -> str:
    """The office's name; an unanswered question reads like one that the reporter could not answer."""
    return words(OFFICES, code or UNKNOWN)


def categories() -> Groups:
    """Categories under the three ills and the rest."""
    groups: Groups = {}
    for code, category in CATEGORIES.items():
        groups.setdefault(ILLS[category.ill].text(lang()), []).append((code, category.label.text(lang())))
    return groups


def services() -> Pairs:
    return pairs(SERVICES)


def units(codes: Iterable[str] | None = None) -> Pairs:
    return pairs(UNITS, codes)


def stages() -> Pairs:
    return pairs(STAGES)


def sanctions() -> Groups:
    """Sanctions under their level, so that one choice says both."""
    groups: Groups = {}
    for code, sanction in SANCTIONS.items():
        groups.setdefault(level_words(sanction.level), []).append((code, sanction.label.text(lang())))
    return groups


def level_words(level: str) -> str:
    return LEVELS[level].text(lang()) if level in LEVELS else level


def priorities() -> Pairs:
    return [("biasa", _("Biasa")), ("tinggi", _("Tinggi")), ("mendesak", _("Mendesak"))]


def category_name(code: str) -> str:
    """The category's words; "" before triage is said as such."""
    return words(CATEGORIES, code) if code else _("Belum ditelaah")


def service_name(code: str) -> str:
    return words(SERVICES, code)


def unit_name(code: str) -> str:
    return words(UNITS, code)


def priority_name(code: str) -> str:
    return dict(priorities()).get(code, code)
