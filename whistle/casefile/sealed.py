"""A report that its sender has sealed: its one byte string, and what can be held against it without any key.

See docs/envelope.md, "A sealed report". Whether what is inside can be read is for those who hold a key to see: a sender
who seals rubbish gets a case that is shown as broken.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from whistle.casefile import attachments
from whistle.casefile.birth import NewCase, first_due
from whistle.casefile.recipients import RECOVERY, REPORTER, Manifest
from whistle.crypto.envelope import GRANT_SIZE, IDENTITY_SIZE, OVERHEAD, SUMMARY_SIZE, Chain
from whistle.crypto.padding import bucket
from whistle.crypto.suite import LABELS, PUBLIC, is_hpke_public, lp
from whistle.domain.tracks import TRACKS
from whistle.store.rows import CaseRow, EntryRow, EpochRow, GrantRow, IdentityRow, LeafRow, SummaryRow

MOST: Final = 256 * 1024  # bytes of a report; the longest that the form takes needs two thirds of it
LONGEST_ENTRY: Final = 128 * 1024 + OVERHEAD
MOST_GRANTS: Final = 64
OLD_MANIFEST: Final = timedelta(days=1)  # how long after a new manifest a page may still know the one before
_GRANT: Final = 1 + 16 + GRANT_SIZE
_DAY: Final = len("2026-11-02")


class SealedRefused(Exception):
    """A sealed report is not taken.

    ``code`` says why: "form", "size", "manifest", "day", "readers", "taken", "other", "files".
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"sealed report refused: {code}")
        self.code = code


@dataclass(frozen=True)
class SealedReport:
    """The fields of a sealed report, in their order. Lengths are those of docs/envelope.md; nothing else is known."""

    installation: bytes
    sequence: int
    day: date
    lookup_hash: bytes
    reporter_hpke: bytes
    reporter_sign: bytes
    case: bytes
    entry: bytes
    commitment: bytes
    sealed: bytes
    identity_commitment: bytes
    identity: bytes
    summary: bytes
    leaf: bytes
    grants: Mapping[tuple[int, bytes], bytes]  # (chain, reader) -> sealed key
    files: tuple[bytes, ...] = ()  # ids of the stored files that the entry attaches, in ascending order

    def to_bytes(self) -> bytes:
        """The report as it travels."""
        grants = b"".join(bytes([chain]) + reader + key for (chain, reader), key in sorted(self.grants.items()))
        return lp(
            LABELS["sealed-report"],
            self.installation,
            self.sequence.to_bytes(4, "big"),
            self.day.isoformat().encode(),
            self.lookup_hash,
            self.reporter_hpke,
            self.reporter_sign,
            self.case,
            self.entry,
            self.commitment,
            self.sealed,
            self.identity_commitment,
            self.identity,
            self.summary,
            self.leaf,
            grants,
            *([b"".join(self.files)] if self.files else []),
        )

    @classmethod
    def of(cls, new: NewCase, installation: bytes, sequence: int) -> "SealedReport":
        """A new case as its sender would hand it in."""
        return cls(
            installation,
            sequence,
            new.case.day,
            new.case.lookup_hash,
            new.case.reporter_hpke,
            new.case.reporter_sign,
            new.case.id,
            new.entry.id,
            new.epoch.commitment,
            new.entry.sealed,
            new.identity.commitment,
            new.identity.sealed,
            new.summary.sealed,
            new.leaf.leaf,
            {(grant.chain, grant.reader): grant.sealed for grant in new.grants},
        )


_SIZES: Final = (16, 4, _DAY, 32, PUBLIC, 32, 16, 16, 32, None, 32, IDENTITY_SIZE, SUMMARY_SIZE, 32, None, None)
_WITHOUT_FILES: Final = len(_SIZES) - 1


def parse(data: bytes) -> SealedReport:
    """The fields of a report. Raises SealedRefused ("form", "size") for all but the one spelling of a report."""
    if len(data) > MOST:
        raise SealedRefused("size")
    label, *parts = _fields(data) or [b""]
    if label != LABELS["sealed-report"] or len(parts) not in (_WITHOUT_FILES, len(_SIZES)):
        raise SealedRefused("form")
    if any(size is not None and len(part) != size for part, size in zip(parts, _SIZES, strict=False)):
        raise SealedRefused("form")
    values: list[Any] = [*parts[:_WITHOUT_FILES]]
    values[1], values[2], values[-1] = int.from_bytes(parts[1], "big"), _day(parts[2]), dict(_grants(values[-1]))
    report = SealedReport(*values, *map(_files, parts[_WITHOUT_FILES:]))
    inside = len(report.sealed) - OVERHEAD
    if inside <= 0 or bucket(inside) != inside or len(report.sealed) > LONGEST_ENTRY:
        raise SealedRefused("form")
    if not is_hpke_public(report.reporter_hpke):  # the desk will seal to it
        raise SealedRefused("form")
    return report


def check(report: SealedReport, newest: Manifest, before: Manifest | None, today: date) -> str:
    """The log of the one track whose readers, recovery and reporter, and nobody else, were sealed in.

    ``before`` is the manifest before the newest, or None. Raises SealedRefused ("form", "manifest", "day", "readers").
    """
    if report.installation != newest.installation:
        raise SealedRefused("form")
    if report.day != today:
        raise SealedRefused("day")
    manifest = newest
    if report.sequence != newest.sequence:
        if before is None or report.sequence != before.sequence or today > newest.issued + OLD_MANIFEST:
            raise SealedRefused("manifest")
        manifest = before
    given = report.grants.keys()
    for code, track in TRACKS.items():
        if code in manifest.tracks and given == _expected(manifest, code, track.log, today):
            if not _still_there(manifest, newest, (reader for _, reader in given), track.log):
                raise SealedRefused("manifest")
            return track.log
    raise SealedRefused("readers")


def rows(report: SealedReport, log: str) -> NewCase:
    """What is stored of a report that was checked."""
    case, thread, identity = report.case, int(Chain.THREAD), report.identity
    return NewCase(
        case=CaseRow(
            case,
            report.day,
            log,
            "open",
            first_due(report.day),
            False,
            report.lookup_hash,
            report.reporter_hpke,
            report.reporter_sign,
        ),
        epoch=EpochRow(case, thread, 0, report.commitment),
        entry=EntryRow(report.entry, case, thread, 0, 0, report.day, report.sealed, bytes(32)),
        grants=tuple(GrantRow(case, chain, 0, reader, "hpke", key) for (chain, reader), key in report.grants.items()),
        identity=IdentityRow(case, report.identity_commitment, identity),
        summary=SummaryRow(case, thread, 0, report.summary),
        leaf=LeafRow(os.urandom(16), report.day, log, report.leaf),
    )


def _expected(manifest: Manifest, track: str, log: str, day: date) -> set[tuple[int, bytes]]:
    thread, identity = int(Chain.THREAD), int(Chain.IDENTITY)
    return {
        *((thread, reader.id) for reader in manifest.readers_of(track, day)),
        (thread, RECOVERY[log]),
        (thread, REPORTER),
        *((identity, reader.id) for reader in manifest.custodians_of(track, day)),
        (identity, RECOVERY[log]),
    }


def _still_there(manifest: Manifest, newest: Manifest, readers: Iterable[bytes], log: str) -> bool:
    """Whether each of ``readers`` has the same key in the newest manifest: nothing is sealed to who has left."""
    if manifest is newest:
        return True
    if manifest.recovery[log] != newest.recovery[log]:
        return False
    officers = [reader for reader in readers if reader not in (REPORTER, RECOVERY[log])]
    return all(id_ in newest.by_id and newest.by_id[id_].hpke == manifest.by_id[id_].hpke for id_ in officers)


def _fields(data: bytes) -> list[bytes]:
    """What `lp` joined. Raises SealedRefused when it did not join this, or joined more fields than a report has."""
    fields: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 4
        at = start + int.from_bytes(data[at:start], "big")
        if at > len(data) or len(fields) > len(_SIZES):
            raise SealedRefused("form")
        fields.append(data[start:at])
    return fields


def _day(field: bytes) -> date:
    try:
        day = date.fromisoformat(field.decode("ascii"))
    except ValueError:
        raise SealedRefused("form") from None
    if day.isoformat().encode() != field:
        raise SealedRefused("form")
    return day


def _grants(field: bytes) -> Iterator[tuple[tuple[int, bytes], bytes]]:
    """In ascending order of chain and reader, each once."""
    count, rest = divmod(len(field), _GRANT)
    if rest or count > MOST_GRANTS:
        raise SealedRefused("form")
    last: tuple[int, bytes] = (0, b"")
    for at in range(0, len(field), _GRANT):
        place = (field[at], field[at + 1 : at + 17])
        if place <= last:
            raise SealedRefused("form")
        yield place, field[at + 17 : at + _GRANT]
        last = place


def _files(field: bytes) -> tuple[bytes, ...]:
    """In ascending order, each once. No file is no field, so that a report has one spelling."""
    ids = tuple(field[at : at + 16] for at in range(0, len(field), 16))
    if not 0 < len(ids) <= attachments.MOST or len(ids[-1]) != 16 or list(ids) != sorted(set(ids)):
        raise SealedRefused("form")
    return ids
