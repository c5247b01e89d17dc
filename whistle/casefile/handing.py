"""Give one newcomer the keys of a case, or change the keys without those who left: what a colleague may do for another.

Only the newest signed manifest says for whom a case is. That the colleague holds the keys is not enough.
"""

from collections.abc import Mapping
from datetime import date

from whistle.casefile.derive import derive
from whistle.casefile.keys import Holder, open_one
from whistle.casefile.manifest import Manifest, Reader
from whistle.casefile.reading import CaseFile
from whistle.casefile.regranting import regrant_identity
from whistle.casefile.writing import Author, When, append, grant_all, missing_grants, new_epoch, open_file_chain
from whistle.crypto.envelope import Chain
from whistle.crypto.suite import Refused
from whistle.domain.routes import units_for
from whistle.store import cases
from whistle.store.database import Tx


def meant_for(manifest: Manifest, track: str, unit: str, day: date) -> Mapping[bytes, Reader]:
    """Whom a case of ``track`` that lies with ``unit`` is for on ``day``, by id: the track's readers and the unit's."""
    sent_to = manifest.unit(unit, day) if unit in units_for(track) else []
    readers = manifest.readers_of(track, day) if track in manifest.tracks else []
    return {reader.id: reader for reader in (*readers, *sent_to)}


def due(file: CaseFile, who: bytes, day: date) -> Reader | None:
    """The newest manifest's ``who``, if this case is for them; None when it is not.

    Whom a change of keys left out though the manifest named them then, as it does now, stays out: that was on purpose.
    """
    reader = meant_for(file.directory.current, file.track, derive(file).summary.unit, day).get(who)
    if reader is None or who in file.readers():
        return reader
    epochs = [entry for entry in file.file if entry.kind == "epoch"]
    left_out = who in file.named_ever() and bool(epochs)
    if left_out and file.directory.changed.get(who, 0) <= int(epochs[-1].data["manifest"]):
        return None
    return reader


def give(tx: Tx, file: CaseFile, author: Author, to: Reader, when: When, renew: bool) -> bytes | None:
    """Seal every key of the case to ``to``, whom a signed entry names; the id of the entry that this took, if any.

    ``renew``: their grants are sealed again, since their keys are new. Nothing is done twice.
    """
    entries = len(file.file)
    if not file.file:
        open_file_chain(tx, file, author, when)
    if to.id not in file.readers():
        data = {"readers": [to.id.hex()], "manifest": file.directory.current.sequence}
        append(tx, file, Chain.FILE, author, "regranted", data, when)
    if renew:
        present = {(grant.chain, grant.epoch) for grant in cases.grants(tx, file.case.id, to.id)}
        again = [row for row in missing_grants(file, [to], ()) if (row.chain, row.epoch) in present]
        cases.rewrap_grants(tx, again)
    grant_all(tx, file, [to])
    return file.file[-1].id if len(file.file) > entries else None


def give_identity(tx: Tx, file: CaseFile, holder: Holder, to: Reader, when: When, renew: bool) -> int:
    """Seal the identity record's key to ``to`` as well, if they and who gives it hold such records; how many times."""
    custodians = {reader.id for reader in file.directory.current.custodians_of(file.track, when.day)}
    identity = cases.get_identity(tx, file.case.id)
    mine = [grant for grant in cases.grants(tx, file.case.id, holder.id) if grant.chain == Chain.IDENTITY]
    if identity is None or not mine or not {to.id, holder.id} <= custodians:
        return 0
    try:
        key = open_one(file.directory.installation, mine[0], identity.commitment, holder)
    except Refused:
        return 0
    return regrant_identity(tx, file, key, when.day, [to.id] if renew else [])


def leave_out(tx: Tx, file: CaseFile, author: Author, when: When) -> bytes | None:
    """Change both chains' keys so that no reader whom the manifest no longer admits reads what follows.

    The id of the entry that says so; None when there is nobody to leave out.
    """
    admitted = file.directory.current.by_id
    if file.readers() <= admitted.keys():
        return None
    if not file.file:
        open_file_chain(tx, file, author, when)
    keep = [admitted[id_] for id_ in sorted(file.readers()) if id_ in admitted]
    new_epoch(tx, file, author, keep, when)
    return next(entry.id for entry in reversed(file.file) if entry.kind == "epoch")
