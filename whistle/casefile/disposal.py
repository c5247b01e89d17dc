"""The list of cases whose contents are to be deleted, which two officers sign and which stays as their tombstone.

It names each case with the ends of its chains: whoever carries it out sees without any key that the case is still what
the two saw, and it says afterwards what was deleted. Files are named for the list as a whole, so that nothing tells
which belonged to which case. See docs/envelope.md, Disposal lists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from whistle.casefile import canon
from whistle.casefile.canon import UNREADABLE
from whistle.casefile.links import Ends
from whistle.casefile.manifest import Directory, Manifest
from whistle.crypto.signing import sign, verify
from whistle.crypto.suite import LABELS, Refused, lp
from whistle.domain.retention import SHORTEST, WAIT, years_after
from whistle.domain.tracks import TRACKS
from whistle.store.rows import DisposalRow, DraftRow

VERSION = 1
_SIZES = {"case": 16, "first": 32, "thread_tip": 32, "file_tip": 32}


class DisposalRefused(Exception):
    """A list that nobody may act on: the message says why."""


@dataclass(frozen=True)
class Doomed:
    """A case on a list: its id, the day on which it came in, its log, and where its chains end."""

    case: bytes
    day: date
    log: str
    ends: Ends

    def to_list(self) -> list[Any]:
        """As it stands in the list."""
        e = self.ends
        hexed = [part.hex() for part in (self.case, e.first, e.thread_tip, e.file_tip)]
        return [hexed[0], self.day.isoformat(), self.log, hexed[1], e.thread, hexed[2], e.file, hexed[3]]

    @classmethod
    def from_list(cls, value: list[Any]) -> "Doomed":
        """Raises ValueError, or whatever of `UNREADABLE`, for anything that `to_list` did not give."""
        case, day, log, first, thread, thread_tip, file, file_tip = value
        parts = {"case": case, "first": first, "thread_tip": thread_tip, "file_tip": file_tip}
        raw = {name: bytes.fromhex(part) for name, part in parts.items()}
        if any(len(raw[name]) != size for name, size in _SIZES.items()) or {type(thread), type(file)} != {int}:
            raise ValueError("a case on a list of disposal has a wrong length")
        ends = Ends(raw["first"], thread, raw["thread_tip"], file, raw["file_tip"])
        return cls(raw["case"], date.fromisoformat(day), str(log), ends)


@dataclass(frozen=True)
class Disposal:
    """What two officers sign. ``manifest``: by whose sequence they may; ``day``: on which it was signed.

    ``wait``: for how many days after the second signature it can still be stopped.
    """

    installation: bytes
    id: bytes
    manifest: int
    day: date
    cases: tuple[Doomed, ...]
    blobs: tuple[bytes, ...]
    wait: int = WAIT.days

    @property
    def due(self) -> date:
        """The first day in whose night it is carried out, if this is the second signature's list."""
        return self.day + timedelta(days=self.wait)

    def to_bytes(self) -> bytes:
        """Cases and files in the order of their ids, so that one list has one body."""
        return canon.dumps(
            {
                "v": VERSION,
                "installation": self.installation.hex(),
                "id": self.id.hex(),
                "manifest": self.manifest,
                "day": self.day.isoformat(),
                "wait": self.wait,
                "cases": [one.to_list() for one in sorted(self.cases, key=lambda one: one.case)],
                "blobs": sorted(blob.hex() for blob in self.blobs),
            }
        )

    @classmethod
    def from_bytes(cls, body: bytes) -> "Disposal":
        """Raises DisposalRefused for what `to_bytes` did not give."""
        try:
            found = cls._read(canon.loads(body))
        except UNREADABLE as error:
            raise DisposalRefused("the list cannot be read") from error
        if found.to_bytes() != body or len({one.case for one in found.cases}) != len(found.cases) or not found.cases:
            raise DisposalRefused("the list is not written as Peluit writes one")
        return found

    @classmethod
    def _read(cls, value: Mapping[str, Any]) -> "Disposal":
        if value["v"] != VERSION:
            raise ValueError("a list of another version")
        return cls(
            bytes.fromhex(value["installation"]),
            bytes.fromhex(value["id"]),
            int(value["manifest"]),
            date.fromisoformat(value["day"]),
            tuple(map(Doomed.from_list, value["cases"])),
            tuple(map(bytes.fromhex, value["blobs"])),
            int(value["wait"]),
        )


def sign_proposed(seed: bytes, body: bytes) -> bytes:
    """The first signature (64 B), over the list as its proposer saw it."""
    return sign(seed, LABELS["disposal-proposed"], body)


def sign_approved(seed: bytes, proposal: bytes, proposed: bytes, body: bytes) -> bytes:
    """The second signature (64 B): over the ``proposal``, its signature, and the list as the second officer saw it."""
    return sign(seed, LABELS["disposal-approved"], lp(proposal, proposed, body))


def check_proposed(directory: Directory, row: DraftRow) -> Disposal:
    """The list, by an officer who might propose it. Raises DisposalRefused."""
    disposal, manifest = _here(directory, row.proposal)
    if row.id != disposal.id:
        raise DisposalRefused("the list stands under the id of another one")
    if not logs_of(disposal.cases) <= logs_read(manifest, row.proposer, disposal.day):
        raise DisposalRefused("the first signature is by nobody who reads reports of that log")
    _check(manifest, row.proposer, LABELS["disposal-proposed"], row.proposal, row.proposed, "first")
    return disposal


def check(directory: Directory, row: DisposalRow) -> Disposal:
    """The list that two officers signed, each of whom might; as the second saw it. Raises DisposalRefused."""
    proposal = check_proposed(directory, DraftRow(row.id, row.proposal, row.proposer, row.proposed))
    disposal, manifest = _here(directory, row.body)
    if row.proposer == row.approver:
        raise DisposalRefused("one officer signed twice")
    if not follows(proposal, disposal):
        raise DisposalRefused("the two officers did not sign the same list")
    if not logs_of(disposal.cases) <= logs_kept(manifest, row.approver, disposal.day):
        raise DisposalRefused("the second signature is by nobody who answers for reports of that log")
    message = lp(row.proposal, row.proposed, row.body)
    _check(manifest, row.approver, LABELS["disposal-approved"], message, row.approved, "second")
    return disposal


def follows(proposal: Disposal, disposal: Disposal) -> bool:
    """Whether the second list is the first: the same cases, with nothing that a reporter wrote or was told meanwhile.

    The internal file may have grown, since whoever looks before signing may leave a line there. Files may not have
    come with it: the second officer alone could otherwise have any file deleted.
    """
    if (proposal.id, proposal.manifest > disposal.manifest, proposal.day > disposal.day) != (disposal.id, False, False):
        return False
    before, after = ({one.case: one for one in some.cases} for some in (proposal, disposal))
    if before.keys() != after.keys() or set(proposal.blobs) != set(disposal.blobs):
        return False
    return all(_grown(before[case], after[case]) for case in before)


def _grown(before: Doomed, after: Doomed) -> bool:
    grown = replace(before.ends, file=after.ends.file, file_tip=after.ends.file_tip)
    same = before.ends == after.ends if before.ends.file == after.ends.file else before.ends.file < after.ends.file
    return same and replace(before, ends=grown) == after


def _here(directory: Directory, body: bytes) -> tuple[Disposal, Manifest]:
    disposal = Disposal.from_bytes(body)
    if disposal.installation != directory.installation:
        raise DisposalRefused("the list is of another installation")
    if not 1 <= disposal.manifest <= len(directory.manifests):
        raise DisposalRefused("the list names a manifest that is not there")
    following = directory.manifests[disposal.manifest : disposal.manifest + 1]
    manifest = directory.manifest(disposal.manifest)
    if disposal.wait < 1:
        raise DisposalRefused("the list leaves no day to stop it")
    if disposal.day < manifest.issued or any(disposal.day > later.issued for later in following):
        raise DisposalRefused("the list names a manifest that was not the newest on its day")
    if any(one.day > years_after(disposal.day, -SHORTEST) for one in disposal.cases):
        raise DisposalRefused("a case on the list came in too late to be over on its day")
    return disposal, manifest


def _check(manifest: Manifest, officer: bytes, label: bytes, message: bytes, signature: bytes, which: str) -> None:
    try:
        verify(manifest.by_id[officer].sign, label, message, signature)
    except (Refused, KeyError) as error:
        raise DisposalRefused(f"the {which} signature does not hold") from error


def logs_of(cases: Iterable[Doomed]) -> set[str]:
    """The logs of the cases on a list."""
    return {one.log for one in cases}


def logs_read(manifest: Manifest, officer: bytes, day: date) -> set[str]:
    """The logs whose reports ``officer`` reads on ``day``: the first signature may be by any reader."""
    return {
        track.log
        for code, track in TRACKS.items()
        if code in manifest.tracks and any(reader.id == officer for reader in manifest.readers_of(code, day))
    }


def logs_kept(manifest: Manifest, officer: bytes, day: date) -> set[str]:
    """The logs of which ``officer`` is a custodian on ``day``, as the second signer must be: pimpinan, or outside."""
    return {
        track.log
        for code, track in TRACKS.items()
        if code in manifest.custodians and any(one.id == officer for one in manifest.custodians_of(code, day))
    }
