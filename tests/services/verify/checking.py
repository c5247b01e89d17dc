"""Run `verify` in a test, and name what it found."""

from tests.inspectorate import Inspectorate
from whistle.services.verify import Asked, Fault, Findings, Head, verify


def findings(office: Inspectorate, login: str | None = None, *heads: Head, root: str | None = None) -> Findings:
    """What a run finds, without a key or with an officer's; the faults are in ``told``."""
    told: list[Fault] = []
    found = Told(told.append)
    reader = office.officer(login) if login else None
    verify(office.ctx, found, Asked(heads, root, reader))
    # A test's PostgreSQL saves on durability, and says so.
    found.told = [fault for fault in told if fault.code != "setting-unsafe"]
    del found.faults["setting-unsafe"]
    return found


class Told(Findings):
    told: list[Fault]


def faults(office: Inspectorate, login: str | None = None, *heads: Head, root: str | None = None) -> list[Fault]:
    found = findings(office, login, *heads, root=root)
    assert isinstance(found, Told)
    return found.told


def codes(office: Inspectorate, login: str | None = None, *heads: Head) -> set[str]:
    return {fault.code for fault in faults(office, login, *heads)}
