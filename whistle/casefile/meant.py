"""Whom a case is for today, as the newest signed manifest and the case's own entries say it."""

from collections.abc import Mapping
from datetime import date

from whistle.casefile.derive import derive
from whistle.casefile.manifest import Manifest, Reader
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
    """Everybody whom this case is for on ``day``, and whom it names already, as far as they are still admitted."""
    manifest = file.directory.current
    meant = meant_for(manifest, file.track, derive(file).summary.unit, day)
    stay = {id_: manifest.by_id[id_] for id_ in sorted(file.readers()) if id_ in manifest.by_id}
    return list(({id_: reader for id_, reader in meant.items() if not _left_out(file, id_)} | stay).values())


def _left_out(file: CaseFile, who: bytes) -> bool:
    """Whom a change of keys left out though the manifest named them then, as it does now, stays out: on purpose."""
    epochs = [entry for entry in file.file if entry.kind == "epoch"]
    if who in file.readers() or who not in file.named_ever() or not epochs:
        return False
    return file.directory.changed.get(who, 0) <= int(epochs[-1].data["manifest"])
