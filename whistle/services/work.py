"""A case under its lock: what every act of an officer has in common.

An act happens in one transaction: read and verify the file, check the rule, append the entries, store the new
summary, record the act. An act whose ``action_id`` is in the file already is done already.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from whistle.casefile import summaries
from whistle.casefile.derive import Derived, derive
from whistle.casefile.entries import Entry
from whistle.casefile.keys import open_all
from whistle.casefile.reading import CaseFile, holding, read_case
from whistle.casefile.writing import When, append
from whistle.crypto.envelope import Chain
from whistle.domain.stages import MoveRefused, check_move
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import NotYours, Refusal
from whistle.store import cases
from whistle.store.database import Tx
from whistle.store.rows import CaseRow


@dataclass
class Work:
    """A case under its lock: everything an act needs. ``again``: this act was done before, do nothing."""

    ctx: Context
    tx: Tx
    officer: Officer
    file: CaseFile
    derived: Derived
    when: When
    entry_id: bytes
    again: bool

    @property
    def stage(self) -> str:
        return self.derived.summary.stage

    def write(self, kind: str, data: dict[str, Any]) -> Entry:
        """Append the act's own entry to the file chain."""
        return append(self.tx, self.file, Chain.FILE, self.officer.author, kind, data, self.when, self.entry_id)

    def tell(self, kind: str, data: dict[str, Any]) -> Entry:
        """Append what the reporter is told to the thread."""
        id_ = hashlib.sha256(b"peluit/v1/thread-of" + self.entry_id + kind.encode()).digest()[:16]
        return append(self.tx, self.file, Chain.THREAD, self.officer.author, kind, data, self.when, id_)

    def check_move(self, to: str) -> None:
        """Raises Refusal "move" with the moves that are possible."""
        try:
            check_move(self.stage, to)
        except MoveRefused as error:
            raise Refusal("move", stage=self.stage, to=to, possible=error.possible) from error


def read_for(ctx: Context, tx: Tx, officer: Officer, case: CaseRow) -> CaseFile:
    """The verified case file with this officer's keys. Raises NotYours or CaseBroken."""
    with holding():
        return _read_for(ctx, tx, officer, case)


def _read_for(ctx: Context, tx: Tx, officer: Officer, case: CaseRow) -> CaseFile:
    directory = ctx.directory(tx)
    commitments = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, case.id)}
    grants = cases.grants(tx, case.id, officer.id)
    if not grants:
        raise NotYours
    keys = open_all(directory.installation, grants, commitments, officer.holder)
    file = read_case(tx, directory, case, keys, officer.id)
    summaries.check_ends(tx, file)
    return file


@contextmanager
def working(ctx: Context, officer: Officer, case_id: bytes, action_id: bytes, action: str) -> Iterator[Work]:
    """A case under its lock; what is appended inside is stored, summed up and recorded, or nothing is."""
    with ctx.store.write() as tx:
        cases.lock_case(tx, case_id)
        row = cases.get_case(tx, case_id)
        if row is None:
            raise NotYours
        file = read_for(ctx, tx, officer, row)
        if not declared(file, officer):
            raise Refusal("declare_first")
        when = When(ctx.clock.today(), ctx.clock.now())
        entry_id = _entry_id(case_id, officer, action_id)
        work = Work(ctx, tx, officer, file, derive(file), when, entry_id, file.has(entry_id))
        yield work
        if not work.again:
            summaries.save(tx, file)
            record(ctx, tx, officer, action, case_id, entry_id)


def _entry_id(case: bytes, officer: Officer, action_id: bytes) -> bytes:
    """The id of the entry of an act. An action id comes from a browser: it counts within a case and an officer only.

    So nobody's act is taken for another's that was done before, and no id meets one that is taken elsewhere.
    """
    return hashlib.sha256(b"peluit/v1/act" + case + officer.id + action_id).digest()[:16]


def declared(file: CaseFile, officer: Officer) -> bool:
    """Whether this officer has declared to have no conflict of interest in this case."""
    return any(entry.kind == "declared" and entry.author == officer.id for entry in file.file)
