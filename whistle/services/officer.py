"""An officer whose vault is open for the length of one request."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from whistle.casefile.keys import Holder
from whistle.casefile.manifest import Acting, Directory, Reader, dual_hash
from whistle.casefile.writing import Author
from whistle.crypto import vault
from whistle.crypto.signing import ed25519_public
from whistle.crypto.suite import hpke_public
from whistle.domain.roles import ROLES, UNITS
from whistle.store.rows import OfficerRow

RENEW = "account.phone"  # all that a limited session may: set up a new second factor


@dataclass(frozen=True)
class Officer:
    """Who acts. Role and unit are those of the signed manifest, never of the database row alone."""

    id: bytes
    login: str
    name: str
    role: str
    unit: str
    session_expires: datetime
    vault_key: bytes = field(repr=False)
    hpke_seed: bytes = field(repr=False)
    sign_seed: bytes = field(repr=False)
    dual_seed: bytes = field(default=b"", repr=False)
    acting: tuple[Acting, ...] = ()
    limited: bool = False  # signed in with a colleague's word in place of the second factor
    session: bytes = b""  # the id of the session in which the officer acts; none at the shell

    def may(self, permission: str) -> bool:
        """Whether the role holds ``permission`` (domain/data/roles.toml), or that of a unit acted for today.

        A limited session may set up a new second factor and nothing else.
        """
        if self.limited:
            return permission == RENEW
        return any(permission in ROLES[role].permissions for role in self.roles)

    @property
    def roles(self) -> tuple[str, ...]:
        """The own role, then those of the units that the officer acts for today."""
        return (self.role, *(UNITS[acting.unit].role for acting in self.acting if acting.unit in UNITS))

    @property
    def author(self) -> Author:
        return Author(self.id, self.sign_seed)

    @cached_property
    def holder(self) -> Holder:
        return Holder(self.id, self.hpke_seed, vault.subkey(self.vault_key, "grants"))


def admitted(row: OfficerRow, directory: Directory) -> Reader | None:
    """The active officer as the newest manifest has them; None when it does not (or no longer) admit these keys."""
    reader = directory.current.by_id.get(row.id)
    if row.status != "active" or reader is None:
        return None
    keys = (row.hpke_public, row.sign_public, dual_hash(row.dual_public))
    return reader if (reader.hpke, reader.sign, reader.dual) == keys else None


def unlocked(
    row: OfficerRow,
    directory: Directory,
    vault_key: bytes,
    expires: datetime,
    today: date | None = None,
    limited: bool = False,
) -> Officer | None:
    """The officer behind an opened vault; None when the manifest does not (or no longer) admit these keys.

    ``today`` (a WITA day) decides what the officer acts for; without it, for nothing.
    """
    reader = admitted(row, directory)
    if reader is None:
        return None
    private = vault.unlock(vault_key, "private", row.private, row.id)
    if (hpke_public(private[:32]), ed25519_public(private[32:64])) != (reader.hpke, reader.sign):
        return None  # somebody put a vault of their own beside the officer's public keys
    return Officer(
        row.id,
        row.login,
        reader.name,
        reader.role,
        reader.unit,
        expires,
        vault_key,
        private[:32],
        private[32:64],
        private[64:],
        directory.current.acting_of(row.id, today) if today else (),
        limited,
    )
