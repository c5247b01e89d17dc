"""What an overseer sees: the audit log and whether it holds, and who works here; no case is opened for either."""

from dataclasses import dataclass
from datetime import UTC, datetime

from whistle.casefile.manifest import Directory, Reader
from whistle.services.audit_check import RowFault, faults_in
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.refusals import Refusal
from whistle.store import audit
from whistle.store import officers as officer_rows
from whistle.store.database import Tx
from whistle.store.rows import AuditRow, OfficerRow

PAGE_SIZE = 50
BATCH = 1_000  # rows held in memory while the whole chain is walked


@dataclass(frozen=True)
class AuditLine:
    """One row in words that an overseer may read. ``who`` is "" where nobody is known (a refused sign-in)."""

    seq: int
    at: datetime
    who: str
    action: str
    case: str  # the random id's first eight digits, enough to see that two rows are about one case
    signed: bool


@dataclass(frozen=True)
class AuditPage:
    """Newest first. ``problem`` says what is wrong with the ``checked`` rows, or is None."""

    lines: list[AuditLine]
    page: int
    pages: int
    total: int
    checked: int
    problem: str | None


@dataclass(frozen=True)
class Person:
    """An officer as colleagues may see them. ``admitted``: the newest signed manifest holds the keys."""

    login: str
    name: str
    role: str
    unit: str
    status: str
    admitted: bool


def audit_page(ctx: Context, officer: Officer, page: int = 1, whole: bool = False) -> AuditPage:
    """A page of the log with its check: of the rows shown, or of the ``whole`` chain from its first row.

    Raises Refusal "role" for an officer who may not read the log.
    """
    _only(officer, "audit.view")
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        total = audit.count(tx)
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        rows = audit.page(tx, PAGE_SIZE, (page - 1) * PAGE_SIZE)
        checked, problem = _walk(tx, directory) if whole else _shown(tx, directory, rows)
    return AuditPage([_line(row, directory) for row in rows], page, pages, total, checked, problem)


def officers(ctx: Context, officer: Officer) -> list[Person]:
    """Everybody who was ever given a login, by name. Raises Refusal "role"."""
    _only(officer, "officers.view")
    with ctx.store.read() as tx:
        admitted = ctx.directory(tx).current.by_id
        people = [
            Person(row.login, row.name, row.role, row.unit, row.status, _same_keys(admitted.get(row.id), row))
            for row in officer_rows.all_officers(tx)
        ]
    return sorted(people, key=lambda person: person.name.casefold())


def _only(officer: Officer, permission: str) -> None:
    if not officer.may(permission):
        raise Refusal("role", permission=permission)


def _same_keys(reader: Reader | None, row: OfficerRow) -> bool:
    return reader is not None and (reader.hpke, reader.sign) == (row.hpke_public, row.sign_public)


def _shown(tx: Tx, directory: Directory, rows: list[AuditRow]) -> tuple[int, str | None]:
    if not rows:
        return 0, None
    oldest = rows[-1]
    before = audit.following(tx, oldest.seq - 2, 1) if oldest.seq > 1 else []
    end = (before[0].seq, before[0].hash) if before else audit.EMPTY
    return len(rows), _first(faults_in(rows[::-1], directory.sign_keys, end))


def _first(faults: list[RowFault]) -> str | None:
    return f"audit row {faults[0].seq}: {faults[0].code}" if faults else None


def _walk(tx: Tx, directory: Directory) -> tuple[int, str | None]:
    end = audit.EMPTY
    while rows := audit.following(tx, end[0], BATCH):
        problem = _first(faults_in(rows, directory.sign_keys, end))
        if problem:
            return end[0], problem
        end = (rows[-1].seq, rows[-1].hash)
    return end[0], None


def _line(row: AuditRow, directory: Directory) -> AuditLine:
    who = directory.name(row.officer) if row.officer else ""
    case = row.case.hex()[:8] if row.case else ""
    return AuditLine(row.seq, datetime.fromtimestamp(row.at, UTC), who, row.action, case, bool(row.signature))
