"""Everything that can be checked, in order: the database, the trust root, the audit log, and every case."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from whistle.casefile.manifest import Directory, Manifest
from whistle.domain.tracks import TRACKS
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.verify.auditing import Head, Recorded, check_audit, check_gone
from whistle.services.verify.condition import check_database
from whistle.services.verify.disposals import Buried, check_buried, check_disposals
from whistle.services.verify.files import check_stored
from whistle.services.verify.findings import Findings
from whistle.services.verify.leaves import check_leaves
from whistle.services.verify.opened import Reading, check_opened
from whistle.services.verify.people import check_people
from whistle.services.verify.registers import Registers
from whistle.services.verify.sealed import Admitted, admitted, check_grants, check_identity, check_summary
from whistle.services.verify.shape import check_case_row, check_chains
from whistle.services.verify.trust import check_trust
from whistle.store import cases, examine, officers
from whistle.store.database import Tx
from whistle.store.walk import CaseRows, Page, walk

Say = Callable[[str], None]
_KEYS = "that needs a reader's keys: --as-reader, or --credentials-fd"


@dataclass(frozen=True)
class Asked:
    """What the caller brings from outside: printed heads of the audit log, the root's fingerprint, a reader's keys."""

    heads: tuple[Head, ...] = ()
    root: str | None = None
    reader: Officer | None = None


def verify(ctx: Context, findings: Findings, asked: Asked, say: Say = lambda line: None) -> float:
    """Check everything; faults and counts go to ``findings``, progress to ``say``. Returns cases a second.

    Never raises for what is stored: what cannot be read is a fault.
    """
    if not check_database(ctx, findings, say):
        findings.leave("all cases, officers and the audit log", "the tables are not there")
        return 0.0
    directory, recorded = None, None
    with findings.going_on("manifest", "the manifests and officers"):
        directory = check_trust(ctx, findings, asked.root, say)
    with findings.going_on("session", "sessions, enrolments and invitations"):
        check_people(ctx, findings, directory)
    buried = Buried()
    with findings.going_on("disposal", "what was deleted"):
        buried = check_disposals(ctx, findings, directory)
    with findings.going_on("audit", "the audit log"):
        recorded = check_audit(ctx, findings, directory, asked.heads, say, buried.burials)
    with findings.going_on("leaf", "the leaves of the log of reports"):
        check_leaves(ctx, findings)
    with findings.going_on("blob", "the store of attached files"):
        check_stored(ctx, findings, buried)
    began = time.monotonic()
    _Cases(ctx, findings, directory, asked.reader, recorded, buried).check(say)
    took = time.monotonic() - began
    _leave(findings, directory, asked.reader)
    return findings.checked["cases"] / took if took else 0.0


@dataclass
class _Cases:
    """A walk over all cases."""

    ctx: Context
    findings: Findings
    directory: Directory | None
    reader: Officer | None
    recorded: Recorded | None
    buried: Buried

    def check(self, say: Say) -> None:
        """Page by page; a page that cannot be read is a fault, and ends the walk."""
        known, reading = None, Reading(self.reader, self.recorded, Registers()) if self.reader else None
        with self.findings.going_on("manifest", "whom they admit"):
            known = self._known()
        with self.findings.going_on("case", "all that were not counted"):
            for tx, page in walk(self.ctx.store, self.reader.id if self.reader else None):
                self._check_page(tx, page, known, reading)
                say(f"cases: {self.findings.checked['cases']}")
            if self.recorded is not None:
                check_gone(self.ctx, self.findings, self.recorded, self.buried.cases)
        with self.findings.going_on("counter", "the counters of register numbers"):
            if reading is not None:
                self._check_counters(reading.registers)

    def _known(self) -> Admitted | None:
        if self.directory is None:
            return None
        with examine.examining(self.ctx.store) as tx:
            manifests = [Manifest.from_bytes(row.body) for row in officers.public_manifests(tx)]
        return admitted(manifests, self.directory, {code: track.log for code, track in TRACKS.items()})

    def _check_page(self, tx: Tx, page: Page, known: Admitted | None, reading: Reading | None) -> None:
        for table, row, case in page.strays:
            self.findings.fault("slot-wrong", table, row, f"it names case {examine.show(case)} and does not lie there")
        for rows in page.cases:
            self.findings.count("cases")
            if self.recorded is not None:
                for entry in rows.entries:
                    self.recorded.see(entry.case, entry.id)
            if rows.case.id in self.buried.cases:
                check_case_row(self.findings, rows, self.ctx.clock.today(), buried=True)
                check_buried(self.findings, rows, self.buried.doomed.get(rows.case.id))
                continue
            self._check_case(rows, known)
            if reading is not None and self.directory is not None:
                with self.findings.surviving("case-unreadable", "case", rows.case.id.hex()):
                    check_opened(self.ctx, self.findings, tx, self.directory, reading, rows)

    def _check_case(self, rows: CaseRows, known: Admitted | None) -> None:
        """Each part by itself, so that one that cannot be compared hides no other."""
        today, name, findings = self.ctx.clock.today(), rows.case.id.hex(), self.findings
        installation = self.directory.installation if self.directory else None
        with findings.surviving("case-unreadable", "case", name):
            check_case_row(findings, rows, today)
        with findings.surviving("case-unreadable", "entry", name):
            check_chains(findings, rows, installation, today)
        with findings.surviving("case-unreadable", "grant", name):
            check_grants(findings, rows, known)
        with findings.surviving("case-unreadable", "summary", name):
            check_summary(findings, rows)
        with findings.surviving("case-unreadable", "identity", name):
            check_identity(findings, rows)

    def _check_counters(self, registers: Registers) -> None:
        with examine.examining(self.ctx.store) as tx:
            registers.check_counters(self.findings, cases.counters(tx))


def _leave(findings: Findings, directory: Directory | None, reader: Officer | None) -> None:
    if directory is None:
        findings.leave("links of chains, and to whom keys are sealed", "no manifest verifies")
    if reader is None:
        findings.leave("what entries, summaries and identity records hold, and who signed them", _KEYS)
        findings.leave("whether attached files open and are what was attached", _KEYS)
    else:
        opened, there = findings.checked["cases opened"], findings.checked["cases"]
        if opened < there:
            findings.leave(f"inside {there - opened} of {there} cases", f"{reader.login} holds no key of them")
        findings.leave("what is inside identity records", "they are opened by custodians only, and on purpose")
    findings.leave("whether each leaf is its report's", "only the reporter's receipt tells")


def recorded(ctx: Context, reader: Officer) -> None:
    """Record that ``reader`` is about to open all cases, though nothing of them will be shown."""
    with ctx.store.write() as tx:
        record(ctx, tx, reader, "verify")


def heads(texts: Iterable[str]) -> tuple[Head, ...]:
    """Printed heads, ``SEQ:HASH`` each. Raises ValueError."""
    return tuple(Head.parse(text) for text in texts)
