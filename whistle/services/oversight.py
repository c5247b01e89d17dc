"""Who works here, as colleagues may see it; no case is opened for it. The audit log is in `audit_log`."""

from dataclasses import dataclass

from whistle.casefile.manifest import Reader
from whistle.services.context import Context
from whistle.services.officer import Officer
from whistle.services.refusals import Refusal
from whistle.store import officers as officer_rows
from whistle.store.rows import OfficerRow


@dataclass(frozen=True)
class Person:
    """An officer as colleagues may see them. ``admitted``: the newest signed manifest holds the keys."""

    login: str
    name: str
    role: str
    unit: str
    status: str
    admitted: bool


def officers(ctx: Context, officer: Officer) -> list[Person]:
    """Everybody who was ever given a login, by name. Raises Refusal "role"."""
    _only(officer, "officers.view")
    with ctx.store.read() as tx:
        admitted = ctx.directory(tx).current.by_id
        people = [
            Person(row.login, row.name, row.role, row.unit, row.status, _same_keys(admitted.get(row.id), row))
            for row in officer_rows.all_officers(tx)
        ]
    return sorted(people, key=lambda person: person.name.casefold())


def _only(officer: Officer, permission: str) -> None:
    if not officer.may(permission):
        raise Refusal("role", permission=permission)


def _same_keys(reader: Reader | None, row: OfficerRow) -> bool:
    return reader is not None and (reader.hpke, reader.sign) == (row.hpke_public, row.sign_public)
