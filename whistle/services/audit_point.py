"""How far the audit log was checked from its first row, kept outside of the database and under the server's secret.

A log of 100,000 rows takes longer to check than a page may take to come, so a check goes on in pieces, and what it
reached is kept. Who has the database alone can neither move that point nor change a row before it unnoticed; `peluit
verify` relies on no point and begins at the first row.
"""

import hashlib
import hmac
import json
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from whistle.casefile import canon
from whistle.casefile.manifest import Directory
from whistle.services.audit_check import RowFault, faults_in
from whistle.services.context import Context
from whistle.store import audit
from whistle.store.database import Tx

NAME = "audit.point"
BATCH = 500
PIECE = 3.0  # seconds of checking that a page may take
MOST = 20  # faults that are kept by name
_LABEL = b"peluit/v1/audit-point"


@dataclass(frozen=True)
class Head:
    """A row's number and its hash."""

    seq: int
    hash: bytes


@dataclass(frozen=True)
class Walk:
    """A check from the first row up to ``head``, begun at ``began`` (Unix seconds): its faults, the first by name."""

    head: Head
    began: int
    ended: int = 0  # 0 while it goes on
    number: int = 0
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True)
class Standing:
    """``whole``: the last check that came to the end. ``walk``: one that goes on. ``moved``: rows up to the whole
    check's point were changed or removed since ("audit-head-differs", "audit-shortened"), or None. ``last``: the
    number of the log's last row."""

    whole: Walk | None
    walk: Walk | None
    moved: str | None
    last: int

    @property
    def at(self) -> datetime | None:
        return datetime.fromtimestamp(self.whole.ended, UTC) if self.whole else None


@dataclass(frozen=True)
class _Kept:
    whole: Walk | None = None
    walk: Walk | None = field(default=None)


def standing(ctx: Context, tx: Tx) -> Standing:
    """What is known of the whole chain, held against the rows of now."""
    kept = _load(ctx)
    last, _ = audit.head(tx)
    moved = None
    for walk in (kept.whole, kept.walk):
        if walk is not None and walk.head.seq > 0 and moved is None:
            there = audit.hashes(tx, [walk.head.seq]).get(walk.head.seq)
            if there != walk.head.hash:
                moved = "audit-shortened" if there is None else "audit-head-differs"
    return Standing(kept.whole, kept.walk, moved, last)


def running(ctx: Context) -> bool:
    """Whether a check began and has not come to the end."""
    return _load(ctx).walk is not None


def go_on(ctx: Context, seconds: float | None = None) -> Standing:
    """Check on for ``seconds`` (PIECE) from where the last piece stopped, from the first row when there is none."""
    kept, until = _load(ctx), time.monotonic() + (PIECE if seconds is None else seconds)
    walk = kept.walk or Walk(Head(*audit.EMPTY), _now(ctx))
    done = False
    while not done:
        with ctx.store.read() as tx:
            rows = audit.following(tx, walk.head.seq, BATCH)
            found = faults_in(rows, ctx.directory(tx).sign_keys, (walk.head.seq, walk.head.hash))
        done = len(rows) < BATCH
        if rows:
            named = (*walk.faults, *found)[:MOST]
            head = Head(rows[-1].seq, rows[-1].hash)
            walk = replace(walk, head=head, number=walk.number + len(found), faults=named)
        if time.monotonic() >= until:
            break
    kept = _Kept(replace(walk, ended=_now(ctx)), None) if done else _Kept(kept.whole, walk)
    _save(ctx, kept)
    with ctx.store.read() as tx:
        known = standing(ctx, tx)
    # A folder that cannot be written to keeps no point; what was found now is said all the same.
    return replace(known, whole=kept.whole, walk=kept.walk)


def first_faults(tx: Tx, directory: Directory, last: int, seconds: float) -> tuple[list[RowFault], int]:
    """The first rows up to row ``last`` that are wrong, and up to which row was looked within ``seconds``."""
    head, until = audit.EMPTY, time.monotonic() + seconds
    while head[0] < last and time.monotonic() < until:
        rows = audit.following(tx, head[0], min(BATCH, last - head[0]))
        found = faults_in(rows, directory.sign_keys, head)
        if not rows or found:
            return found[:MOST], found[0].seq if found else last
        head = (rows[-1].seq, rows[-1].hash)
    return [], head[0]


def _now(ctx: Context) -> int:
    return int(ctx.clock.now().timestamp())


def _load(ctx: Context) -> _Kept:
    """What is kept; nothing when it is not there, or not under this server's secret."""
    try:
        kept = json.loads((ctx.settings.data_dir / NAME).read_bytes())
        body = canon.dumps(kept["body"])
        if not hmac.compare_digest(_tag(ctx, body), bytes.fromhex(kept["tag"])):
            return _Kept()
        return _Kept(*(_walk(kept["body"][name]) for name in ("whole", "walk")))
    except (OSError, *canon.UNREADABLE):
        return _Kept()


def _walk(value: dict[str, Any] | None) -> Walk | None:
    if value is None:
        return None
    faults = tuple(RowFault(seq, code) for seq, code in value["faults"])
    head = Head(value["seq"], bytes.fromhex(value["hash"]))
    return Walk(head, value["began"], value["ended"], value["number"], faults)


def _save(ctx: Context, kept: _Kept) -> None:
    """Beside and into place, so that nobody reads half of it. Nothing is lost but time when it cannot be written."""
    body = {name: _plain(getattr(kept, name)) for name in ("whole", "walk")}
    tag = _tag(ctx, canon.dumps(body)).hex()
    with suppress(OSError):
        path: Path = ctx.settings.data_dir / NAME
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{NAME}-", delete=False) as file:  # mode 0600
            file.write(canon.dumps({"body": body, "tag": tag}))
        os.replace(file.name, path)


def _plain(walk: Walk | None) -> dict[str, Any] | None:
    if walk is None:
        return None
    faults = [list(asdict(fault).values()) for fault in walk.faults]
    times = {"began": walk.began, "ended": walk.ended, "number": walk.number}
    return {"seq": walk.head.seq, "hash": walk.head.hash.hex(), **times, "faults": faults}


def _tag(ctx: Context, body: bytes) -> bytes:
    said = _LABEL + ctx.settings.database_url.encode() + body
    return hmac.new(ctx.settings.secret_key, said, hashlib.sha256).digest()
