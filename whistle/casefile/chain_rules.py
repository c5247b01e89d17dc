"""What one step in the chain of manifests may change, and who may sign it.

The root may everything. A delegate changes the readers of the tracks that the root named, and nothing beyond: neither
recovery nor delegations, no officer and no acting of a unit that reads another track, no role that is not the unit's.
"""

from collections.abc import Mapping

from whistle.casefile.recipients import (
    PLH,
    PLT,
    RECOVERY,
    REPORTER,
    Acting,
    Delegation,
    Manifest,
    ManifestRefused,
    Reader,
    custodian_units,
    dual_hash,
    reading_units,
)
from whistle.crypto.suite import KEY, PUBLIC
from whistle.domain.roles import UNITS
from whistle.domain.routes import units_for
from whistle.domain.tracks import TRACKS

LOGS = frozenset(RECOVERY)
RESERVED = frozenset({REPORTER, *RECOVERY.values()})


def tracks_of_unit(unit: str) -> frozenset[str]:
    """The tracks whose reports the officers of ``unit`` may come to read: sealed in, as custodian, or by a route."""
    units = {track: {*reading_units(track), *custodian_units(track), *units_for(track)} for track in TRACKS}
    return frozenset(track for track, named in units.items() if unit in named)


def check_link(manifest: Manifest, previous: Manifest | None, previous_hash: bytes) -> None:
    """Each manifest follows the one before: number, hash, installation, no earlier day. Raises ManifestRefused."""
    expected = previous.sequence + 1 if previous else 1
    if manifest.sequence != expected or manifest.previous != previous_hash:
        raise ManifestRefused(f"manifest {manifest.sequence} does not follow the one before")
    if previous and manifest.installation != previous.installation:
        raise ManifestRefused(f"manifest {manifest.sequence} is of another installation")
    if previous and manifest.issued < previous.issued:
        raise ManifestRefused(f"manifest {manifest.sequence} is dated before the one that it follows")


def delegation_of(key: bytes, previous: Manifest | None) -> Delegation | None:
    """What ``previous`` delegates to the holder of a dual public key; None when nothing.

    A delegation is void once its officer was removed or has other keys.
    """
    for delegation in previous.delegations if previous else ():
        officer = previous.by_id.get(delegation.officer) if previous else None
        if delegation.key == key and officer is not None and officer.dual == dual_hash(key):
            return delegation
    return None


def check_delegate(
    key: bytes, manifest: Manifest, previous: Manifest | None, known: Mapping[bytes, Reader]
) -> None:
    """Whoever is not the root signs only what was delegated. Raises ManifestRefused.

    ``known``: every officer whom the chain ever admitted.
    """
    delegation = delegation_of(key, previous)
    if previous is None or delegation is None or manifest.issued > delegation.until:
        raise ManifestRefused(f"manifest {manifest.sequence} is signed by nobody whom the root delegated")
    if beyond(delegation, manifest, previous, known):
        raise ManifestRefused(f"manifest {manifest.sequence} changes more than its signer may")


def beyond(delegation: Delegation, manifest: Manifest, previous: Manifest, known: Mapping[bytes, Reader]) -> bool:
    """Whether the step from ``previous`` to ``manifest`` changes anything that was not delegated."""
    kept = ("recovery", "recovery_sign", "delegations")
    if any(getattr(manifest, name) != getattr(previous, name) for name in kept):
        return True
    if not _changed_tracks(manifest, previous) <= set(delegation.tracks):
        return True
    return not (
        all(_within(acting, delegation, manifest) for acting in set(manifest.acting) ^ set(previous.acting))
        and _officers_within(delegation, manifest, previous, known)
    )


def _changed_tracks(manifest: Manifest, previous: Manifest) -> set[str]:
    named = (manifest.tracks, manifest.custodians, previous.tracks, previous.custodians)
    return {
        track
        for track in set().union(*named)
        if manifest.tracks.get(track) != previous.tracks.get(track)
        or manifest.custodians.get(track) != previous.custodians.get(track)
        or _keys_of(manifest, track) != _keys_of(previous, track)
    }


def _keys_of(manifest: Manifest, track: str) -> set[bytes]:
    """The keys sealed to on a track, custodians included: an admitted reader's key may not be swapped either."""
    ids = {*manifest.tracks.get(track, ()), *manifest.custodians.get(track, ())}
    found = (manifest.by_id[id_] for id_ in ids if id_ in manifest.by_id)
    return {reader.hpke + reader.sign + reader.dual for reader in found}


def _within(acting: Acting, delegation: Delegation, manifest: Manifest) -> bool:
    """What is over may be cleared away by anybody; else every track of the unit must be delegated."""
    over = acting.last < manifest.issued and acting not in manifest.acting
    tracks = tracks_of_unit(acting.unit)
    return over or (bool(tracks) and tracks <= set(delegation.tracks))


def _officers_within(
    delegation: Delegation, manifest: Manifest, previous: Manifest, known: Mapping[bytes, Reader]
) -> bool:
    reach = {unit for track in delegation.tracks for unit in units_for(track)}
    before, after = set(previous.readers), set(manifest.readers)
    if not {reader.unit for reader in before ^ after} <= reach:
        return False
    for reader in after - before:
        if reader.unit not in UNITS or UNITS[reader.unit].role != reader.role:
            return False
        if reader.id in known and known[reader.id].unit not in reach:
            return False  # it would speak for what somebody of another unit once signed
        if reader.id in known and known[reader.id].login != reader.login:
            return False  # a newcomer under the id of somebody who left would be a reader of that one's cases
    return True


def check_inside(manifest: Manifest) -> None:
    """What must hold of every manifest by itself. Raises ManifestRefused."""
    for reader in manifest.readers:
        if not _well_formed(reader):
            raise ManifestRefused(f"the keys of {reader.login or reader.id.hex()} are malformed")
    logins = {reader.login for reader in manifest.readers} if manifest.salt else manifest.by_id
    if len(manifest.by_id) < len(manifest.readers) or len(logins) < len(manifest.readers):
        raise ManifestRefused("two readers have the same id or login")
    known = manifest.by_id.keys()
    for track, ids in (*manifest.tracks.items(), *manifest.custodians.items()):
        if not set(ids) <= known:
            raise ManifestRefused(f"track {track} names a reader who is not in the manifest")
    for track, ids in manifest.tracks.items():
        if len(set(ids)) < 2:
            raise ManifestRefused(f"track {track} has fewer than two readers")
        if not manifest.custodians.get(track):
            raise ManifestRefused(f"track {track} has nobody who holds identity records")
    if set(manifest.recovery) != LOGS or set(manifest.recovery_sign) not in (LOGS, set()):
        raise ManifestRefused("a recovery key is missing")
    for acting in manifest.acting:
        if acting.kind not in (PLT, PLH) or acting.last < acting.first or acting.officer not in known:
            raise ManifestRefused("somebody acts who is not in the manifest, or on days that make no sense")


def _well_formed(reader: Reader) -> bool:
    sizes = (len(reader.id), len(reader.hpke), len(reader.sign))
    return sizes == (16, PUBLIC, KEY) and len(reader.dual) in (0, KEY) and reader.id not in RESERVED
