"""An officer whose vault is open for the length of one request."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from whistle.casefile.keys import Holder
from whistle.casefile.manifest import Directory
from whistle.casefile.writing import Author
from whistle.crypto import vault
from whistle.domain.roles import ROLES
from whistle.store.rows import OfficerRow


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

    def may(self, permission: str) -> bool:
        """Whether the role holds ``permission`` (domain/data/roles.toml)."""
        return permission in ROLES[self.role].permissions

    @property
    def author(self) -> Author:
        return Author(self.id, self.sign_seed)

    @cached_property
    def holder(self) -> Holder:
        return Holder(self.id, self.hpke_seed, vault.subkey(self.vault_key, "grants"))


def unlocked(row: OfficerRow, directory: Directory, vault_key: bytes, expires: datetime) -> Officer | None:
    """The officer behind an opened vault; None when the manifest does not (or no longer) admit these keys."""
    reader = directory.current.by_id.get(row.id)
    if row.status != "active" or reader is None:
        return None
    if (reader.hpke, reader.sign) != (row.hpke_public, row.sign_public):
        return None
    private = vault.unlock(vault_key, "private", row.private, row.id)
    return Officer(
        row.id, row.login, reader.name, reader.role, reader.unit, expires, vault_key, private[:32], private[32:]
    )
