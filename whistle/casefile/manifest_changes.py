"""What a manifest changes against the one before, for whoever is asked to sign it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from whistle.casefile.recipients import Acting, Delegation, Manifest, Reader


@dataclass(frozen=True)
class Changes:
    """``moved``: (before, after) of officers whose name, login, role or unit is another, with the keys that they had;
    ``rekeyed``: officers who have other keys. ``reads`` and ``holds``: per track who joins and who leaves, by id.
    ``redelegated``: who may sign as before, with other keys. ``recovery``: the logs whose recovery key is another."""

    joins: tuple[Reader, ...]
    leaves: tuple[Reader, ...]
    moved: tuple[tuple[Reader, Reader], ...]
    rekeyed: tuple[Reader, ...]
    reads: Mapping[str, tuple[frozenset[bytes], frozenset[bytes]]]
    holds: Mapping[str, tuple[frozenset[bytes], frozenset[bytes]]]
    delegated: tuple[Delegation, ...]
    undelegated: tuple[Delegation, ...]
    redelegated: tuple[Delegation, ...]
    acting: tuple[Acting, ...]
    no_longer_acting: tuple[Acting, ...]
    recovery: tuple[str, ...]


def changes(before: Manifest | None, after: Manifest) -> Changes:
    """The step from ``before`` (None: there was none) to ``after``."""
    old = before.by_id if before else {}
    known = {reader.id: reader for reader in after.readers}
    stay = [(old[id_], reader) for id_, reader in known.items() if id_ in old]
    delegations, acting = (before.delegations, before.acting) if before else ((), ())
    given = [one for one in after.delegations if one not in delegations]
    taken = [one for one in delegations if one not in after.delegations]
    return Changes(
        joins=tuple(reader for id_, reader in known.items() if id_ not in old),
        leaves=tuple(reader for id_, reader in old.items() if id_ not in known),
        moved=tuple((one, other) for one, other in stay if _who(one) != _who(other)),
        rekeyed=tuple(other for one, other in stay if _keys(one) != _keys(other)),
        reads=_per_track(before.tracks if before else {}, after.tracks),
        holds=_per_track(before.custodians if before else {}, after.custodians),
        delegated=tuple(one for one in given if not _same_but_keys(one, taken)),
        undelegated=tuple(one for one in taken if not _same_but_keys(one, given)),
        redelegated=tuple(one for one in given if _same_but_keys(one, taken)),
        acting=tuple(one for one in after.acting if one not in acting),
        no_longer_acting=tuple(one for one in acting if one not in after.acting),
        recovery=tuple(log for log in sorted(after.recovery) if not before or _recovery_differs(before, after, log)),
    )


def _who(reader: Reader) -> tuple[str, str, str, str]:
    return reader.login, reader.name, reader.role, reader.unit


def _keys(reader: Reader) -> tuple[bytes, bytes, bytes]:
    return reader.hpke, reader.sign, reader.dual


def _same_but_keys(delegation: Delegation, others: Iterable[Delegation]) -> bool:
    return any(replace(other, key=delegation.key) == delegation for other in others)


def _recovery_differs(before: Manifest, after: Manifest, log: str) -> bool:
    named = ((one.recovery.get(log), one.recovery_sign.get(log)) for one in (before, after))
    return len(set(named)) > 1


def _per_track(
    before: Mapping[str, tuple[bytes, ...]], after: Mapping[str, tuple[bytes, ...]]
) -> dict[str, tuple[frozenset[bytes], frozenset[bytes]]]:
    found = {}
    for track in sorted(before.keys() | after.keys()):
        old, new = frozenset(before.get(track, ())), frozenset(after.get(track, ()))
        if old != new:
            found[track] = (new - old, old - new)
    return found
