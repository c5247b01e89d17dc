"""Give the keys of a case to whom today's signed manifest names for it. For whoever holds all of them: recovery.

Nothing here is given to anybody whom the newest verified manifest does not hold; that is all that decides.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from whistle.casefile import summaries
from whistle.casefile.manifest import Reader
from whistle.casefile.meant import due_readers, no_longer_due
from whistle.casefile.reading import CaseFile
from whistle.casefile.writing import Author, When, append, grant_all, missing_grants, new_epoch, open_file_chain
from whistle.crypto.envelope import Chain, GrantPlace, commitment, seal_grant
from whistle.store import cases, handing
from whistle.store.database import Tx
from whistle.store.rows import GrantRow


@dataclass(frozen=True)
class Regranted:
    """How many grants were sealed anew or for the first time, and whether the case has new keys from now on."""

    grants: int
    new_epoch: bool


def regrant(
    tx: Tx, file: CaseFile, author: Author, when: When, renew: Collection[bytes], stolen: bool = False
) -> Regranted:
    """Name who is due and was not named, seal them all keys, and leave out of a new epoch who is due no more.

    ``renew``: officers by id whose grants are sealed again though they have one, since their keys are new. ``stolen``:
    a new epoch in any case, since somebody else may have the keys of the case.
    """
    readers = due_readers(file, when.day)
    before = (len(file.thread), len(file.file))
    named = file.readers()
    gone = no_longer_due(file, when.day)
    fresh = [reader for reader in readers if reader.id not in named]
    if not file.file and (fresh or gone or stolen):
        open_file_chain(tx, file, author, when)
        fresh = [reader for reader in readers if reader.id not in file.readers()]
    if fresh:
        ids = [reader.id.hex() for reader in fresh]
        append(tx, file, Chain.FILE, author, "regranted", {"readers": ids, "manifest": _sequence(file)}, when)
    sealed = seal_again(tx, file, [reader for reader in readers if reader.id in renew])
    present = _present(tx, file)
    grant_all(tx, file, readers)
    sealed += len(_present(tx, file)) - len(present)
    if gone or stolen:
        new_epoch(tx, file, author, readers, when)
    for reader in gone:
        handing.clear_stale(tx, reader, file.case.id)
    if (len(file.thread), len(file.file)) != before:
        summaries.save(tx, file)
    return Regranted(sealed, bool(gone) or stolen)


def regrant_identity(tx: Tx, file: CaseFile, key: bytes, day: date, renew: Collection[bytes]) -> int:
    """Seal the identity record's ``key`` to the custodians of the day, and to nobody else; how many were sealed."""
    held = {grant.reader for grant in cases.grants(tx, file.case.id) if grant.chain == Chain.IDENTITY}
    custodians = file.directory.current.custodians_of(file.track, day)
    rows = [_identity_grant(file, key, to) for to in custodians if to.id not in held or to.id in renew]
    cases.rewrap_grants(tx, [row for row in rows if row.reader in held])
    cases.insert_grants(tx, [row for row in rows if row.reader not in held])
    return len(rows)


def _identity_grant(file: CaseFile, key: bytes, to: Reader) -> GrantRow:
    place = GrantPlace(file.directory.installation, file.case.id, Chain.IDENTITY, 0, to.id, commitment(key))
    return GrantRow(file.case.id, int(Chain.IDENTITY), 0, to.id, "hpke", seal_grant(to.hpke, key, place))


def seal_again(tx: Tx, file: CaseFile, readers: Collection[Reader]) -> int:
    """Seal the grants that ``readers`` have to their present keys, which are new; how many grants."""
    present = _present(tx, file)
    rows = [row for row in missing_grants(file, readers, ()) if (row.chain, row.epoch, row.reader) in present]
    cases.rewrap_grants(tx, rows)
    for reader in readers:
        handing.clear_stale(tx, reader.id, file.case.id)
    return len(rows)


def _present(tx: Tx, file: CaseFile) -> set[tuple[int, int, bytes]]:
    return {(grant.chain, grant.epoch, grant.reader) for grant in cases.grants(tx, file.case.id)}


def _sequence(file: CaseFile) -> int:
    return file.directory.current.sequence
