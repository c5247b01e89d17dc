"""A reader's way to the epoch keys: the grants, sealed by HPKE at first, under the reader's vault key later."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from whistle.crypto.envelope import Chain, GrantPlace, grant_opener, unwrap_grant, wrap_grant
from whistle.crypto.suite import Refused
from whistle.store import cases
from whistle.store.engine import Tx
from whistle.store.rows import GrantRow

Commitments = Mapping[tuple[int, int], bytes]  # (chain, epoch) -> commitment


@dataclass(frozen=True)
class Holder:
    """Who opens grants: the reader's id, the X-Wing seed, and the vault's key for grants (None for a reporter)."""

    id: bytes
    hpke_seed: bytes
    grants_key: bytes | None = None

    @cached_property
    def opener(self) -> Callable[[bytes, GrantPlace], bytes]:
        """Opens HPKE grants; kept, since expanding the seed costs more than opening a grant."""
        return grant_opener(self.hpke_seed)


def open_one(installation: bytes, grant: GrantRow, commitment: bytes, holder: Holder) -> bytes:
    """The epoch key in one grant. Raises Refused."""
    place = GrantPlace(installation, grant.case, Chain(grant.chain), grant.epoch, holder.id, commitment)
    if grant.form == "vault":
        if holder.grants_key is None:
            raise Refused("a reporter has no vault")
        return unwrap_grant(holder.grants_key, grant.sealed, place)
    return holder.opener(grant.sealed, place)


def open_all(
    installation: bytes, grants: Iterable[GrantRow], commitments: Commitments, holder: Holder
) -> dict[tuple[Chain, int], bytes]:
    """Every epoch key that these grants open; one that does not open is left out, and the reading says so."""
    keys: dict[tuple[Chain, int], bytes] = {}
    for grant in grants:
        commitment = commitments.get((grant.chain, grant.epoch))
        if grant.reader != holder.id or commitment is None:
            continue
        try:
            keys[(Chain(grant.chain), grant.epoch)] = open_one(installation, grant, commitment, holder)
        except Refused:
            continue
    return keys


def keys_of_case(tx: Tx, installation: bytes, case: bytes, holder: Holder) -> dict[tuple[Chain, int], bytes] | None:
    """Every epoch key that the holder's grants of a case open, or None without any grant."""
    grants = cases.grants(tx, case, holder.id)
    commitments = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, case)}
    return open_all(installation, grants, commitments, holder) if grants else None


def rewrapped(installation: bytes, grant: GrantRow, commitment: bytes, holder: Holder) -> GrantRow:
    """The same grant under the reader's vault key, which opens in a microsecond. Raises Refused."""
    if holder.grants_key is None:
        raise Refused("a reporter has no vault")
    key = open_one(installation, grant, commitment, holder)
    place = GrantPlace(installation, grant.case, Chain(grant.chain), grant.epoch, holder.id, commitment)
    return replace(grant, form="vault", sealed=wrap_grant(holder.grants_key, key, place))
