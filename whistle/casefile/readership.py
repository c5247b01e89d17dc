"""Who reads a case: whom its signed entries name, as long as the manifests give them a ground to read it.

An officer is given a case as a reader of its track, or because it was sent to the officer's unit. Whoever was moved has
that ground no more, and an epoch that begins afterwards is not for them, whatever its author wrote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from whistle.casefile.entries import Entry
from whistle.casefile.manifest import Directory, Manifest, Reader
from whistle.domain.tracks import TRACKS

NAMING = frozenset({"opened", "route", "regranted", "epoch"})  # the first three add readers, an epoch names all


class Case(Protocol):
    """What a case file has that is asked for here."""

    directory: Directory

    @property
    def complaint(self) -> Entry: ...

    @property
    def file(self) -> list[Entry]: ...


def entitled(manifest: Manifest, track: str, units: Iterable[str], day: date) -> Mapping[bytes, Reader]:
    """Whom ``manifest`` gives a ground to read a case of ``track`` that was sent to ``units``, by id.

    Who acts for one of them on ``day`` is among these. A unit that sent the case on keeps its ground: sending adds.
    """
    readers = manifest.readers_of(track, day) if track in manifest.tracks else []
    of_units = (reader for unit in units for reader in manifest.unit(unit, day))
    return {reader.id: reader for reader in (*readers, *of_units)}


def named_by(entry: Entry) -> set[bytes]:
    """The officers whom an entry names as readers."""
    return {bytes.fromhex(id_) for id_ in entry.data["readers"]}


@dataclass
class Readership:
    """The readers of a case as its entries tell, one after the other."""

    directory: Directory
    track: str
    units: set[str]  # to which the case was sent
    since: list[set[bytes]]  # by epoch: everybody who was named from its beginning on
    sequence: int = 0  # the newest manifest that an entry names so far

    @property
    def now(self) -> set[bytes]:
        return self.since[-1]

    @property
    def ever(self) -> set[bytes]:
        return self.since[0]

    def named_from(self, epoch: int) -> set[bytes]:
        """Everybody who was named at the beginning of an epoch or later."""
        return self.since[epoch] if epoch < len(self.since) else set()

    def follow(self, entry: Entry) -> set[bytes]:
        """Take in the file's next entry. Whom an epoch names without a ground is no reader, and returned."""
        if entry.kind not in NAMING:
            return set()
        self.sequence = max(self.sequence, int(entry.data["manifest"]))
        if entry.kind == "route":
            self.units.add(entry.data["unit"])
        names, beyond = named_by(entry), set[bytes]()
        if entry.kind == "epoch":
            manifest = self.directory.manifest(self.sequence)
            beyond = names - entitled(manifest, self.track, self.units, entry.day).keys()
            self.since.append(set())
        for named in self.since:
            named |= names - beyond
        return beyond


def begin(case: Case) -> Readership:
    """The readers when the report came in."""
    track = str(case.complaint.data["track"])
    return Readership(case.directory, track, {TRACKS[track].reader_units[0]}, [named_by(case.complaint)])


def readership(case: Case) -> Readership:
    """The readers as of the newest entry."""
    found = begin(case)
    for entry in case.file:
        found.follow(entry)
    return found
