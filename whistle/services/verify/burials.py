"""What the audit log says of cases that were deleted: that two officers signed each, and that nobody acted on it since.

The cases themselves are gone, so this is all that tells a list that was carried out as it should be from one that was
kept for later, or made up with an officer's keys.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from whistle.casefile.disposal import Disposal
from whistle.services.purging import DONE, LOOKS, STOP, WITHDRAWN
from whistle.services.verify.findings import Findings
from whistle.store.rows import AuditRow, DisposalRow

PROPOSED, APPROVED = "disposal-propose", "disposal-approve"

DAY = 24 * 3600  # seconds
Signed = tuple[int, str]  # the number of a row, and what is wrong with it or ""


@dataclass
class Burials:
    """The lists that were carried out, and what a walk over the audit log finds of them."""

    zone: tzinfo
    lists: dict[bytes, tuple[DisposalRow, Disposal, date]] = field(default_factory=dict)  # and the tombstones' day
    cases: dict[bytes, bytes] = field(default_factory=dict)  # case -> list
    _told: dict[tuple[bytes, bytes, str], Signed] = field(default_factory=dict)  # (list, case, action)
    _done: dict[bytes, tuple[int, date]] = field(default_factory=dict)
    _undone: dict[bytes, int] = field(default_factory=dict)
    _acts: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))  # case -> the last act's row

    _before: tuple[int, bool] = (0, False)  # of the row before: when, and whether it is about something deleted
    _backwards: list[tuple[int, int]] = field(default_factory=list)  # row, and by how many days

    def see(self, row: AuditRow) -> None:
        """A row of the log, in its order."""
        self._see_time(row)
        if row.case in self.cases:
            self._see_case(row, row.case, self.cases[row.case])
        elif row.case is None and row.action in (STOP, WITHDRAWN, DONE):
            self._see_list(row)

    def _see_time(self, row: AuditRow) -> None:
        """Around what is about a deleted case or a list, times do not run backwards.

        A clock that is set for a minute makes what is young look old, and a week look over.
        """
        at, concerned = self._before
        about = row.case in self.cases or row.action in (STOP, WITHDRAWN, DONE)
        if (about or concerned) and row.at < at - DAY:
            self._backwards.append((row.seq, (at - row.at) // DAY))
        self._before = row.at, about

    def _see_case(self, row: AuditRow, case: bytes, list_id: bytes) -> None:
        if row.action in (PROPOSED, APPROVED):
            if row.detail == list_id.hex():
                self._told[list_id, case, row.action] = (row.seq, self._wrong(row, list_id))
        elif row.action not in LOOKS:
            self._acts[case] = row.seq

    def _wrong(self, row: AuditRow, list_id: bytes) -> str:
        signed, disposal, _ = self.lists[list_id]
        proposal = Disposal.from_bytes(signed.proposal)
        first = row.action == PROPOSED
        if row.officer != (signed.proposer if first else signed.approver):
            return "by another officer"
        return "" if self._day(row) == (proposal.day if first else disposal.day) else "on another day"

    def _see_list(self, row: AuditRow) -> None:
        list_id = bytes.fromhex(row.detail) if len(row.detail) == 32 else b""
        if list_id not in self.lists:
            return
        if row.action == DONE:
            self._done.setdefault(list_id, (row.seq, self._day(row)))
        else:
            self._undone.setdefault(list_id, row.seq)

    def _day(self, row: AuditRow) -> date:
        return datetime.fromtimestamp(min(max(row.at, 0), 250_000_000_000), UTC).astimezone(self.zone).date()

    def check(self, findings: Findings) -> None:
        """After the walk."""
        for seq, days in self._backwards:
            findings.fault("audit-time", "audit", f"seq {seq}", f"it is {days} days older than the row before it")
        for list_id, (_, disposal, day) in self.lists.items():
            self._check_list(findings, list_id, disposal, day)
        for case, list_id in self.cases.items():
            self._check_case(findings, case, list_id)

    def _check_list(self, findings: Findings, list_id: bytes, disposal: Disposal, day: date) -> None:
        name = list_id.hex()
        if list_id in self._undone:
            found = f"row {self._undone[list_id]} of the audit log says that it was withdrawn or stopped"
            findings.fault("disposal-overtaken", "disposal", name, found)
        done = self._done.get(list_id)
        if done is None or done[1] != day:
            found = f"no row of the audit log says that it was carried out on {day}"
            findings.fault("disposal-unrecorded", "disposal", name, found)
        if day < disposal.due or (done is not None and done[1] < disposal.due):
            findings.fault("disposal-early", "disposal", name, f"it was due on {disposal.due}, and done on {day}")

    def _check_case(self, findings: Findings, case: bytes, list_id: bytes) -> None:
        proposed, approved = (self._told.get((list_id, case, action)) for action in (PROPOSED, APPROVED))
        for what, row in (("first", proposed), ("second", approved)):
            if row is None or row[1]:
                found = f"the {what} signature is in no row" if row is None else f"row {row[0]} is {row[1]}"
                findings.fault("disposal-unrecorded", "case", case.hex(), found)
        if approved is not None and self._acts.get(case, 0) > approved[0]:
            found = f"row {self._acts[case]} is an act on it, after row {approved[0]}, the second signature"
            findings.fault("disposal-overtaken", "case", case.hex(), found)
