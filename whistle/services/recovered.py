"""Whom recovery gives cases to: told before the shares are brought, and counted when it is done."""

from collections.abc import Collection, Sequence

from whistle.casefile.manifest import Manifest, Reader
from whistle.casefile.meant import meant_for
from whistle.crypto.envelope import Chain
from whistle.domain.routes import units_for
from whistle.domain.tracks import TRACKS
from whistle.services.context import Context
from whistle.services.recovery import RecoveryRefused
from whistle.store import cases, recovering


def receivers(ctx: Context, log: str, logins: Collection[str] = ()) -> list[Reader]:
    """The officers whom a case of ``log`` can be for today, by unit and name; only those of ``logins`` if there are.

    Raises RecoveryRefused "nobody" for a login that the manifest does not hold, "not_theirs" for one who reads nothing
    of the log.
    """
    manifest = ctx.newest().current
    possible = _possible(ctx, manifest, log)
    for login in logins:
        found = next((reader for reader in manifest.readers if reader.login == login), None)
        if found is None or found.id not in possible:
            raise RecoveryRefused("nobody" if found is None else "not_theirs", log, login)
    chosen = (reader for reader in possible.values() if not logins or reader.login in logins)
    return sorted(chosen, key=lambda one: (one.unit, one.name))


def readable(ctx: Context, log: str, reader: bytes, broken: Sequence[bytes]) -> int:
    """How many cases of ``log`` have a key for ``reader``, those that are ``broken`` not counted."""
    with ctx.store.read() as tx:
        held = recovering.count_held(tx, log, reader)
        lost = [case for case in broken if any(one.chain == Chain.THREAD for one in cases.grants(tx, case, reader))]
        return held - len(lost)


def _possible(ctx: Context, manifest: Manifest, log: str) -> dict[bytes, Reader]:
    found: dict[bytes, Reader] = {}
    for code, track in TRACKS.items():
        for unit in ("", *units_for(code)) if track.log == log else ():
            found |= meant_for(manifest, code, unit, ctx.clock.today())
    return found
