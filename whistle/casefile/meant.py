"""Whom a case is for today, and for whom it is no more: as the newest signed manifest and its own entries say it."""

from collections.abc import Mapping
from datetime import date

from whistle.casefile.derive import derive
from whistle.casefile.manifest import Manifest, Reader
from whistle.casefile.readership import entitled, readership
from whistle.casefile.reading import CaseFile
from whistle.domain.routes import units_for


def meant_for(manifest: Manifest, track: str, unit: str, day: date) -> Mapping[bytes, Reader]:
    """Whom a case of ``track`` that lies with ``unit`` is for on ``day``, by id: the track's readers and the unit's."""
    sent_to = manifest.unit(unit, day) if unit in units_for(track) else []
    readers = manifest.readers_of(track, day) if track in manifest.tracks else []
    return {reader.id: reader for reader in (*readers, *sent_to)}


def due(file: CaseFile, who: bytes, day: date) -> Reader | None:
    """The newest manifest's ``who``, if this case is for them; None when it is not."""
    reader = meant_for(file.directory.current, file.track, derive(file).summary.unit, day).get(who)
    return None if reader is None or _left_out(file, who) else reader


def due_readers(file: CaseFile, day: date) -> list[Reader]:
    """Everybody whom this case is for on ``day``, and whom it names already and who still has a ground to read it."""
    manifest, named = file.directory.current, readership(file)
    meant = meant_for(manifest, file.track, derive(file).summary.unit, day)
    fresh = {id_: reader for id_, reader in meant.items() if not _left_out(file, id_)}
    grounds = entitled(manifest, file.track, named.units, day)
    return list((fresh | {id_: grounds[id_] for id_ in sorted(named.now & grounds.keys())}).values())


def no_longer_due(file: CaseFile, day: date) -> set[bytes]:
    """The readers who left, were moved, or acted until yesterday; nobody when nobody else would be left to read it."""
    due = {reader.id for reader in due_readers(file, day)}
    return file.readers() - due if due else set()


def _left_out(file: CaseFile, who: bytes) -> bool:
    """Whom a change of keys left out though the manifest named them then, as it does now, stays out: on purpose."""
    epochs = [entry for entry in file.file if entry.kind == "epoch"]
    if who in file.readers() or who not in file.named_ever() or not epochs:
        return False
    then = meant_for(file.directory.current, file.track, derive(file).summary.unit, epochs[-1].day)
    return who in then and file.directory.changed.get(who, 0) <= int(epochs[-1].data["manifest"])
