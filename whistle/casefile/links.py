"""How far a chain reaches, and the hash that its next entry would carry, from what is stored and without any key."""

from collections.abc import Iterable
from dataclasses import dataclass

from whistle.casefile.canon import UNREADABLE
from whistle.crypto.envelope import Chain, Place, entry_hash
from whistle.store import cases
from whistle.store.engine import Tx
from whistle.store.rows import EntryRow


@dataclass(frozen=True)
class Ends:
    """How many entries each chain has, and the hash of its last one; of the thread the hash of the first as well."""

    first: bytes
    thread: int
    thread_tip: bytes
    file: int
    file_tip: bytes


def stored_hash(installation: bytes, entry: EntryRow, commitment: bytes) -> bytes | None:
    """The hash of an entry as it is stored; None when the row is nothing that can have one."""
    try:
        chain = Chain(entry.chain)
        place = Place(installation, entry.case, chain, entry.epoch, entry.id, entry.place, commitment, entry.prev)
        return entry_hash(place, entry.sealed)
    except UNREADABLE:
        return None


def ends(tx: Tx, installation: bytes, case: bytes) -> Ends | None:
    """The ends of both chains as they are stored; None when the first or a last entry is not there, or has no hash."""
    commitments = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, case)}
    thread, file = (cases.entries(tx, case, int(chain)) for chain in (Chain.THREAD, Chain.FILE))

    def hashed(entry: EntryRow) -> bytes | None:
        commitment = commitments.get((entry.chain, entry.epoch))
        return stored_hash(installation, entry, commitment) if commitment is not None else None

    if not thread or not file:
        return None
    hashes = [hashed(entry) for entry in (thread[0], thread[-1], file[-1])]
    first, thread_tip, file_tip = hashes
    if first is None or thread_tip is None or file_tip is None or not (_whole(thread) and _whole(file)):
        return None
    return Ends(first, len(thread), thread_tip, len(file), file_tip)


def _whole(entries: Iterable[EntryRow]) -> bool:
    return all(entry.place == place for place, entry in enumerate(entries))
