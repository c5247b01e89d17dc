"""What the recovery key of a log is for: giving its cases to today's officers when nobody else can.

The shares are put together in memory and nowhere else. Nothing is given to anybody but the officers of the newest
signed manifest, so that shares without the root's signature, or an administrator without shares, gain no reader.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from whistle.casefile import canon
from whistle.casefile.keys import Holder, keys_of_case, open_one
from whistle.casefile.manifest import RECOVERY, Directory
from whistle.casefile.reading import CaseBroken, CaseFile, holding, read_case
from whistle.casefile.regranting import Regranted, regrant, regrant_identity
from whistle.casefile.writing import Author, When
from whistle.crypto import shares
from whistle.crypto.envelope import Chain
from whistle.crypto.recovery import RecoveryKeys, halves
from whistle.services.context import Context
from whistle.services.recording import counts, record_recovery
from whistle.store import cases, recovering, settings
from whistle.store.database import Tx
from whistle.store.rows import CaseRow

BATCH = 20  # cases in one transaction: others write between two of them


class RecoveryRefused(Exception):
    """``code``: "other_key" (no key of this installation), "other_log" (``log`` is the one it opens), "unsigned_key"
    (keys/ holds it and no signed manifest does), "nobody" (an officer whom the manifest does not hold: ``login``),
    "not_theirs" (an officer, ``login``, who reads nothing of ``log``)."""

    def __init__(self, code: str, log: str = "", login: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.log = log
        self.login = login


@dataclass(frozen=True)
class Recovery:
    """A recovery key that was put together, for as long as this object lives."""

    log: str
    keys: RecoveryKeys = field(repr=False)

    @property
    def id(self) -> bytes:
        return RECOVERY[self.log]

    @cached_property
    def holder(self) -> Holder:
        """Kept, since expanding the seed costs more than opening a grant."""
        return Holder(self.id, self.keys.secret)

    @cached_property
    def author(self) -> Author:
        return Author(self.id, self.keys.signing_seed)


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` cases were gone through; ``grants`` were sealed in this run; ``broken`` did not open."""

    done: int
    total: int
    grants: int = 0
    epochs: int = 0
    broken: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Rehearsed:
    """How many cases the log holds, and the one that was opened (None when there is none): its grants and entries."""

    total: int
    case: bytes | None
    grants: int = 0
    entries: int = 0


def unlock(ctx: Context, log: str, parts: Sequence[shares.Share]) -> Recovery:
    """The recovery key of ``log`` from its shares. Raises ShareError or RecoveryRefused."""
    keys = RecoveryKeys(shares.combine(parts))
    with ctx.store.read() as tx:
        manifest = ctx.directory(tx).current
    mine = halves(keys.public)
    opens = [name for name in RECOVERY if ctx.trust.recovery(name) == mine]
    if not opens:
        raise RecoveryRefused("other_key")
    if log not in opens:
        raise RecoveryRefused("other_log", opens[0])
    if mine != (manifest.recovery[log], manifest.recovery_sign.get(log)):
        raise RecoveryRefused("unsigned_key")
    return Recovery(log, keys)


def renewed(directory: Directory, logins: Collection[str] = ()) -> frozenset[bytes]:
    """The admitted officers whose grants are sealed again: those named, or else all who ever had other keys.

    Raises RecoveryRefused "nobody" for a login that the manifest does not hold.
    """
    by_login = {reader.login: reader.id for reader in directory.current.readers}
    for login in logins:
        if login not in by_login:
            raise RecoveryRefused("nobody", login=login)
    if logins:
        return frozenset(by_login[login] for login in logins)
    return frozenset(id_ for id_ in directory.current.by_id if len(directory.sign_keys.get(id_, ())) > 1)


def run(
    ctx: Context, recovery: Recovery, logins: Collection[str] = (), again: bool = False, stolen: bool = False
) -> Iterator[Progress]:
    """Go through the cases of the log, a batch a transaction; says after each how far it came.

    ``stolen``: every case gets new keys. Stopped in the middle, it goes on from there, unless ``again``, or what was
    asked for or the manifest are others by then.
    """
    with ctx.store.write() as tx:
        directory = ctx.directory(tx)
        renew = renewed(directory, logins)
        fresh = _Mark(recovery.log, directory.current.sequence, sorted(logins), stolen)
        mark = fresh if again else fresh.kept(tx) or fresh
        total = recovering.count(tx, recovery.log)
        _record(ctx, tx, recovery, "recover")
        for officer in sorted(renew):  # a row each: what is indexed must not grow with their number
            _record(ctx, tx, recovery, "recover-for", officer.hex())
    progress = Progress(mark.done, total)
    yield progress
    while ids := _next_ids(ctx, mark):
        progress = _batch(ctx, recovery, mark, ids, renew, progress)
        yield progress
    with ctx.store.write() as tx:
        _Mark.clear(tx, recovery.log)
        did = counts(progress.done, progress.grants, len(progress.broken))
        _record(ctx, tx, recovery, "recovered", did)


def rehearse(ctx: Context, recovery: Recovery) -> Rehearsed:
    """Open one case of the log with the key, change nothing, and record that it was done. Raises CaseBroken."""
    with ctx.store.write() as tx:
        total, case = recovering.count(tx, recovery.log), recovering.any_of(tx, recovery.log)
        found = Rehearsed(total, None)
        if case is not None:
            row = cases.get_case(tx, case)
            if row is None:
                raise CaseBroken("the case is not there")
            file = _read(ctx, tx, recovery, row)
            identity = _identity_key(ctx, tx, recovery, row)
            grants = len(file.keys) + (identity is not None)
            found = Rehearsed(total, case, grants, len(file.thread) + len(file.file))
        _record(ctx, tx, recovery, "rehearse")
    return found


def _record(ctx: Context, tx: Tx, recovery: Recovery, action: str, detail: str = "") -> None:
    record_recovery(ctx, tx, recovery.id, recovery.keys.signing_seed, action, detail)


class _Broken(Exception):
    """A case of a batch does not open; the batch is undone, and done again without it."""

    def __init__(self, case: bytes) -> None:
        super().__init__("a case does not open")
        self.case = case


def _next_ids(ctx: Context, mark: "_Mark") -> list[bytes]:
    with ctx.store.read() as tx:
        return recovering.ids(tx, mark.log, mark.after, BATCH)


def _batch(
    ctx: Context,
    recovery: Recovery,
    mark: "_Mark",
    ids: Sequence[bytes],
    renew: Collection[bytes],
    before: Progress,
) -> Progress:
    """Some cases in one transaction. What does not open is left as it is, and told."""
    broken: list[bytes] = []
    while True:
        try:
            with ctx.store.write() as tx:
                done = [_one(ctx, tx, recovery, case, renew, mark.stolen) for case in ids if case not in broken]
                mark.after, mark.done = ids[-1], before.done + len(ids)
                mark.save(tx)
            break
        except _Broken as found:
            broken.append(found.case)
    return Progress(
        mark.done,
        before.total,
        before.grants + sum(one.grants for one in done),
        before.epochs + sum(one.new_epoch for one in done),
        (*before.broken, *broken),
    )


def _one(
    ctx: Context, tx: Tx, recovery: Recovery, case: bytes, renew: Collection[bytes], stolen: bool
) -> Regranted:
    row = cases.lock_case(tx, case)
    if row is None:
        raise _Broken(case)
    try:
        file = _read(ctx, tx, recovery, row)
        identity = _identity_key(ctx, tx, recovery, row)
        with holding():
            when = When(ctx.clock.today(), ctx.clock.now())
            done = regrant(tx, file, recovery.author, when, renew, stolen)
            more = regrant_identity(tx, file, identity, when.day, renew) if identity is not None else 0
    except CaseBroken as error:
        raise _Broken(case) from error
    return Regranted(done.grants + more, done.new_epoch)


def _read(ctx: Context, tx: Tx, recovery: Recovery, case: CaseRow) -> CaseFile:
    directory = ctx.directory(tx)
    with holding():
        keys = keys_of_case(tx, directory.installation, case.id, recovery.holder)
        return read_case(tx, directory, case, keys or {}, recovery.id)


def _identity_key(ctx: Context, tx: Tx, recovery: Recovery, case: CaseRow) -> bytes | None:
    """The key of the identity record. Raises CaseBroken when the record's grant to recovery does not open."""
    record = cases.get_identity(tx, case.id)
    if record is None:
        return None
    with holding():
        (grant,) = [one for one in cases.grants(tx, case.id, recovery.id) if one.chain == Chain.IDENTITY]
        return open_one(ctx.directory(tx).installation, grant, record.commitment, recovery.holder)


@dataclass
class _Mark:
    """How far a run came, so that another goes on from there. It holds ids and names, nothing of any case."""

    log: str
    manifest: int
    logins: list[str]
    stolen: bool
    after: bytes = b""
    done: int = 0

    def kept(self, tx: Tx) -> "_Mark | None":
        """The mark of a run of the same kind that did not end."""
        try:
            value = json.loads(settings.get_setting(tx, f"recover-{self.log}") or b"null")
            asked = (value["manifest"], value["logins"], value["stolen"])
            mark = replace(self, after=bytes.fromhex(value["after"]), done=int(value["done"]))
        except canon.UNREADABLE:
            return None
        return mark if asked == (self.manifest, self.logins, self.stolen) else None

    def save(self, tx: Tx) -> None:
        value = {
            "manifest": self.manifest,
            "logins": self.logins,
            "stolen": self.stolen,
            "after": self.after.hex(),
            "done": self.done,
        }
        settings.put_setting(tx, f"recover-{self.log}", canon.dumps(value))

    @staticmethod
    def clear(tx: Tx, log: str) -> None:
        settings.put_setting(tx, f"recover-{log}", b"")
