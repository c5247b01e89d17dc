"""Who works at the desk: what each role may do (data/roles.toml) and the units an officer belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.domain.data import DataError, Entry, read_toml
from whistle.domain.labels import Label

# Whoever may sign in may see the desk's first page and look after their own account and second factor.
EVERYBODY = frozenset({"desk.home", "account.own", "account.phone"})
PERMISSIONS = frozenset(
    {
        *EVERYBODY,
        "case.list",
        "case.open",
        "case.triage",
        "case.ask",
        "case.answer",
        "case.note",
        "case.attach",
        "case.route",
        "case.move",
        "case.close",
        "case.approve",
        "case.hold",
        "case.release",
        "report.view",
        "report.export",
        "report.letter",
        "audit.view",
        "officers.view",
        "officers.invite",
        "officers.suspend",
        "manifest.sign",
        "officers.vouch",
        "retention.propose",
        "retention.approve",
    }
)


@dataclass(frozen=True)
class Role:
    """A role and the permissions that it holds. Which cases it may read is decided by keys, not here."""

    code: str
    label: Label
    description: Label
    permissions: frozenset[str]


@dataclass(frozen=True)
class Unit:
    """A unit that cases are sent to; ``role`` is what its officers are."""

    code: str
    label: Label
    role: str


def _role(entry: Entry) -> Role:
    named = entry.texts("permissions")
    entry.known("permissions", named, PERMISSIONS)
    entry.text("source")
    return Role(entry.code, entry.label("label"), entry.label("description"), EVERYBODY | {*named})


def _unit(entry: Entry) -> Unit:
    entry.text("source")
    return Unit(entry.code, entry.label("label"), entry.one_of("role", ROLES))


ROLES: Mapping[str, Role] = read_toml("roles.toml", _role, "roles")
UNITS: Mapping[str, Unit] = read_toml("roles.toml", _unit, "units")


def _check() -> None:
    held = frozenset[str]().union(*(role.permissions for role in ROLES.values()))
    if held != PERMISSIONS:
        raise DataError("roles.toml", "roles", f"nobody may {', '.join(sorted(PERMISSIONS - held))}")


_check()
