"""Tracks: who is sealed in, decided from the reporter's answers before anything is encrypted (data/tracks.toml).

The accused must not be able to read. A track therefore names its readers, and the strictest track that any answer
calls for wins, whatever the order of the answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from whistle.domain.data import DataError, Entry, load_toml, read_toml
from whistle.domain.labels import Label
from whistle.domain.offices import OFFICES
from whistle.domain.roles import UNITS

LOGS = ("inner", "outer")
OFFICE = "office:"  # "office:INSP" in a rule: the report is about this office


@dataclass(frozen=True)
class Track:
    """Who reads. ``readers`` says it in words to the reporter, ``reader_units`` to set-up.

    ``custodian`` is the unit that holds the identity record, ``log`` the Merkle log that counts the case and
    ``recovery`` the offline key that can open it. A higher ``strictness`` wins.
    """

    code: str
    label: Label
    readers: Label
    reader_units: tuple[str, ...]
    custodian: str
    log: str
    recovery: str
    strictness: int
    when: tuple[frozenset[str], ...]  # each a set of answers that together call for this track


def _track(entry: Entry) -> Track:
    entry.text("source")
    units = entry.texts("reader_units")
    entry.known("reader_units", units, UNITS)
    if not units:
        raise entry.wrong("has no reader")
    return Track(
        entry.code,
        entry.label("label"),
        entry.label("readers"),
        units,
        entry.one_of("custodian", units),
        entry.one_of("log", LOGS),
        entry.one_of("recovery", LOGS),
        entry.number("strictness"),
        tuple(_rule(entry, rule) for rule in entry.raw("when")),
    )


def _rule(entry: Entry, rule: object) -> frozenset[str]:
    if not isinstance(rule, list) or not rule:
        raise entry.wrong("'when' must be a list of lists of answers")
    entry.known("when", rule, {*FLAGS, *(OFFICE + office for office in OFFICES)})
    return frozenset(rule)


def _flags() -> Mapping[str, Label]:
    entry = Entry("tracks.toml", "flags", {"flags": load_toml("tracks.toml").get("flags", {})})
    return entry.labels("flags")


FLAGS: Mapping[str, Label] = _flags()
TRACKS: Mapping[str, Track] = read_toml("tracks.toml", _track, "tracks")
_STRICTEST = max(TRACKS.values(), key=lambda track: track.strictness)


def decide(office: str, accused: Iterable[str]) -> Track:
    """The strictest track that the answers call for.

    ``office``: a code of ``offices`` or "" when the reporter does not know; ``accused``: ticked `FLAGS`. A flag that
    nothing defines leaves the choice in doubt, and doubt is answered with the strictest track.
    """
    answers = {*accused}
    if not answers <= FLAGS.keys():
        return _STRICTEST
    answers.add(OFFICE + office)
    called = [track for track in TRACKS.values() if any(rule <= answers for rule in track.when)]
    return max(called or [_ORDINARY], key=lambda track: track.strictness)


def _ordinary() -> Track:
    """The track of a report that calls for no other. Also refuses two tracks of one strictness."""
    ranked = sorted(TRACKS.values(), key=lambda track: track.strictness)
    for one, other in pairwise(ranked):
        if one.strictness == other.strictness:
            raise DataError("tracks.toml", other.code, f"is as strict as {one.code}: the choice would depend on order")
    if [track for track in ranked if not track.when] != ranked[:1]:
        raise DataError("tracks.toml", ranked[0].code, "exactly the least strict track must have no rule")
    return ranked[0]


_ORDINARY = _ordinary()
