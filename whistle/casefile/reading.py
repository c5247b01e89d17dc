"""Open a case file: walk both chains, refuse whatever does not fit, and say what was found.

Nothing here trusts the database: places must be complete, every entry must decrypt at its own place under the key
whose commitment is bound to it, carry the hash of the one before, and be signed by someone who may write it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from whistle.casefile.canon import UNREADABLE
from whistle.casefile.entries import Entry, decode_body
from whistle.casefile.manifest import RECOVERY, REPORTER, Directory
from whistle.casefile.readership import NAMING, begin, named_by, readership
from whistle.crypto.envelope import Chain, Opened, Place, commitment, entry_hash, open_entry
from whistle.crypto.suite import Refused
from whistle.domain.complaint import Complaint
from whistle.domain.tracks import TRACKS
from whistle.store import cases
from whistle.store.database import Tx
from whistle.store.rows import CaseRow, EntryRow, EpochRow

Keys = Mapping[tuple[Chain, int], bytes]  # (chain, epoch) -> 32-byte epoch key


class CaseBroken(Exception):
    """The case file, or what was asked of it, does not hold. The message names the chain and place."""


@contextmanager
def holding() -> Iterator[None]:
    """Whatever cannot be read of one case breaks that case and nothing else: CaseBroken in place of its error.

    What a sender, a reader or an administrator wrote may hold anything at any place, so this stands around all that
    reads a case, and no field has to be thought of.
    """
    try:
        yield
    except UNREADABLE as error:
        raise CaseBroken("the case holds what cannot be read") from error


@dataclass
class CaseFile:
    """An opened case. ``entries`` are verified and in order; ``tips`` is the hash of the last of each chain."""

    case: CaseRow
    directory: Directory
    keys: dict[tuple[Chain, int], bytes]
    entries: dict[Chain, list[Entry]] = field(default_factory=lambda: {Chain.THREAD: [], Chain.FILE: []})
    tips: dict[Chain, bytes] = field(default_factory=lambda: {Chain.THREAD: bytes(32), Chain.FILE: bytes(32)})

    @property
    def thread(self) -> list[Entry]:
        return self.entries[Chain.THREAD]

    @property
    def file(self) -> list[Entry]:
        return self.entries[Chain.FILE]

    @property
    def complaint(self) -> Entry:
        return self.thread[0]

    @property
    def track(self) -> str:
        return str(self.complaint.data["track"])

    @property
    def reads_file(self) -> bool:
        """Whether the file chain's key is at hand (never for a reporter)."""
        return (Chain.FILE, 0) in self.keys

    def epoch(self, chain: Chain) -> int:
        """The epoch in which the next entry of ``chain`` is written."""
        if not self.entries[chain]:
            return 0
        last = self.entries[chain][-1]
        return last.epoch + 1 if last.kind == "epoch" else last.epoch

    def readers(self) -> set[bytes]:
        """The officers whom signed entries name as readers of what is written next."""
        return readership(self).now

    def named_ever(self) -> set[bytes]:
        """Every officer any entry ever named, those included whom a later epoch left out."""
        return readership(self).ever

    def has(self, entry_id: bytes) -> bool:
        """Whether an entry of this id is in either chain (a repeated action)."""
        return any(entry.id == entry_id for chain in self.entries.values() for entry in chain)


def read_case(tx: Tx, directory: Directory, case: CaseRow, keys: Keys, reader: bytes) -> CaseFile:
    """Open ``case`` with the epoch keys at hand. Raises CaseBroken.

    ``reader`` is who opens: an officer must be named by a signed entry, so that a grant which somebody merely added
    to the database opens nothing. The reporter (``REPORTER``) reads the thread only.
    """
    return read_rows(directory, case, cases.entries(tx, case.id), cases.epochs(tx, case.id), keys, reader)


def read_rows(
    directory: Directory,
    case: CaseRow,
    rows: Iterable[EntryRow],
    epochs: Iterable[EpochRow],
    keys: Keys,
    reader: bytes,
) -> CaseFile:
    """As `read_case`, from rows that were read before: entries by chain and place. Raises CaseBroken."""
    with holding():
        return _read(directory, case, rows, epochs, keys, reader)


def _read(
    directory: Directory,
    case: CaseRow,
    rows: Iterable[EntryRow],
    epochs: Iterable[EpochRow],
    keys: Keys,
    reader: bytes,
) -> CaseFile:
    file = CaseFile(case, directory, dict(keys))
    commitments = {(Chain(e.chain), e.epoch): e.commitment for e in epochs}
    by_chain: dict[Chain, list[EntryRow]] = {Chain.THREAD: [], Chain.FILE: []}
    for row in rows:
        by_chain[Chain(row.chain)].append(row)
    _walk(file, Chain.THREAD, by_chain[Chain.THREAD], commitments)
    _check_birth(file)
    _settle_keys(file, Chain.THREAD)
    if reader != REPORTER and by_chain[Chain.FILE]:
        _walk(file, Chain.FILE, by_chain[Chain.FILE], commitments)
        _check_authors(file)
        _check_thread_end(file)
        _settle_keys(file, Chain.FILE)
    elif (Chain.FILE, 0) in commitments and not by_chain[Chain.FILE]:
        raise CaseBroken("there is a file key, yet nobody opened the file: its entries were removed or the key forged")
    if reader not in (REPORTER, RECOVERY[case.log], *file.readers()):
        raise CaseBroken("no signed entry names this reader: the grant was added from outside")
    return file


def place_of(file: CaseFile, chain: Chain, epoch: int, entry: bytes, place: int, key: bytes) -> Place:
    """Where an entry of this case stands, for the AAD."""
    installation = file.directory.installation
    return Place(installation, file.case.id, chain, epoch, entry, place, commitment(key), file.tips[chain])


def _walk(file: CaseFile, chain: Chain, rows: list[EntryRow], commitments: Mapping[tuple[Chain, int], bytes]) -> None:
    if chain is Chain.THREAD and not rows:
        raise CaseBroken("the thread is empty: its first entry was removed")
    for index, row in enumerate(rows):
        where = f"{chain.name.lower()} entry {index}"
        if row.place != index:
            raise CaseBroken(f"{where} is missing")
        _check_epoch(file, chain, row.epoch, commitments, where)
        key = file.keys.get((chain, row.epoch))
        if key is None:
            raise CaseBroken(f"{where}: there is no key for epoch {row.epoch}")
        place = place_of(file, chain, row.epoch, row.id, index, key)
        try:
            opened = open_entry(key, place, row.sealed)
            entry = decode_body(opened.body, row.id, chain, row.epoch, index)
        except UNREADABLE as error:
            raise CaseBroken(f"{where} does not open: it was changed, moved or swapped") from error
        _check_signature(file, entry, opened, where)
        file.entries[chain].append(entry)
        file.tips[chain] = entry_hash(place, row.sealed)


def _check_epoch(
    file: CaseFile, chain: Chain, epoch: int, commitments: Mapping[tuple[Chain, int], bytes], where: str
) -> None:
    if epoch != file.epoch(chain):
        raise CaseBroken(f"{where} stands in epoch {epoch}, which nobody opened")
    key = file.keys.get((chain, epoch))
    if key is not None and commitments.get((chain, epoch)) != commitment(key):
        raise CaseBroken(f"{where}: the key of epoch {epoch} is not the one committed to")
    last = file.entries[chain][-1] if file.entries[chain] else None
    if last and last.kind == "epoch" and last.data["commitment"] != commitments.get((chain, epoch), b"").hex():
        raise CaseBroken(f"{where}: epoch {epoch} is not the one that its opening entry named")


RECOVERY_KINDS = {"opened", "regranted", "epoch"}  # recovery gives keys to others and says nothing of its own


def _check_signature(file: CaseFile, entry: Entry, opened: Opened, where: str) -> None:
    if entry.author in RECOVERY.values() and (
        entry.author != RECOVERY[file.case.log] or entry.kind not in RECOVERY_KINDS
    ):
        raise CaseBroken(f"{where} is by a recovery key, which may not write it")
    if entry.author is None:
        keys: tuple[bytes, ...] = (file.case.reporter_sign,)
    else:
        keys = file.directory.sign_keys.get(entry.author, ())
    for key in keys:
        with suppress(Refused):
            return opened.check(key)
    raise CaseBroken(f"{where} is not signed by its author")


def _settle_keys(file: CaseFile, chain: Chain) -> None:
    """Keep only keys that entries vouch for, so that nothing is ever written, or granted, under a forged one."""
    current, last = file.epoch(chain), file.entries[chain][-1]
    for of, epoch in [key for key in file.keys if key[0] is chain and key[1] > current]:
        del file.keys[(of, epoch)]
    key = file.keys.get((chain, current))
    if last.kind == "epoch" and (key is None or commitment(key).hex() != last.data["commitment"]):
        file.keys.pop((chain, current), None)


def _check_birth(file: CaseFile) -> None:
    """Entry 0 fixes the reporter's keys, day, track and log; a row that says otherwise was changed.

    What it says must also be what a channel would have made of it: readers of the track, the log of the track.
    """
    data, case = file.complaint.data, file.case
    reporter = data["reporter"]
    if reporter["sign"] != case.reporter_sign.hex() or reporter["hpke"] != case.reporter_hpke.hex():
        raise CaseBroken("the reporter's keys in the case's row are not those of the first entry")
    if data["log"] != case.log:
        raise CaseBroken("the case was moved to another log")
    if file.complaint.day != case.day:
        raise CaseBroken("the day on which the case came in was changed")
    if TRACKS[file.track].log != case.log:
        raise CaseBroken("the case stands in a log that is not its track's")
    if not {bytes.fromhex(id_) for id_ in data["readers"]} <= file.directory.track_readers[file.track]:
        raise CaseBroken("the first entry names a reader who is none of its track")
    Complaint.from_dict(data["complaint"])


def _check_thread_end(file: CaseFile) -> None:
    """Each entry of the file says how much of the thread its author had before them: no less may be there now."""
    if max(entry.thread for entry in file.file) > len(file.thread):
        raise CaseBroken("the thread is shorter than an officer saw it: its end was removed")


def _check_authors(file: CaseFile) -> None:
    """Every officer's entry is by a reader of its time; the file was opened by a reader of its track."""
    opener = file.file[0]
    recovery, readers = RECOVERY[file.case.log], file.directory.track_readers.get(file.track, frozenset())
    if opener.kind != "opened" or opener.author not in {recovery, *readers}:
        raise CaseBroken("the file was not opened by a reader of its track")
    found = begin(file)
    for entry in file.file:
        before = set(found.now)  # whoever begins an epoch may leave themselves out
        if entry.kind in NAMING and not all(file.directory.may_be_named(id_, file.track) for id_ in named_by(entry)):
            raise CaseBroken(f"file entry {entry.place} names a reader whom no manifest names for this track")
        found.follow(entry)
        if entry.author not in {recovery, *before, *found.now}:
            raise CaseBroken(f"file entry {entry.place} is by an officer who is no reader of the case")
    for entry in file.thread:
        if entry.author is not None and entry.author not in {recovery, *found.named_from(entry.epoch)}:
            raise CaseBroken(f"thread entry {entry.place} is by an officer who is no reader of the case")
