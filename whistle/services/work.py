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
from whistle.casefile.keys import keys_of_case
from whistle.casefile.manifest import Directory
from whistle.casefile.reading import CaseBroken, CaseFile, Keys, holding, read_case
from whistle.casefile.writing import When, append
from whistle.crypto.envelope import Chain
from whistle.domain.stages import MoveRefused, check_move
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.refusals import NotYours, Refusal
from whistle.store import cases, handing
from whistle.store.database import Tx
from whistle.store.rows import CaseRow


@dataclass(frozen=True)
class Seen:
    """How far both chains reached when the officer's page was made: what stands beyond was not seen."""

    thread: int
    file: int


class KeysAwaited(CaseBroken):
    """The case does not open since its grants are of keys that the officer had before: a colleague gives them anew."""


UNREMARKABLE = {"epoch", "opened", "declared", "regranted", "prepared"}  # who may read or reads changes no case


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

    def check_not_closing(self) -> None:
        """What a second person is about to approve stays as it was proposed. Raises Refusal "closing_waits"."""
        if self.derived.pending:
            raise Refusal("closing_waits")

    def check_move(self, to: str) -> None:
        """Raises Refusal "move" with the moves that are possible."""
        try:
            check_move(self.stage, to)
        except MoveRefused as error:
            raise Refusal("move", stage=self.stage, to=to, possible=error.possible) from error


def read_for(ctx: Context, tx: Tx, officer: Officer, case: CaseRow) -> CaseFile:
    """The verified case file with this officer's keys. Raises NotYours, KeysAwaited or CaseBroken.

    What does not open to somebody whom a change of keys left out is not theirs any more, and not broken.
    """
    with holding():
        return _read_for(ctx, tx, officer, case)


def locked(ctx: Context, tx: Tx, officer: Officer, case_id: bytes) -> CaseFile:
    """The verified case file of a case that nobody else changes before ``tx`` ends. Raises NotYours or CaseBroken."""
    row = cases.lock_case(tx, case_id)
    if row is None:
        raise NotYours
    return read_for(ctx, tx, officer, row)


def _read_for(ctx: Context, tx: Tx, officer: Officer, case: CaseRow) -> CaseFile:
    directory = ctx.directory(tx)
    keys = keys_of_case(tx, directory.installation, case.id, officer.holder)
    if keys is None:
        raise NotYours
    try:
        file = read_case(tx, directory, case, keys, officer.id)
    except CaseBroken as error:
        if _was_moved(directory, officer.id) and handing.was_left_out(tx, officer.id, case.id):
            raise NotYours from error
        if _awaited(tx, directory, officer.id, case.id, keys):
            raise KeysAwaited("the grants are of former keys") from error
        raise
    summaries.check_ends(tx, file)
    return file


def _was_moved(directory: Directory, officer: bytes) -> bool:
    """Whether signed manifests took a post from somebody, or gave one for some days.

    Else a row that anybody with the database can write, an epoch of a higher number, would make a case vanish from all
    lists instead of breaking it where everybody sees it.
    """
    acted = (acting.officer for manifest in directory.manifests for acting in manifest.acting)
    return officer in directory.lost or officer in acted


def _awaited(tx: Tx, directory: Directory, officer: bytes, case: bytes, keys: Keys) -> bool:
    """Whether grants that do not open are of former keys.

    The mark alone is not believed: whoever writes it cannot make a case look so whose grants open, or to an officer
    whose keys no manifest ever changed.
    """
    if len(directory.sign_keys.get(officer, ())) < 2 or not handing.is_stale(tx, officer, case):
        return False
    held = {(grant.chain, grant.epoch) for grant in cases.grants(tx, case, officer) if grant.chain != Chain.IDENTITY}
    return not held <= {(int(chain), epoch) for chain, epoch in keys}


@contextmanager
def working(
    ctx: Context,
    officer: Officer,
    case_id: bytes,
    action_id: bytes,
    action: str,
    seen: Seen | None = None,
    about: bytes | None = None,
) -> Iterator[Work]:
    """A case under its lock; what is appended inside is stored, summed up and recorded, or nothing is.

    With ``seen``, an act decided on an older state of the case is undone and raises Refusal "changed". Where the act
    itself refuses, its own Refusal says "who" wrote meanwhile as well: often that is why. ``about`` is for `record`.
    """
    with ctx.store.write() as tx:
        file = locked(ctx, tx, officer, case_id)
        if not declared(file, officer):
            raise Refusal("declare_first")
        others = _others_since(file, officer, seen) if seen else []
        when = When(ctx.clock.today(), ctx.clock.now())
        entry_id = _entry_id(case_id, officer, action_id)
        work = Work(ctx, tx, officer, file, derive(file), when, entry_id, file.has(entry_id))
        try:
            yield work
        except Refusal as refused:
            if others:
                refused.values["who"] = others
            raise
        if others and not work.again:
            raise Refusal("changed", who=others)
        if not work.again:
            summaries.save(tx, file)
            record(ctx, tx, officer, action, case_id, entry_id, about)


def _entry_id(case: bytes, officer: Officer, action_id: bytes) -> bytes:
    """The id of the entry of an act. An action id comes from a browser: it counts within a case and an officer only.

    So nobody's act is taken for another's that was done before, and no id meets one that is taken elsewhere.
    """
    return hashlib.sha256(b"peluit/v1/act" + case + officer.id + action_id).digest()[:16]


def _others_since(file: CaseFile, officer: Officer, seen: Seen) -> list[str]:
    """Who wrote to the case after ``seen``, by name; "" is the reporter. The officer's own words are no news."""
    new = [*file.thread[seen.thread :], *file.file[seen.file :]]
    authors = (entry.author for entry in new if entry.kind not in UNREMARKABLE and entry.author != officer.id)
    return list(dict.fromkeys(file.directory.name(author) if author else "" for author in authors))


def declared(file: CaseFile, officer: Officer) -> bool:
    """Whether this officer has declared to have no conflict of interest in this case."""
    return any(entry.kind == "declared" and entry.author == officer.id for entry in file.file)
