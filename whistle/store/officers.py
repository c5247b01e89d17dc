"""Officers, their sessions, what slows guessed passwords, and the manifests that admit officers."""

from dataclasses import replace

from sqlalchemy import inspect, or_, select

from whistle.store import tables as t
from whistle.store._sql import columns, insert, insert_of, insert_values, is_called, upsert, values
from whistle.store.engine import Tx
from whistle.store.errors import Conflict
from whistle.store.rows import ManifestRow, OfficerRow, SessionRow, ThrottleRow

_OFFICER = select(*columns(t.officer, OfficerRow))
_SESSION = select(*columns(t.session, SessionRow))
_MANIFEST = select(t.manifest.c.sequence, t.manifest.c.body, t.manifest.c.signature, t.manifest.c.signer)


def insert_officer(tx: Tx, row: OfficerRow) -> None:
    """Raises Duplicate with columns ("login",) when the login is taken."""
    insert(tx, t.officer, [row])


def update_officer(tx: Tx, row: OfficerRow) -> None:
    """Replace all of an officer's row but the id. Raises Conflict when there is no such officer."""
    if tx.execute(t.officer.update().where(t.officer.c.id == row.id).values(values(row))).rowcount != 1:
        raise Conflict("there is no such officer")


def set_status(tx: Tx, officer: bytes, status: str) -> bool:
    """Make an officer "active" or "suspended"; False when they are that already, or nobody has this id."""
    changed = t.officer.update().where(t.officer.c.id == officer, t.officer.c.status != status).values(status=status)
    return tx.execute(changed).rowcount == 1


def use_totp_step(tx: Tx, officer: bytes, step: int) -> bool:
    """Note that a one-time code's step was used; False when it or a later one was used before."""
    used = t.officer.update().where(t.officer.c.id == officer, t.officer.c.totp_step < step).values(totp_step=step)
    return tx.execute(used).rowcount == 1


def by_login(tx: Tx, login: str) -> OfficerRow | None:
    row = tx.execute(_OFFICER.where(is_called(t.officer.c.login, login))).first()
    return OfficerRow(*row) if row else None


def by_id(tx: Tx, officer: bytes) -> OfficerRow | None:
    row = tx.execute(_OFFICER.where(t.officer.c.id == officer)).first()
    return OfficerRow(*row) if row else None


def all_officers(tx: Tx) -> list[OfficerRow]:
    """All officers, by login."""
    return sorted((OfficerRow(*row) for row in tx.execute(_OFFICER)), key=lambda row: row.login)


def insert_session(tx: Tx, row: SessionRow) -> None:
    insert(tx, t.session, [row])


def get_session(tx: Tx, session: bytes) -> SessionRow | None:
    row = tx.execute(_SESSION.where(t.session.c.id == session)).first()
    return SessionRow(*row) if row else None


def sessions_of(tx: Tx, officer: bytes) -> list[SessionRow]:
    """An officer's sessions, the newest first."""
    query = _SESSION.where(t.session.c.officer == officer).order_by(t.session.c.created.desc(), t.session.c.id)
    return [SessionRow(*row) for row in tx.execute(query)]


def touch_session(tx: Tx, session: bytes, seen: int) -> None:
    """Note when a session was last used (Unix seconds); never back in time."""
    tx.execute(t.session.update().where(t.session.c.id == session, t.session.c.seen < seen).values(seen=seen))


def delete_session(tx: Tx, session: bytes) -> None:
    tx.execute(t.session.delete().where(t.session.c.id == session))


def delete_sessions_of(tx: Tx, officer: bytes) -> None:
    tx.execute(t.session.delete().where(t.session.c.officer == officer))


def sweep_sessions(tx: Tx, now: int, ahead: int) -> int:
    """Remove the sessions that ended before ``now`` and those used after ``ahead``; say how many. Unix seconds.

    The latter are of a clock that was set back since.
    """
    over = or_(t.session.c.expires <= now, t.session.c.seen > ahead)
    return tx.execute(t.session.delete().where(over)).rowcount


def get_throttle(tx: Tx, name_hash: bytes) -> ThrottleRow | None:
    query = select(*columns(t.throttle, ThrottleRow)).where(t.throttle.c.name_hash == name_hash)
    row = tx.execute(query).first()
    return ThrottleRow(*row) if row else None


def lock_throttle(tx: Tx, name_hash: bytes) -> ThrottleRow:
    """What is known of a name, which nobody else counts before this transaction ends; no failures when it is new."""
    statement = insert_of(tx.dialect.name, t.throttle).values(name_hash=name_hash, failures=0, until=0)
    statement = statement.on_conflict_do_update(index_elements=["name_hash"], set_={"failures": t.throttle.c.failures})
    return ThrottleRow(*tx.execute(statement.returning(*columns(t.throttle, ThrottleRow))).one())


def put_throttle(tx: Tx, row: ThrottleRow) -> None:
    upsert(tx, t.throttle, values(row), ("failures", "until"))


def clear_throttle(tx: Tx, name_hash: bytes) -> None:
    tx.execute(t.throttle.delete().where(t.throttle.c.name_hash == name_hash))


def sweep_throttles(tx: Tx, before: int, ahead: int) -> int:
    """Forget the names whose last wait ended before ``before`` or would end after ``ahead``; say how many."""
    over = or_(t.throttle.c.until < before, t.throttle.c.until > ahead)
    return tx.execute(t.throttle.delete().where(over)).rowcount


def insert_manifest(tx: Tx, row: ManifestRow) -> None:
    """Raises Duplicate with columns ("sequence",) when another manifest of that sequence came first."""
    named = values(row)
    names = named.pop("names")
    insert_values(tx, t.manifest, [named])
    insert_values(tx, t.manifest_names, [{"sequence": row.sequence, "names": names}])


def has_manifest(tx: Tx) -> bool:
    """Whether a manifest was ever stored; also asked of a database that has no tables yet."""
    return inspect(tx).has_table(t.manifest.name) and latest_manifest(tx) is not None


_LATEST = _MANIFEST.order_by(t.manifest.c.sequence.desc()).limit(1)  # asked for at every report: built once


def latest_manifest(tx: Tx) -> ManifestRow | None:
    """The newest manifest, without names."""
    row = tx.execute(_LATEST).first()
    return ManifestRow(*row) if row else None


def public_manifests(tx: Tx) -> list[ManifestRow]:
    """All manifests, by sequence, without names: what the public process may read."""
    return [ManifestRow(*row) for row in tx.execute(_MANIFEST.order_by(t.manifest.c.sequence))]


def all_manifests(tx: Tx) -> list[ManifestRow]:
    """All manifests, by sequence, with names where they are there."""
    same = t.manifest_names.c.sequence == t.manifest.c.sequence
    query = _MANIFEST.add_columns(t.manifest_names.c.names).outerjoin(t.manifest_names, same)
    found = tx.execute(query.order_by(t.manifest.c.sequence))
    return [replace(ManifestRow(*row[:4]), names=row[4] or b"") for row in found]


def all_sessions(tx: Tx) -> list[SessionRow]:
    """The sessions of all officers."""
    return [SessionRow(*row) for row in tx.execute(_SESSION.order_by(t.session.c.id))]
