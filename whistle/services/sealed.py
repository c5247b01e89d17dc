"""Take in a report that its sender has sealed: the server stores ciphertext, and sees nothing else."""

import hashlib
from dataclasses import dataclass
from datetime import date

from whistle.casefile import birth, sealed
from whistle.casefile.manifest import Directory
from whistle.casefile.recipients import Manifest
from whistle.casefile.sealed import SealedRefused, SealedReport
from whistle.crypto.envelope import Chain
from whistle.services.context import Context, Overtaken
from whistle.services.intake import Accepted
from whistle.store import attached, cases, officers
from whistle.store.blobs import BlobMissing
from whistle.store.database import Conflict, Tx
from whistle.store.rows import ManifestRow


@dataclass(frozen=True)
class Parameters:
    """What a sender needs to seal a report: the day that the report must name, and the manifests from the last one that
    the root key signed up to the newest, so that they can be verified against that key."""

    day: date
    installation: bytes
    sequence: int
    manifests: tuple[ManifestRow, ...]


def parameters(ctx: Context) -> Parameters:
    """What holds now. Raises StoreUnavailable, NotSetUp, ManifestRefused."""
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        chain = officers.public_manifests(tx)
    root = ctx.trust.root()
    first = max((at for at, row in enumerate(chain) if row.signer == root), default=0)
    return Parameters(ctx.clock.today(), directory.installation, directory.current.sequence, tuple(chain[first:]))


def submit(ctx: Context, data: bytes) -> Accepted:
    """Store a sealed report durably, once. Raises SealedRefused, and StoreUnavailable when it was not stored.

    The lookup hash is the idempotency key: the same report sent again changes nothing, on a later day either; another
    one under the same receipt is refused.
    """
    report, lately = sealed.parse(data), ctx.lately()
    try:
        try:
            return _store(ctx, report, lately)
        except (Overtaken, SealedRefused):
            newest = ctx.newest()
            if newest is lately:
                raise
            return _store(ctx, report, newest)
    except (Conflict, SealedRefused) as error:
        return _again(ctx, report, error)


def _store(ctx: Context, report: SealedReport, directory: Directory) -> Accepted:
    newest, today, before = directory.current, ctx.clock.today(), None
    if report.sequence == newest.sequence - 1:
        with ctx.store.read() as tx:
            before = _before(tx, newest)
    new = sealed.rows(report, sealed.check(report, newest, before, today))
    _check_files(ctx, report)
    with ctx.store.write() as tx:
        ctx.still(tx, directory)
        birth.store(tx, new)
        attached.keep(tx, report.files)
    return Accepted(today)


def _check_files(ctx: Context, report: SealedReport) -> None:
    """Raises SealedRefused ("files") when one of them is not stored: it waited too long, or never came."""
    try:
        for id_ in report.files:
            ctx.blobs.read(id_, 0, 1)
    except BlobMissing:
        raise SealedRefused("files") from None


def _before(tx: Tx, newest: Manifest) -> Manifest | None:
    """The manifest that the newest follows; ``newest`` was verified, and with it the hash of the one before."""
    for row in officers.public_manifests(tx):
        if row.sequence == newest.sequence - 1 and hashlib.sha256(row.body).digest() == newest.previous:
            return Manifest.from_bytes(row.body)
    return None


def _again(ctx: Context, report: SealedReport, error: Conflict | SealedRefused) -> Accepted:
    """The day on which this very report was stored. Raises SealedRefused when it was not.

    It is this report when ids, keys and entry are the same, and with the entry the identity whose hash it holds; grants
    and summary change at the desk.
    """
    with ctx.store.read() as tx:
        case = cases.case_by_lookup(tx, report.lookup_hash)
        if case is None:
            # Not under this receipt: then an id or the leaf is another case's.
            raise error if isinstance(error, SealedRefused) else SealedRefused("taken")
        first = cases.entries(tx, case.id, Chain.THREAD)[:1]
    mine = (report.case, report.reporter_hpke, report.reporter_sign, report.entry, report.sealed)
    stored = (case.id, case.reporter_hpke, case.reporter_sign)
    if not first or mine != (*stored, first[0].id, first[0].sealed):
        raise SealedRefused("other")
    return Accepted(case.day, already=True)
