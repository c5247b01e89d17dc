"""A colleague stands in for a lost phone: words that work once, in place of the second factor.

The colleague's key signs for whom, by which words and until when. What merely stands in the database opens nothing, and
the password is still needed, since it opens the vault. Who signed in so can do one thing: set up a new second factor.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from whistle.casefile.canon import UNREADABLE
from whistle.casefile.manifest import Directory, Reader, dual_hash
from whistle.crypto.receipt import ReceiptError, new_receipt, read_words
from whistle.crypto.signing import sign, verify
from whistle.crypto.suite import LABELS, Refused, lp
from whistle.domain.roles import ROLES
from whistle.services.audit_check import faults_of
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.recording import record
from whistle.services.reentry import reenter
from whistle.services.refusals import Refusal
from whistle.services.unlock import Expired, Opened, Second, enter
from whistle.store import audit, officers, resets
from whistle.store.database import Tx
from whistle.store.rows import OfficerRow, ResetRow

WORDS = 5  # 55 bits, good once and for half an hour
SECONDS = 30 * 60
SKEW = 60  # seconds by which two machines' clocks may differ, and which storing the words may take
TOLD = timedelta(days=14)  # how long an officer's first page tells of it
VOUCH = "officers.vouch"
EVENTS = ("vouch", "sign-in-vouched")
MENDED = {"password", "second-factor"}  # once both are new, what happened before is dealt with
ENDS = (*EVENTS, "vouch-withdrawn")  # each of these makes earlier words worthless


@dataclass(frozen=True)
class Colleague:
    """Somebody whom an officer may vouch for."""

    id: bytes
    name: str
    role: str
    unit: str


@dataclass(frozen=True)
class Vouched:
    """The words to say to ``name``, shown once and stored nowhere."""

    name: str
    words: tuple[str, ...]
    until: datetime


@dataclass(frozen=True)
class News:
    """What the audit log says of an officer's second factor: ``by`` gave words ("vouch"), or they were used."""

    action: str
    by: str
    at: datetime


def colleagues(ctx: Context, officer: Officer) -> list[Colleague]:
    """Whom this officer may vouch for, by name: everybody who can sign in, but not oneself. Raises Refusal "role"."""
    _only_vouchers(officer)
    with ctx.store.read() as tx:
        admitted = ctx.directory(tx).current.by_id
        rows = officers.all_officers(tx)
    found = [admitted[row.id] for row in rows if row.id != officer.id and _signs_in(admitted.get(row.id), row)]
    return sorted((Colleague(r.id, r.name, r.role, r.unit) for r in found), key=lambda one: one.name.casefold())


def vouch(ctx: Context, officer: Officer, password: str, whom: bytes) -> Vouched:
    """Words for a colleague who lost the phone; earlier ones for the same colleague no longer count.

    Raises Refusal "role", "oneself" or "nobody", and WrongPassword.
    """
    _only_vouchers(officer)
    if whom == officer.id:
        raise Refusal("oneself")
    if whom not in {colleague.id for colleague in colleagues(ctx, officer)}:
        raise Refusal("nobody")
    reenter(ctx, officer, password)
    words = new_receipt().words[:WORDS]
    now = int(ctx.clock.now().timestamp())
    with ctx.store.write() as tx:
        directory = ctx.directory(tx)
        row = ResetRow(whom, _code_hash(whom, now, words), officer.id, now, now + SECONDS, b"")
        signature = sign(officer.sign_seed, LABELS["reset"], _message(directory.installation, row))
        resets.put(tx, ResetRow(row.officer, row.code_hash, row.by, row.created, row.expires, signature))
        record(ctx, tx, officer, "vouch", about=whom)
    return Vouched(directory.name(whom), words, datetime.fromtimestamp(now + SECONDS, UTC))


def sign_in(ctx: Context, login: str, password: str, typed: str, device: str = "") -> tuple[bytes, Officer]:
    """Sign in with a colleague's words, to a limited session. Raises SignInRefused, ``expired`` when too late."""
    return enter(ctx, login, password, lambda opened: _by_words(ctx, opened, typed), device)


def news(ctx: Context, officer: Officer) -> list[News]:
    """What happened to this officer's second factor through a colleague lately, the newest first.

    Nothing from before password and second factor were both changed, unless a colleague's words still work.
    """
    since, still = int((ctx.clock.now() - TOLD).timestamp()), waiting(ctx, officer)
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        rows = audit.about(tx, officer.id, (*EVENTS, *MENDED), since, 50)
    found, changed = list[News](), set[str]()
    for row in rows:
        if row.action in MENDED:
            changed.add(row.action)
        elif still or changed != MENDED:
            at = datetime.fromtimestamp(row.at, UTC)
            found.append(News(row.action, directory.name(row.officer or b""), at))
    return found


def withdraw(ctx: Context, officer: Officer) -> bool:
    """Make a colleague's words for this officer worthless; False when there are none."""
    with ctx.store.write() as tx:
        withdrawn = resets.delete(tx, officer.id)
        if withdrawn:
            record(ctx, tx, officer, "vouch-withdrawn", about=officer.id)
    return withdrawn


def waiting(ctx: Context, officer: Officer) -> bool:
    """Whether a colleague's words for this officer still work."""
    with ctx.store.read() as tx:
        row = resets.get(tx, officer.id)
    return row is not None and row.expires > int(ctx.clock.now().timestamp())


def _by_words(ctx: Context, opened: Opened, typed: str) -> Second:
    """Raises Refused unless a colleague who may signed for these very words, whatever else stands in the row."""
    with ctx.store.read() as tx:
        row = resets.get(tx, opened.row.id)
        by = officers.by_id(tx, row.by) if row else None
    try:
        words = read_words(typed, WORDS)
        if row is None or not hmac.compare_digest(row.code_hash, _code_hash(opened.row.id, row.created, words)):
            raise Refused("no colleague gave these words")
        check_voucher(opened.directory, row, by)
        late = not row.created - SKEW <= opened.now < row.expires <= row.created + SECONDS
    except (ReceiptError, *UNREADABLE) as error:
        raise Refused("no colleague's words") from error
    if late:
        raise Expired("the words came too late")
    return Second(_used(opened.directory, row), "sign-in-vouched", limited=True)


def _used(directory: Directory, row: ResetRow) -> Callable[[Tx], bool]:
    return lambda tx: resets.use(tx, row.officer, row.code_hash) and is_unused(tx, directory, row)


def is_unused(tx: Tx, directory: Directory, row: ResetRow) -> bool:
    """Whether the last that the audit log says of this officer's second factor is that these words were given.

    A row that was used, withdrawn or replaced can be put back; the log, each row signed over the one before, cannot.
    """
    last = audit.about(tx, row.officer, ENDS, 0, 1)
    given = [one for one in last if one.action == "vouch" and one.officer == row.by]
    return any(0 <= one.at - row.created <= SKEW and not faults_of(one, directory.sign_keys) for one in given)


def check_voucher(directory: Directory, row: ResetRow, by: OfficerRow | None) -> None:
    """Signed by an officer of the newest manifest who may vouch, is not suspended, and is somebody else.

    Raises Refused.
    """
    reader = directory.current.by_id.get(row.by)
    if by is None or reader is None or row.by == row.officer or not _signs_in(reader, by):
        raise Refused("nobody who may vouch signed this")
    if VOUCH not in ROLES[reader.role].permissions:
        raise Refused("nobody who may vouch signed this")
    verify(reader.sign, LABELS["reset"], _message(directory.installation, row), row.signature)


def _signs_in(reader: Reader | None, row: OfficerRow) -> bool:
    if reader is None or row.status != "active":
        return False
    keys = (row.hpke_public, row.sign_public, dual_hash(row.dual_public))
    return (reader.hpke, reader.sign, reader.dual) == keys


def _only_vouchers(officer: Officer) -> None:
    if officer.limited or VOUCH not in ROLES[officer.role].permissions:  # the own role, not one acted for
        raise Refusal("role", permission=VOUCH)


def _code_hash(officer: bytes, created: int, words: tuple[str, ...]) -> bytes:
    fields = (LABELS["reset-code"], officer, created.to_bytes(8, "big", signed=True), " ".join(words).encode())
    return hashlib.sha256(lp(*fields)).digest()


def _message(installation: bytes, row: ResetRow) -> bytes:
    times = (row.created.to_bytes(8, "big", signed=True), row.expires.to_bytes(8, "big", signed=True))
    return lp(installation, row.officer, row.code_hash, row.by, *times)
