"""The audit log from its first row to its last: every link, hash and signature, and the heads that were printed."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from whistle.casefile.manifest import Directory
from whistle.services.audit_check import faults_of, link_faults
from whistle.services.context import Context
from whistle.services.verify.burials import Burials
from whistle.services.verify.findings import Findings
from whistle.store import audit, examine
from whistle.store.database import Tx
from whistle.store.rows import AuditRow

BATCH = 1_000

FOUND = {
    "audit-gap": "the row before it is not there",
    "audit-link": "it does not carry the hash of the row before",
    "audit-changed": "its words have another hash",
    "audit-unsigned": "it has no signature",
    "audit-signature": "no key of its officer made its signature",
}


@dataclass(frozen=True)
class Head:
    """A head that was printed: the number of the last row then, and its hash."""

    seq: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> "Head":
        """``SEQ:HASH``, the hash in hexadecimal with any spaces. Raises ValueError."""
        seq, _, digest = text.partition(":")
        hash_ = bytes.fromhex("".join(digest.split()))
        if len(hash_) != 32:
            raise ValueError("a head's hash has 64 hexadecimal digits")
        return cls(int(seq), hash_)


@dataclass
class Recorded:
    """Which entries the log names: eight bytes of a hash of entry and case, so that a million take eight megabytes."""

    last: int = 0
    _ids: "array[int]" = field(default_factory=lambda: array("Q"))
    _new: set[int] = field(default_factory=set)
    _seen: bytearray = field(default_factory=bytearray)

    def add(self, row: AuditRow) -> None:
        if row.entry is not None:
            self._ids.append(_short(row.case, row.entry))

    def settle(self, last: int) -> None:
        """All rows up to ``last`` were added."""
        self._ids = array("Q", (short for short, _ in groupby(sorted(self._ids))))
        self._seen = bytearray(len(self._ids))
        self.last = last

    def see(self, case: bytes, entry: bytes) -> None:
        """This entry is there, in this case."""
        at = self._place(_short(case, entry))
        if at is not None:
            self._seen[at] = 1

    def gone(self) -> set[int]:
        """What the log names and nobody saw."""
        return {short for short, seen in zip(self._ids, self._seen, strict=True) if not seen}

    def names(self, tx: Tx, case: bytes, entry: bytes) -> bool:
        """Whether a row names this entry; rows that were added since the walk count too."""
        short = _short(case, entry)
        if self._place(short) is not None or short in self._new:
            return True
        while rows := audit.following(tx, self.last, BATCH):
            self._new |= {_short(row.case, row.entry) for row in rows if row.entry is not None}
            self.last = rows[-1].seq
        return short in self._new

    def _place(self, short: int) -> int | None:
        at = bisect_left(self._ids, short)
        return at if at < len(self._ids) and self._ids[at] == short else None


def check_audit(
    ctx: Context,
    findings: Findings,
    directory: Directory | None,
    heads: Iterable[Head],
    say: Callable[[str], None],
    burials: Burials | None = None,
) -> Recorded:
    """Walk the log. Returns which entries it names. Raises StoreUnavailable.

    ``burials``: what was deleted, of which the log has to say who signed it.
    """
    recorded, wanted = Recorded(), {head.seq: head for head in heads}
    before = audit.EMPTY
    while True:
        with examine.examining(ctx.store) as tx:
            rows = audit.following(tx, before[0], BATCH)
        if not rows:
            break
        for row in rows:
            before = _check_row(findings, directory, row, before, wanted)
            recorded.add(row)
            if burials is not None:
                burials.see(row)
        say(f"the audit log: {before[0]} rows")
    recorded.settle(before[0])
    if burials is not None:
        burials.check(findings)
    _check_ends(findings, wanted.values(), before[0])
    if directory is None:
        findings.leave("the signatures of the audit log", "there is no manifest that verifies to take the keys from")
    return recorded


def check_gone(ctx: Context, findings: Findings, recorded: Recorded, buried: Container[bytes]) -> None:
    """After all cases were seen: entries that the log names and that are not there. Raises StoreUnavailable.

    ``buried``: the cases that were deleted as two officers signed, and their entries with them.
    """
    gone, last = recorded.gone(), 0
    while gone:
        with examine.examining(ctx.store) as tx:
            rows = audit.following(tx, last, BATCH)
        if not rows:
            return
        for row in rows:
            if row.entry is not None and row.case not in buried and _short(row.case, row.entry) in gone:
                found = f"entry {examine.show(row.entry)} of case {examine.show(row.case)} is not there"
                findings.fault("audit-entry-missing", "audit", f"seq {row.seq}", found)
        last = rows[-1].seq


def _check_row(
    findings: Findings,
    directory: Directory | None,
    row: AuditRow,
    before: tuple[int, bytes],
    wanted: dict[int, Head],
) -> tuple[int, bytes]:
    findings.count("audit rows")
    codes = link_faults(row, before)
    own = faults_of(row, directory.sign_keys if directory else {})
    codes += own if directory else [code for code in own if code != "audit-signature"]
    for code in codes:
        findings.fault(code, "audit", f"seq {row.seq}", FOUND[code])
    head = wanted.get(row.seq)
    if head is not None and head.hash != row.hash:
        findings.fault("audit-head-differs", "audit", f"seq {row.seq}", f"it is {examine.show(row.hash)}")
    return row.seq, row.hash


def _check_ends(findings: Findings, heads: Iterable[Head], last: int) -> None:
    heads = list(heads)
    for head in heads:
        findings.count("printed heads")
        if head.seq > last:
            found = f"it ends at row {last}, and row {head.seq} was printed"
            findings.fault("audit-shortened", "audit", f"seq {head.seq}", found)
    if not heads:
        findings.leave(
            "whether the end of the audit log was cut off",
            "give --head with what an auditor printed; without it only acts on cases that are missing are seen",
        )


def _short(case: bytes | None, entry: bytes) -> int:
    return int.from_bytes(hashlib.sha256((case or b"") + entry).digest()[:8], "big")
